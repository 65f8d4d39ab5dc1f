// The official client of GraphQL over SSE, and resuming as browsers do.
import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { createClient } from 'graphql-sse';
import { first, headers, streams, subscription, url } from './settings.mjs';

const client = createClient({ url, headers, retryAttempts: 0 });
after(() => client.dispose());

test('a query', { timeout: 20_000 }, async () => {
  const [result] = await first(2, client.iterate({ query: '{ __typename }' }));
  assert.equal(result.errors, undefined);
  assert.equal(result.data.__typename, 'Query');
});

test('an operation that is not valid', { timeout: 20_000 }, async () => {
  const [result] = await first(2, client.iterate({ query: '{ thereIsNoSuchField }' }));
  assert.equal(result.errors[0].extensions.code, 'GRAPHQL_VALIDATION_FAILED');
  assert.equal('data' in result, false);
});

test('a subscription, ended by the client', streams, async () => {
  const events = await first(2, client.iterate({ query: subscription }));
  assert.equal(events.length, 2);
  for (const event of events) assert.equal(event.errors, undefined);
});

// ids reads a stream as EventSource does, up to n event ids.
async function ids(n, lastEventID) {
  const abort = new AbortController();
  const target = new URL(url);
  target.searchParams.set('query', subscription);
  const response = await fetch(target, {
    headers: { ...headers, accept: 'text/event-stream', ...(lastEventID && { 'last-event-id': lastEventID }) },
    signal: abort.signal,
  });
  assert.equal(response.status, 200);
  let text = '';
  const decoder = new TextDecoder();
  const found = () => [...text.matchAll(/^id: (.+)\n/gm)].map((match) => match[1]);
  for await (const chunk of response.body) {
    text += decoder.decode(chunk, { stream: true });
    if (found().length >= n) break;
  }
  abort.abort();
  return found().slice(0, n);
}

test('GET resumes after Last-Event-ID', streams, async () => {
  const [one, two] = await ids(2);
  assert.deepEqual(await ids(1, one), [two]);
});

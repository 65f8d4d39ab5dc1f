// The official client of graphql-transport-ws.
import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { createClient } from 'graphql-ws';
import WebSocket from 'ws';
import { authorization, first, socketURL, streams, subscription } from './settings.mjs';

const client = createClient({
  url: socketURL,
  webSocketImpl: WebSocket,
  connectionParams: { authorization },
  lazy: true,
  keepAlive: 100,
  retryAttempts: 0,
});
after(() => client.dispose());

test('a query', { timeout: 20_000 }, async () => {
  const [result] = await first(2, client.iterate({ query: '{ __typename }' }));
  assert.equal(result.errors, undefined);
  assert.equal(result.data.__typename, 'Query');
});

test('an operation that is not valid', { timeout: 20_000 }, async () => {
  await assert.rejects(
    first(1, client.iterate({ query: '{ thereIsNoSuchField }' })),
    (errors) => Array.isArray(errors) && errors[0].extensions.code === 'GRAPHQL_VALIDATION_FAILED',
  );
});

test('operations side by side', { timeout: 20_000 }, async () => {
  const results = await Promise.all(
    Array.from({ length: 20 }, (_, i) => first(2, client.iterate({ query: `{ a${i}: __typename }` }))),
  );
  results.forEach((list, i) => assert.deepEqual(list.map((r) => r.data), [{ [`a${i}`]: 'Query' }]));
});

test('a subscription, ended by the client, twice on one socket', streams, async () => {
  for (let i = 0; i < 2; i++) {
    const events = await first(2, client.iterate({ query: subscription }));
    assert.equal(events.length, 2);
    for (const event of events) {
      assert.equal(event.errors, undefined);
      assert.equal(typeof event.extensions.cursor, 'string');
    }
  }
});

const closeCode = (protocol, ...messages) =>
  new Promise((resolve, reject) => {
    const socket = new WebSocket(socketURL, protocol);
    socket.on('open', () => messages.forEach((m) => socket.send(m)));
    socket.on('close', (code) => resolve(code));
    socket.on('error', reject);
  });

const init = JSON.stringify({ type: 'connection_init', payload: { authorization } });
for (const [name, code, protocol, ...messages] of [
  ['another subprotocol', 4406, 'graphql-ws'],
  ['a message that is none', 4400, 'graphql-transport-ws', 'hello'],
  ['subscribe before init', 4401, 'graphql-transport-ws', '{"type":"subscribe","id":"1","payload":{"query":"{ __typename }"}}'],
  ['a second init', 4429, 'graphql-transport-ws', init, init],
]) {
  test(`${name} closes with ${code}`, { timeout: 20_000 }, async () => {
    assert.equal(await closeCode(protocol, ...messages), code);
  });
}

// The audits of GraphQL over HTTP, every one of them, whether MUST, SHOULD or MAY.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { serverAudits } from 'graphql-http';
import { headers, url } from './settings.mjs';

const audits = serverAudits({
  url,
  fetchFn: (target, init = {}) => fetch(target, { ...init, headers: { ...init.headers, ...headers } }),
});

test('there are 61 audits', () => {
  assert.equal(audits.length, 61);
});

for (const audit of audits) {
  test(`${audit.id} ${audit.name}`, async () => {
    const result = await audit.fn();
    assert.equal(result.status, 'ok', result.reason);
  });
}

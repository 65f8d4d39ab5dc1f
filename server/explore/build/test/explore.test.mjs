// Opens the page in Chromium, against a server of its own, as a developer would.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';

import { chromium } from 'playwright-core';

import { findChromium } from './chromium.mjs';
import { startServer } from './server.mjs';

const executablePath = findChromium();
const skip = executablePath ? false : 'Chromium is not installed: set CHROMIUM to its path, or install the package chromium';

// What happened in the browser; frames are those of WebSockets.
const seen = { requests: [], frames: [], errors: [], violations: [] };
let server, browser, page;

before(async () => {
  if (skip) return;
  server = await startServer();
  browser = await chromium.launch({
    executablePath,
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--disable-background-networking',
      '--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1',
    ],
  });
  const context = await browser.newContext({ locale: 'en-GB' });
  context.on('request', (request) => seen.requests.push(request.url()));
  await context.exposeFunction('violated', (what) => seen.violations.push(what));
  await context.addInitScript(() => {
    document.addEventListener('securitypolicyviolation', (event) =>
      globalThis.violated(`${event.violatedDirective}: ${event.blockedURI}`),
    );
  });
  page = await context.newPage();
  page.on('websocket', (socket) => {
    seen.requests.push(socket.url());
    socket.on('framesent', ({ payload }) => seen.frames.push(JSON.parse(payload)));
  });
  page.on('pageerror', (error) => seen.errors.push(error.message));
  page.on('console', (message) => {
    if (message.type() === 'error') seen.errors.push(message.text());
  });
});

after(async () => {
  await browser?.close();
  await server?.stop();
});

const token = () => page.getByLabel('Access token');
const run = () => page.getByRole('button', { name: 'Execute query' });

// Waits until the pane of answers shows a text.
const answered = (text, options) =>
  page.waitForFunction(
    (wanted) =>
      globalThis.__MONACO?.editor
        .getModels()
        .some((model) => model.uri.path.includes('response') && model.getValue().includes(wanted)),
    text,
    options,
  );

test('the schema is there without a token', { skip }, async () => {
  await page.goto(`${server.url}/explore`);
  await page.getByText('Without a token only the schema can be seen.').waitFor();
  await page.getByRole('button', { name: 'Show Documentation Explorer' }).click();
  await page.getByText('service-quality control').first().waitFor();
  await page.getByRole('button', { name: 'Hide Documentation Explorer' }).click();
});

test('a wrong token is refused in the bar and in the answer', { skip }, async () => {
  await token().fill('wrong');
  await page.locator('output.refused').waitFor();
  await run().click();
  await answered('UNAUTHENTICATED');
});

test('the schema stays beside a wrong token', { skip }, async () => {
  const schema = page.waitForRequest((request) => request.postData()?.includes('__schema'));
  await page.getByRole('button', { name: 'Re-fetch GraphQL schema' }).click();
  assert.equal((await schema).headers().authorization, undefined);
});

test('a token pasted as a whole header is taken, and the default query runs', { skip }, async () => {
  await token().fill(` Authorization: Bearer ${server.token}\n`);
  await page.getByText('Administrator · ADMINISTRATOR').waitFor();
  await run().click();
  await answered('"role": "ADMINISTRATOR"');
});

test('answers come in the language chosen', { skip }, async () => {
  const who = page.waitForRequest((request) => request.headers()['accept-language'] === 'zh-CN');
  await page.getByLabel('Answers in').selectOption('zh-CN');
  await who;
});

test('a subscription shows an event as it happens, until it is stopped', { skip }, async () => {
  await page.getByRole('button', { name: 'LiveEvents' }).click();
  const connected = page.waitForEvent('websocket');
  await run().click();
  const socket = await connected;
  await shownOnceOpened('The lift hums.');
  const init = seen.frames.find(({ type }) => type === 'connection_init');
  assert.deepEqual(init.payload, { Authorization: `Bearer ${server.token}`, acceptLanguage: 'zh-CN' });

  const closed = socket.waitForEvent('close');
  await page.getByRole('button', { name: 'Stop query' }).click();
  await closed;
});

// Nothing tells when the server has begun to listen for a new subscriber, so cases
// are opened until one is shown.
async function shownOnceOpened(subject) {
  for (let tries = 1; ; tries++) {
    await server.openCase(subject);
    try {
      return await answered(subject, { timeout: 2000 });
    } catch (error) {
      if (tries === 10) throw error;
    }
  }
}

test('a subscription with a wrong token shows why it ended', { skip }, async () => {
  await token().fill('wrong');
  await run().click();
  await answered('the access token is unknown, revoked or expired');
});

test('the token lasts as long as the browser tab, and is nowhere else', { skip }, async () => {
  await token().fill(server.token);
  await page.getByText('Administrator · ADMINISTRATOR').waitFor();
  await page.reload();
  await page.getByText('Administrator · ADMINISTRATOR').waitFor();

  const kept = await page.evaluate(() => JSON.stringify(localStorage) + document.cookie + location.href);
  assert.ok(kept.includes('LiveEvents'), 'the tabs are kept');
  assert.ok(!kept.includes(server.token), 'the token is kept beyond the tab');
});

test('fields are completed from the schema', { skip }, async () => {
  await page.getByRole('button', { name: 'New tab' }).click();
  await page.locator('.graphiql-query-editor .monaco-editor').click();
  await page.keyboard.press('Control+A');
  await page.keyboard.type('{ cases { nodes { externa');
  await page.locator('.suggest-widget').getByText('externalId').first().waitFor();
});

test('all of it came from the one server, within its security policy', { skip }, () => {
  const { host } = new URL(server.url);
  const elsewhere = seen.requests.filter((url) => !url.startsWith('data:') && new URL(url).host !== host);
  assert.deepEqual(elsewhere, []);
  assert.ok(seen.requests.some((url) => /\/graphql-\w+\.js$/.test(url)), 'the editor knows GraphQL');
  assert.deepEqual(seen.violations, []);
  const unexpected = seen.errors.filter((text) => !text.includes('status of 401')); // the wrong token's
  assert.deepEqual(unexpected, []);
});

test('a server that is gone is said to be', { skip }, async () => {
  await server.stop();
  await page.getByRole('button', { name: 'Overview' }).click();
  await run().click();
  await answered('The server does not answer');
});

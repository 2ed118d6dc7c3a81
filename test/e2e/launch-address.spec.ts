import { expect, test } from '../support/latchkey-test.ts';

// Only the browser host has an address; the Electron project leaves this file out.
test('the launch address works once', async ({ latchkey, browser }) => {
  const [url] = /http:\/\/127\.0\.0\.1:\d+\/launch\/\S+/.exec(latchkey.output()) ?? [''];
  const context = await browser.newContext();
  const answer = await (await context.newPage()).goto(url);
  expect(answer?.status()).toBe(403);
  const root = await (await context.newPage()).goto(new URL('/', url).href);
  expect(root?.status()).toBe(401);
  await context.close();
});

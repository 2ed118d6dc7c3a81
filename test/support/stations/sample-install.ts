import type { Page } from '@playwright/test';
import { expect } from '@playwright/test';
import { goTo } from './station.ts';

/** Nothing here is fast on a busy computer. */
const slow = { timeout: 60_000 };
/** Whose token it is, by page. */
const installed = new WeakMap<Page, string>();

const headersOf = (secret: string) => ({
  authorization: `Basic ${Buffer.from(`user:${secret}`).toString('base64')}`,
  'user-agent': 'pip/26.3 {"installer":{"name":"pip","version":"26.3"}}',
  'x-latchkey-ci': 'project=acme/models; job=nightly-training; user=grace',
});

/**
 * A package of the sample organization comes through the gateway with a token of Grace Hopper, and something is refused,
 * so that the request log has rows. @returns the token's id
 */
export async function installSample(page: Page): Promise<string> {
  const before = installed.get(page);
  if (before !== undefined) return before;
  await goTo(page, 'gateway');
  const address = await page
    .getByText(/^http:\/\/127\.0\.0\.1:\d+/)
    .first()
    .textContent();
  const secret = await newSecret(page);
  // Not `page.request`: the desktop app's context has no cookies to send.
  const get = (path: string) => fetch(new URL(path, (address ?? '').trim()), { headers: headersOf(secret) });
  const index = '/pypi/acme-pypi/simple/latchkey-demo-hello/';
  await expect(async () => expect((await get(index)).status).toBe(200)).toPass(slow);
  const link = /href="([^"#]+)/.exec(await (await get(index)).text())?.[1] ?? '';
  const file = await get(new URL(link, new URL(index, (address ?? '').trim())).pathname);
  expect(file.status).toBe(200);
  await file.arrayBuffer();
  expect((await get('/pypi/of-nobody/simple/latchkey-demo-hello/')).status).toBe(403);
  const id = secret.split('-')[1] ?? '';
  installed.set(page, id);
  return id;
}

/** Rotates the token of Grace Hopper: the new secret is shown once. */
async function newSecret(page: Page): Promise<string> {
  await goTo(page, 'tokens');
  await page
    .getByRole('table', { name: 'Tokens' })
    .getByRole('link', { name: 'Grace Hopper' })
    .first()
    .click();
  await page
    .getByRole('dialog', { name: 'Token of Grace Hopper' })
    .getByRole('button', { name: 'Rotate…' })
    .click();
  await page
    .getByRole('dialog', { name: /^Rotate lk-/ })
    .getByRole('button', { name: 'Rotate' })
    .click();
  const secret = page.getByTestId('token-secret');
  await expect(secret).toBeVisible(slow);
  return (await secret.textContent()) ?? '';
}

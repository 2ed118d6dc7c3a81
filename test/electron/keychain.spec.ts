/** "Unlock with this computer" against a real GNOME keyring, which global-setup.ts starts for this run alone. */
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { Page } from 'playwright';
import { call, expect, lock, must, passphrase, refusal, setUp, test } from './support/app-fixture.ts';

const dayMs = 86_400_000;

async function enabled(page: Page): Promise<void> {
  expect(await must(page, 'keychain.enable', { passphrase })).toMatchObject({ state: 'on' });
}

/** Moves the app's clock, as main sees it. */
function clockForward(app: import('playwright').ElectronApplication, ms: number): Promise<void> {
  return app.evaluate((_electron, by) => {
    const real = Date.now.bind(Date);
    Date.now = () => real() + by;
  }, ms);
}

test('unlocks with this computer after a restart, by the button', async ({ launch, dataDir }) => {
  const first = await launch();
  await setUp(first.page);
  expect(await refusal(first.page, 'keychain.enable', { passphrase: 'not-the-passphrase-1' })).toBe(
    'VAULT_WRONG_PASSPHRASE',
  );
  await enabled(first.page);
  await first.close();

  const sealed = readFileSync(path.join(dataDir, 'keychain.json'), 'utf8');
  expect(
    Buffer.from((JSON.parse(sealed) as { sealed: string }).sealed, 'base64')
      .subarray(0, 3)
      .toString(),
  ).toBe('v11');

  const second = await launch();
  await second.page.getByRole('button', { name: 'Unlock with this computer' }).click();
  await expect(second.page.getByRole('navigation', { name: 'Main' })).toBeVisible();
  await second.close();
});

for (const keyring of ['basic'] as const) {
  test(`refuses to store anything where the keychain is ${keyring}, and says why`, async ({ launch }) => {
    const { page } = await launch({ keyring });
    await setUp(page);
    const status = await must<{ state: string; message: string }>(page, 'keychain.status');
    expect(['plain-text', 'unavailable']).toContain(status.state);
    expect(status.message).toContain('GNOME Keyring or KWallet');
    expect(await refusal(page, 'keychain.enable', { passphrase })).toBe('KEYCHAIN_UNAVAILABLE');
    expect(await refusal(page, 'keychain.unlock')).toBe('VAULT_KEYCHAIN_REFUSED');
  });
}

test('asks for the passphrase again after the days of the settings, and counts them from then on', async ({
  launch,
}) => {
  const { app, page } = await launch();
  await setUp(page);
  await enabled(page);
  await lock(page);
  await clockForward(app, 15 * dayMs);
  expect(await must(page, 'keychain.status')).toMatchObject({ state: 'due' });
  expect(await refusal(page, 'keychain.unlock')).toBe('PASSPHRASE_REQUIRED');
  await must(page, 'session.unlock', { passphrase });
  await lock(page);
  expect(await must(page, 'keychain.unlock')).toMatchObject({ vault: 'unlocked' });
});

test('an edited date in keychain.json does not postpone the asking', async ({ launch, dataDir }) => {
  const { app, page } = await launch();
  await setUp(page);
  await enabled(page);
  await lock(page);
  await clockForward(app, 15 * dayMs);
  const file = path.join(dataDir, 'keychain.json');
  const record = JSON.parse(readFileSync(file, 'utf8')) as Record<string, unknown>;
  writeFileSync(file, JSON.stringify({ ...record, passphraseAtMs: Date.now() + 15 * dayMs }));
  expect(await refusal(page, 'keychain.unlock')).toBe('PASSPHRASE_REQUIRED');
});

test('a secret that cannot be opened is dropped with a sentence; the passphrase still opens the vault', async ({
  launch,
  dataDir,
}) => {
  const { page } = await launch();
  await setUp(page);
  await enabled(page);
  await lock(page);
  const file = path.join(dataDir, 'keychain.json');
  const record = JSON.parse(readFileSync(file, 'utf8')) as { sealed: string };
  const bytes = Buffer.from(record.sealed, 'base64');
  bytes[bytes.length - 1]! ^= 0xff;
  writeFileSync(file, JSON.stringify({ ...record, sealed: bytes.toString('base64') }));
  const refused = await call(page, 'keychain.unlock');
  expect(refused).toMatchObject({ ok: false, error: { code: 'VAULT_KEYCHAIN_REFUSED' } });
  expect(await must(page, 'keychain.status')).toMatchObject({
    state: 'off',
    message: expect.stringContaining('could no longer be opened'),
  });
  expect(await must(page, 'session.unlock', { passphrase })).toMatchObject({ vault: 'unlocked' });
  const vault = JSON.parse(readFileSync(path.join(dataDir, 'vault.json'), 'utf8')) as {
    slots: { keychain?: unknown }[];
  };
  expect(vault.slots.every((slot) => slot.keychain === undefined)).toBe(true);
});

test('a session that the keychain unlocked asks for the passphrase before dangerous acts', async ({
  launch,
}) => {
  const { page } = await launch();
  const { issue } = await setUp(page);
  const ids: string[] = [];
  for (let index = 0; index < 10; index += 1) ids.push(await issue(`ci-${index}`));
  await enabled(page);
  await lock(page);
  await must(page, 'keychain.unlock');
  const revokeAll = { ids, reason: 'leaked' };
  expect(await refusal(page, 'tokens.revoke', revokeAll)).toBe('PASSPHRASE_REQUIRED');
  // Unlocking what is unlocked must not count as having typed the passphrase.
  await call(page, 'session.unlock', { passphrase: 'some-wrong-passphrase-1' });
  expect(await refusal(page, 'tokens.revoke', revokeAll)).toBe('PASSPHRASE_REQUIRED');
  expect(await refusal(page, 'session.confirm', { passphrase: 'some-wrong-passphrase-1' })).toBe(
    'VAULT_WRONG_PASSPHRASE',
  );
  expect(await refusal(page, 'tokens.revoke', revokeAll)).toBe('PASSPHRASE_REQUIRED');
  await must(page, 'session.confirm', { passphrase });
  expect(await must(page, 'tokens.revoke', revokeAll)).toMatchObject({ revoked: ids });
});

test('turned off, nothing of it stays on the disk', async ({ launch, dataDir }) => {
  const { page } = await launch();
  await setUp(page);
  await enabled(page);
  expect(await must(page, 'keychain.disable')).toMatchObject({ state: 'off' });
  expect(() => readFileSync(path.join(dataDir, 'keychain.json'))).toThrow('ENOENT');
  expect(readFileSync(path.join(dataDir, 'vault.json'), 'utf8')).not.toContain('"keychain"');
});

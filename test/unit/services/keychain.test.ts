import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { dayMs } from '../../../shared/model/time.ts';
import type {
  KeychainPort,
  KeychainRecord,
  SecretStoreStatus,
} from '../../../src-main/services/keychain-port.ts';
import type { MemoryApp } from '../../support/memory-app.ts';
import { openUnlockedMemoryApp } from '../../support/memory-app.ts';
import { testPassphrase } from '../../support/temp-app.ts';

/** A keychain that turns texts around, and a file in memory. */
class FakeKeychain implements KeychainPort {
  answer: SecretStoreStatus = { usable: true, backend: 'fake' };
  isOther = false;
  record: KeychainRecord | undefined;
  sealed: string[] = [];
  readonly store = {
    status: async () => this.answer,
    seal: async (text: string) => {
      this.sealed.push(text);
      return Buffer.from([...text].toReversed().join(''));
    },
    open: async (sealed: Buffer) => {
      if (this.isOther) throw new Error('sealed by another user');
      return { text: [...sealed.toString()].toReversed().join('') };
    },
  };
  readonly file = {
    read: () => this.record,
    write: (record: KeychainRecord) => {
      this.record = record;
    },
    remove: () => {
      this.record = undefined;
    },
  };
}

let keychain: FakeKeychain;
let app: MemoryApp;
beforeEach(async () => {
  keychain = new FakeKeychain();
  app = await openUnlockedMemoryApp({
    host: { kind: 'electron', saveDialog: 'native', clipboard: 'host', keychain },
  });
});
afterEach(() => app.close());

const enable = () => app.client.keychain.enable({ passphrase: testPassphrase });
const lock = () => app.client.session.lock();

describe('unlocking with this computer', () => {
  it('takes the passphrase once, and then opens without it', async () => {
    await expect(app.client.keychain.enable({ passphrase: 'wrong' })).rejects.toMatchObject({
      code: 'VAULT_WRONG_PASSPHRASE',
    });
    expect(keychain.record).toBeUndefined();
    expect(await enable()).toMatchObject({ state: 'on' });
    await lock();
    expect(await app.client.keychain.unlock()).toMatchObject({ vault: 'unlocked' });
  });

  it('keeps nothing in a file that the keychain did not seal', async () => {
    await enable();
    const [sealed] = keychain.sealed;
    const { secret } = JSON.parse(sealed!) as { secret: string };
    expect(JSON.stringify(keychain.record)).not.toContain(secret);
    expect(app.door.keychainSecret).toBe(secret);
  });

  it.each(['unavailable', 'plain-text'] as const)('is refused where the keychain is %s', async (reason) => {
    keychain.answer = { usable: false, reason, backend: 'basic_text' };
    expect(await app.client.keychain.status()).toMatchObject({ state: reason });
    await expect(enable()).rejects.toMatchObject({ code: 'KEYCHAIN_UNAVAILABLE' });
    expect([keychain.record, keychain.sealed, app.door.keychainSecret]).toEqual([undefined, [], undefined]);
  });

  it('asks for the passphrase after the days that the settings say, and from a clock that was set back', async () => {
    await enable();
    await lock();
    app.clock.nowMs += 14 * dayMs;
    await expect(app.client.keychain.unlock()).rejects.toMatchObject({ code: 'PASSPHRASE_REQUIRED' });
    app.clock.nowMs -= 16 * dayMs;
    await expect(app.client.keychain.unlock()).rejects.toMatchObject({ code: 'PASSPHRASE_REQUIRED' });
    await app.client.session.unlock({ passphrase: testPassphrase });
    await lock();
    expect(await app.client.keychain.unlock()).toMatchObject({ vault: 'unlocked' });
  });

  it('is not put off by editing the date in the file', async () => {
    await enable();
    await lock();
    app.clock.nowMs += 14 * dayMs;
    keychain.record = { ...keychain.record!, passphraseAtMs: app.clock.nowMs };
    await expect(app.client.keychain.unlock()).rejects.toMatchObject({ code: 'PASSPHRASE_REQUIRED' });
  });

  it('that no longer opens is dropped with a sentence, and the passphrase still works', async () => {
    await enable();
    await lock();
    keychain.isOther = true;
    await expect(app.client.keychain.unlock()).rejects.toMatchObject({ code: 'VAULT_KEYCHAIN_REFUSED' });
    expect(keychain.record).toBeUndefined();
    const { state, message } = await app.client.keychain.status();
    expect([state, message]).toEqual(['off', expect.stringContaining('could no longer be opened')]);
    expect(await app.client.session.unlock({ passphrase: testPassphrase })).toMatchObject({
      vault: 'unlocked',
    });
    // The slot that nobody can open any more goes with the next passphrase.
    expect(app.door.keychainSecret).toBeUndefined();
  });

  it('leaves dangerous acts to the passphrase', async () => {
    await enable();
    await lock();
    await app.client.keychain.unlock();
    const ids = Array.from({ length: 10 }, (_, at) => `token00${at}`);
    await expect(app.client.tokens.revoke({ ids, reason: 'x' })).rejects.toMatchObject({
      code: 'PASSPHRASE_REQUIRED',
    });
    await app.client.session.confirm({ passphrase: testPassphrase });
    await expect(app.client.tokens.revoke({ ids, reason: 'x' })).rejects.toMatchObject({
      code: 'NOT_FOUND',
    });
  });

  it('is turned off for both sides', async () => {
    await enable();
    expect(await app.client.keychain.disable()).toMatchObject({ state: 'off' });
    expect([keychain.record, app.door.keychainSecret]).toEqual([undefined, undefined]);
  });
});

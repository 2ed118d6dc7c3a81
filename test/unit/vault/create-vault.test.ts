/** Making a vault, and opening it by passphrase and keychain. */
import { existsSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { LatchkeyError } from '../../../shared/errors.ts';
import { createVault } from '../../../src-main/vault/create-vault.ts';
import { openFileBackend } from '../../../src-main/vault/file-backend.ts';
import { clearHalfMade, vaultPresence } from '../../../src-main/vault/half-made.ts';
import { openVault } from '../../../src-main/vault/vault.ts';
import { payloadOf } from './line-tools.ts';
import type { TinyEvent } from './tiny-domain.ts';
import { cleanVaults, notesOf, passphrase, put, quickDeriveKey, Scene } from './vault-scene.ts';

cleanVaults();

describe('a new vault', () => {
  it('has one line that brings its operator and both keys, a head, and keys that are finished', async () => {
    const scene = new Scene(true);
    const vault = await scene.create();
    expect(scene.lines).toHaveLength(1);
    const { clear, keys, prev, seq } = payloadOf(scene.lines[0] ?? '');
    expect({ prev, seq }).toEqual({ prev: null, seq: 0 });
    expect(clear).toMatchObject({ authority: { signer: vault.operator.id, keyNo: 1, role: 'admin' } });
    expect(keys?.map(({ name, epoch, grants }) => [name, epoch, grants.length])).toEqual([
      ['org', 0, 1],
      ['upstream', 0, 1],
    ]);
    expect(scene.headCopies.copy).toMatchObject({ seq: 0 });
    expect(vault.alarms()).toEqual([]);
    expect(vault.operator).toMatchObject({ name: 'Ada', role: 'admin' });
    expect(vaultPresence(scene.dir, scene.parts().keyStore)).toBe('present');
  });

  it('shows nothing of its content on disk, and keeps its files to the owner', async () => {
    const scene = new Scene(true);
    const vault = await scene.create();
    await put(vault, 'visible-name');
    await vault.lock();
    for (const name of readdirSync(scene.dir)) {
      const path = join(scene.dir, name);
      if (!statSync(path).isFile()) continue;
      const text = readFileSync(path, 'utf8');
      const decoded = text.replaceAll(/[A-Za-z0-9_-]{8,}/g, (part) =>
        Buffer.from(part, 'base64url').toString('latin1'),
      );
      expect(text + decoded, name).not.toMatch(/visible-name/);
      expect(statSync(path).mode & 0o077, name).toBe(0);
    }
  });

  it('is not made over one that is there, nor over a log without keys, nor with a short passphrase', async () => {
    const scene = new Scene();
    await scene.create();
    await expect(scene.create()).rejects.toMatchObject({ code: 'VAULT_EXISTS' });
    const other = new Scene();
    other.lines = scene.lines;
    await expect(other.create()).rejects.toMatchObject({ code: 'VAULT_EXISTS' });
    expect(existsSync(join(other.dir, 'vault.json'))).toBe(false);
    await expect(
      createVault(new Scene().parts(), {
        operatorName: 'Ada',
        passphrase: 'short',
        firstEvent: (operator): TinyEvent => ({
          type: 'began',
          operator: { ...operator, role: 'admin', teamIds: [] },
        }),
      }),
    ).rejects.toMatchObject({ code: 'PASSPHRASE_TOO_WEAK' });
  });

  it('leaves nothing when its first line cannot be written, and is made by the next attempt', async () => {
    const scene = new Scene(true);
    const refusing = {
      openBackend: () =>
        new Proxy(openFileBackend(scene.dir), {
          get: (target, name) => {
            if (name === 'append')
              return () =>
                Promise.reject(
                  new LatchkeyError('VAULT_UNAVAILABLE', 'The disk is full.', {
                    details: { path: 'vault.log', reason: 'ENOSPC', outcome: 'unchanged' },
                  }),
                );
            const value: unknown = Reflect.get(target, name);
            return typeof value === 'function' ? value.bind(target) : value;
          },
        }),
    };
    await expect(scene.create(refusing)).rejects.toMatchObject({ code: 'VAULT_UNAVAILABLE' });
    expect(vaultPresence(scene.dir, scene.parts().keyStore)).toMatch(/none|half-made/);
    await clearHalfMade(scene.dir, scene.parts().keyStore);
    const vault = await scene.create();
    await put(vault, 'a');
    await vault.lock();
    expect(notesOf((await scene.open()).vault)).toEqual(['a']);
  });

  it('is finished by the next unlock when the power went before its keys said so', async () => {
    const scene = new Scene(true);
    const keyStore = { ...scene.parts().keyStore, finish: async () => undefined };
    await (await scene.create({ keyStore })).lock();
    expect(keyStore.read()?.file.unfinished).toBe(true);
    await (await scene.open()).vault.lock();
    expect(keyStore.read()?.file.unfinished).toBeUndefined();
    // From now on a log that is gone is a loss, and no beginning that was interrupted.
    rmSync(join(scene.dir, 'vault.log'));
    expect(vaultPresence(scene.dir, keyStore)).toBe('present');
  });

  it('is not made with an event that cannot be stored', async () => {
    const scene = new Scene();
    await expect(
      createVault(scene.parts(), {
        operatorName: 'Ada',
        passphrase,
        firstEvent: (): TinyEvent => ({ type: 'put', id: 'a', text: '' }),
      }),
    ).rejects.toMatchObject({ code: 'INVALID_INPUT' });
    expect(existsSync(join(scene.dir, 'vault.json'))).toBe(false);
  });
});

describe('the way in', () => {
  it('is the passphrase, asked at its cost each time, until it is changed', async () => {
    const scene = new Scene();
    let derivations = 0;
    const counting = {
      deriveKey: (...args: Parameters<typeof quickDeriveKey>) => {
        derivations += 1;
        return quickDeriveKey(...args);
      },
    };
    const vault = await scene.create();
    await expect(
      openVault(scene.parts(counting), { passphrase: 'another passphrase' }),
    ).rejects.toMatchObject({ code: 'VAULT_WRONG_PASSPHRASE' });
    expect(derivations).toBe(1);
    await vault.verifyPassphrase(passphrase);
    await expect(vault.verifyPassphrase('another passphrase')).rejects.toMatchObject({
      code: 'VAULT_WRONG_PASSPHRASE',
    });
    await expect(vault.changePassphrase('another passphrase', 'next passphrase ok')).rejects.toMatchObject({
      code: 'VAULT_WRONG_PASSPHRASE',
    });
    await expect(vault.changePassphrase(passphrase, 'short')).rejects.toMatchObject({
      code: 'PASSPHRASE_TOO_WEAK',
    });
    await vault.changePassphrase(passphrase, 'next passphrase ok');
    await vault.lock();
    await expect(scene.open()).rejects.toMatchObject({ code: 'VAULT_WRONG_PASSPHRASE' });
    const again = await openVault(scene.parts(), { passphrase: 'next passphrase ok' });
    expect(again.vault.seq()).toBe(1);
    await again.vault.lock();
  });

  it('is the keychain’s secret while its slot is there; a change of the passphrase keeps it', async () => {
    const scene = new Scene();
    const vault = await scene.create();
    const keychainSecret = new Uint8Array(32).fill(7);
    expect(vault.hasKeychainSlot()).toBe(false);
    await vault.setKeychainSlot(keychainSecret);
    await vault.changePassphrase(passphrase, 'next passphrase ok');
    expect(vault.hasKeychainSlot()).toBe(true);
    await vault.lock();
    const { vault: again } = await openVault(scene.parts(), { keychainSecret });
    await expect(openVault(scene.parts(), { keychainSecret: new Uint8Array(32) })).rejects.toMatchObject({
      code: 'VAULT_KEYCHAIN_REFUSED',
    });
    await again.removeKeychainSlot();
    expect(again.hasKeychainSlot()).toBe(false);
    await again.lock();
    await expect(openVault(scene.parts(), { keychainSecret })).rejects.toMatchObject({
      code: 'VAULT_KEYCHAIN_REFUSED',
    });
  });

  it('opens neither an empty nor a missing log', async () => {
    const scene = new Scene();
    await (await scene.create()).lock();
    scene.lines = [];
    await expect(scene.open()).rejects.toMatchObject({ code: 'VAULT_CORRUPT', details: { line: 1 } });
    await expect(new Scene().open()).rejects.toMatchObject({ code: 'VAULT_NOT_FOUND' });
  });

  it('drops a torn tail, counts a whole last line without its newline, and says both', async () => {
    const scene = new Scene(true);
    const vault = await scene.create();
    await put(vault, 'a');
    await vault.lock();
    const { appendFileSync, readFileSync: read, writeFileSync } = await import('node:fs');
    const path = join(scene.dir, 'vault.log');
    appendFileSync(path, 'eyJhbGciOiJFZERTQ');
    const torn = await scene.open();
    expect(torn.vault.alarms()).toEqual([{ kind: 'torn-tail', bytes: 17 }]);
    await put(torn.vault, 'b');
    await torn.vault.lock();
    writeFileSync(path, read(path, 'utf8').trimEnd());
    const completed = await scene.open();
    expect(completed.vault.alarms()).toEqual([{ kind: 'completed-last-line' }]);
    expect(notesOf(completed.vault)).toEqual(['a', 'b']);
  });
});

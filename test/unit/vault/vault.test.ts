import { readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { openVault, vaultExists } from '../../../src-main/vault/vault.ts';
import { deriveKey } from '../../../src-main/vault/kdf.ts';
import type { VaultDeps, VaultFile } from '../../../src-main/vault/types.ts';
import {
  create,
  depsOn,
  dropCheckpoint,
  environmentCreated,
  freshDir,
  logLines,
  passphrase,
  reopen,
  teamCreated,
  teamCreatedId,
  write,
  writeLog,
} from './vault-support.ts';

const vaultJson = (dir: string) => JSON.parse(readFileSync(join(dir, 'vault.json'), 'utf8')) as VaultFile;

describe('a vault', () => {
  it('keeps its state over lock and unlock, with and without its checkpoint', async () => {
    const dir = freshDir();
    const vault = await create(dir);
    await write(vault, teamCreated('a'), environmentCreated('dev'));
    await vault.lock();
    const first = await reopen(dir);
    expect(first.report.usedCheckpoint).toBe(true);
    expect([...first.vault.state().teams.keys()]).toEqual(['team-a']);
    await first.vault.lock();
    dropCheckpoint(dir);
    const second = await reopen(dir);
    expect(second.report.usedCheckpoint).toBe(false);
    expect(second.vault.state().organizationName).toBe('Org');
    expect([...second.vault.state().environments.keys()]).toEqual(['env-dev']);
    expect(second.vault.seq()).toBe(3);
  });

  it('refuses a wrong passphrase, and forgets everything on lock', async () => {
    const dir = freshDir();
    const vault = await create(dir);
    await vault.lock();
    expect(() => vault.state()).toThrow(expect.objectContaining({ code: 'VAULT_LOCKED' }) as Error);
    await expect(vault.sealSecret('x')).rejects.toMatchObject({ code: 'VAULT_LOCKED' });
    await expect(reopen(dir, 'another passphrase')).rejects.toMatchObject({ code: 'VAULT_WRONG_PASSPHRASE' });
  });

  it('says that a passphrase is wrong only after the cost of the KDF, each time', async () => {
    const dir = freshDir();
    const vault = await create(dir);
    await vault.lock();
    let derivations = 0;
    const counting = (): VaultDeps => ({
      ...depsOn(dir),
      deriveKey: (...args) => {
        derivations += 1;
        return deriveKey(...args);
      },
    });
    for (const wrong of ['another passphrase', ' ', passphrase.toUpperCase()]) {
      await expect(openVault(counting(), { passphrase: wrong })).rejects.toMatchObject({
        code: 'VAULT_WRONG_PASSPHRASE',
      });
    }
    expect(derivations).toBe(3);
    await expect(openVault(counting(), { passphrase: '' })).rejects.toMatchObject({
      code: 'VAULT_WRONG_PASSPHRASE',
    });
    const { vault: opened } = await openVault(counting(), { passphrase });
    await expect(opened.verifyPassphrase('another passphrase')).rejects.toMatchObject({
      code: 'VAULT_WRONG_PASSPHRASE',
    });
    await opened.verifyPassphrase(passphrase);
    expect(derivations).toBe(6);
    await opened.lock();
  });

  it('takes the same passphrase from a keyboard that composes letters otherwise', async () => {
    const dir = freshDir();
    const vault = await create(dir);
    await vault.changePassphrase(passphrase, 'caf\u00e9 caf\u00e9 caf\u00e9');
    await vault.lock();
    expect((await reopen(dir, 'cafe\u0301 cafe\u0301 cafe\u0301')).vault.seq()).toBe(1);
  });

  it('goes on when the checkpoint cannot be written: what is in the log stays, and a lock locks', async () => {
    const dir = freshDir();
    await (await create(dir)).lock();
    const deps = depsOn(dir);
    const full = Object.assign(new Error('no space left on device'), { code: 'ENOSPC', syscall: 'write' });
    const keyStore = {
      ...deps.keyStore,
      write: () => {
        throw full;
      },
    };
    const { vault } = await openVault({ ...deps, keyStore }, { passphrase });
    await write(vault, ...Array.from({ length: 70 }, (_, index) => teamCreated(`t${index}`)));
    expect(vault.seq()).toBe(71);
    await vault.lock();
    expect(() => vault.state()).toThrow(expect.objectContaining({ code: 'VAULT_LOCKED' }) as Error);
    expect((await reopen(dir)).vault.seq()).toBe(71);
  });

  it('writes a checkpoint every 64 events, so that a crash costs little', async () => {
    const dir = freshDir();
    const vault = await create(dir);
    for (let index = 0; index < 64; index += 1) await write(vault, teamCreated(`t${index}`));
    const { report, vault: other } = await reopen(dir);
    expect(report.usedCheckpoint).toBe(true);
    expect(other.state()).toEqual(vault.state());
  });

  it('is not made over one that is there, nor with a short passphrase', async () => {
    const dir = freshDir();
    await create(dir);
    await expect(create(dir)).rejects.toMatchObject({ code: 'VAULT_EXISTS' });
    const { createVault } = await import('../../../src-main/vault/vault.ts');
    await expect(
      createVault(depsOn(freshDir()), { organizationName: 'O', operatorName: 'A', passphrase: 'short' }),
    ).rejects.toMatchObject({ code: 'PASSPHRASE_TOO_WEAK' });
  });

  it('shows nothing of its content on disk, and keeps its files to the owner', async () => {
    const dir = freshDir();
    const vault = await create(dir);
    await write(vault, teamCreated('visible-name'));
    const sealed = await vault.sealSecret('hunter2');
    expect(await vault.unsealSecret(sealed)).toBe('hunter2');
    await vault.lock();
    for (const name of readdirSync(dir)) {
      const text = readFileSync(join(dir, name), 'utf8');
      const decoded = text.replaceAll(/[A-Za-z0-9_-]{8,}/g, (part) =>
        Buffer.from(part, 'base64url').toString('latin1'),
      );
      expect(text + decoded, name).not.toMatch(/visible-name|hunter2/);
      expect(statSync(join(dir, name)).mode & 0o077, name).toBe(0);
    }
  });

  it('opens a sealed secret only as what it is: not one of another vault, not a changed one', async () => {
    const [mine, other] = [await create(freshDir()), await create(freshDir())];
    const sealed = await mine.sealSecret('upstream password');
    await expect(other.unsealSecret(sealed)).rejects.toMatchObject({ code: 'VAULT_CORRUPT' });
    await expect(mine.unsealSecret(sealed.replace(/.{4}$/, 'AAAA'))).rejects.toMatchObject({
      code: 'VAULT_CORRUPT',
    });
  });

  it('writes nothing of a transaction of which one event is refused', async () => {
    const dir = freshDir();
    const vault = await create(dir);
    const unfit = { type: 'team.removed', atMs: 1, teamId: 'nope' } as never;
    await expect(write(vault, teamCreated('a'), unfit)).rejects.toMatchObject({ code: 'INVALID_INPUT' });
    expect(vault.seq()).toBe(1);
    expect(logLines(dir)).toHaveLength(1);
  });

  it('changes the passphrase, keeping the old one out', async () => {
    const dir = freshDir();
    const vault = await create(dir);
    await expect(vault.changePassphrase('wrong wrong wrong', 'next passphrase ok')).rejects.toMatchObject({
      code: 'VAULT_WRONG_PASSPHRASE',
    });
    await vault.changePassphrase(passphrase, 'next passphrase ok');
    await vault.lock();
    await expect(reopen(dir)).rejects.toMatchObject({ code: 'VAULT_WRONG_PASSPHRASE' });
    expect((await reopen(dir, 'next passphrase ok')).vault.state().organizationName).toBe('Org');
  });

  it('opens by the keychain’s secret while the slot is there, and by the passphrase always', async () => {
    const dir = freshDir();
    const vault = await create(dir);
    const secret = new Uint8Array(32).fill(7);
    await vault.setKeychainSlot(secret);
    await vault.lock();
    const byKeychain = await openVault(depsOn(dir), { keychainSecret: secret });
    expect(byKeychain.vault.operator.name).toBe('Ada');
    await byKeychain.vault.lock();
    await expect(openVault(depsOn(dir), { keychainSecret: new Uint8Array(32) })).rejects.toMatchObject({
      code: 'VAULT_KEYCHAIN_REFUSED',
    });
    const again = (await reopen(dir)).vault;
    await again.removeKeychainSlot();
    await again.lock();
    await expect(openVault(depsOn(dir), { keychainSecret: secret })).rejects.toMatchObject({
      code: 'VAULT_KEYCHAIN_REFUSED',
    });
  });
});

describe('two processes on one vault', () => {
  it('see each other’s changes, and both keep theirs when they write at once', async () => {
    const dir = freshDir();
    const one = await create(dir);
    const two = (await reopen(dir)).vault;
    const names = ['a', 'b', 'c', 'd', 'e', 'f'];
    await Promise.all(names.map((name, index) => write(index % 2 === 0 ? one : two, teamCreated(name))));
    await write(two, teamCreated('g'));
    for (let round = 0; round < 50 && one.state().teams.size < 7; round += 1) await wait(50);
    expect([...one.state().teams.keys()].toSorted()).toEqual([...two.state().teams.keys()].toSorted());
    expect(one.state().teams.size).toBe(7);
    expect(logLines(dir)).toHaveLength(8);
  });

  it('keep the events of one transaction together, and never write half of one', async () => {
    const dir = freshDir();
    const one = await create(dir);
    const two = (await reopen(dir)).vault;
    const pair = (vault: typeof one, name: string) =>
      vault.transact((state) => {
        // Were half a transaction written before a conflict, the second attempt would meet it.
        if (state.teams.has(teamCreatedId(name))) throw new Error(`half of ${name} was written`);
        return { events: [teamCreated(name), environmentCreated(name)], result: undefined };
      });
    const names = ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h'];
    await Promise.all(names.map((name, index) => pair(index % 2 === 0 ? one : two, name)));
    expect(logLines(dir)).toHaveLength(17);
  });

  it('do not undo each other’s change of the slot', async () => {
    const dir = freshDir();
    const one = await create(dir);
    const two = (await reopen(dir)).vault;
    await one.changePassphrase(passphrase, 'next passphrase ok');
    await two.setKeychainSlot(new Uint8Array(32).fill(1));
    await two.lock();
    expect(one.hasKeychainSlot()).toBe(true);
    await one.lock();
    await expect(reopen(dir)).rejects.toMatchObject({ code: 'VAULT_WRONG_PASSPHRASE' });
    await reopen(dir, 'next passphrase ok');
  });

  it('refuse to write on when the log was replaced by another of the same length', async () => {
    const dir = freshDir();
    const vault = await create(dir);
    await write(vault, teamCreated('a'));
    const lines = logLines(dir);
    const [first, last] = [lines[0]!, lines[1]!];
    writeLog(dir, [first, last.slice(0, -5) + (last.at(-5) === 'A' ? 'B' : 'A') + last.slice(-4)]);
    await expect(write(vault, teamCreated('b'))).rejects.toMatchObject({ code: 'VAULT_CORRUPT' });
    rmSync(join(dir, 'vault.log'));
    await expect(write(vault, teamCreated('b'))).rejects.toMatchObject({ code: 'VAULT_CORRUPT' });
    expect(readdirSync(dir)).not.toContain('vault.log');
  });

  it('decide again on the newest state when the other was quicker', async () => {
    const dir = freshDir();
    const one = await create(dir);
    const two = (await reopen(dir)).vault;
    await write(one, teamCreated('a'));
    const seen: number[] = [];
    await two.transact((state) => {
      seen.push(state.teams.size);
      return { events: state.teams.size === 0 ? [teamCreated('b')] : [], result: undefined };
    });
    expect(seen.at(-1)).toBe(1);
    expect(logLines(dir)).toHaveLength(2);
  });
});

describe('vault.json', () => {
  it('is replaced by its copy when it is damaged, and the damaged file is kept', async () => {
    const dir = freshDir();
    await (await create(dir)).lock();
    for (const damage of ['', '\0\0\0\0', '{"format":1}', '{"format":9,"vaultId":"x","slots":[]}']) {
      const before = readFileSync(join(dir, 'vault.backup.json'), 'utf8');
      writeFileSync(join(dir, 'vault.json'), damage);
      expect(vaultExists(depsOn(dir))).toBe('present');
      const { vault, report } = await reopen(dir);
      expect(report.restoredKeyFile).toBe(true);
      await vault.lock();
      expect(vaultJson(dir).slots).toEqual((JSON.parse(before) as VaultFile).slots);
      const kept = readdirSync(dir).filter((name) => name.startsWith('vault.json.damaged-'));
      expect(kept.map((name) => readFileSync(join(dir, name), 'utf8'))).toContain(damage);
    }
  });

  it.each([
    ['was changed', (sealed: string) => ({ operatorId: 'x', sealed: `${sealed.slice(0, -4)}AAAA` })],
    ['has no form', () => 17],
    ['belongs to somebody else', (sealed: string) => ({ operatorId: 'somebody', sealed })],
  ])('opens by a whole replay when its checkpoint %s', async (_what, change) => {
    const dir = freshDir();
    const vault = await create(dir);
    await write(vault, teamCreated('a'));
    await vault.lock();
    const file = vaultJson(dir);
    const own = { operatorId: file.slots[0]!.operatorId };
    const changed = change(file.checkpoint!.sealed);
    const checkpoint =
      typeof changed === 'object' && changed.operatorId === 'x' ? { ...changed, ...own } : changed;
    for (const name of ['vault.json', 'vault.backup.json']) {
      writeFileSync(join(dir, name), JSON.stringify({ ...file, checkpoint }));
    }
    const { report, vault: opened } = await reopen(dir);
    expect(report).toEqual({ usedCheckpoint: false });
    expect(opened.state().teams.size).toBe(1);
  });

  it('stops, and changes nothing, when the copy is damaged too', async () => {
    const dir = freshDir();
    await (await create(dir)).lock();
    for (const name of ['vault.json', 'vault.backup.json']) writeFileSync(join(dir, name), '{');
    expect(vaultExists(depsOn(dir))).toBe('damaged');
    await expect(reopen(dir)).rejects.toMatchObject({ code: 'VAULT_CORRUPT' });
    expect(readFileSync(join(dir, 'vault.json'), 'utf8')).toBe('{');
  });

  it.each([
    ['memoryKiB', 104_857_600],
    ['memoryKiB', 8],
    ['passes', 1_000_000],
    ['passes', 1],
    ['parallelism', 255],
    ['memoryKiB', 1.5],
  ])('is refused before any work when its %s is %d', async (name, value) => {
    const dir = freshDir();
    await (await create(dir)).lock();
    const file = vaultJson(dir);
    const slots = file.slots.map((slot) => ({ ...slot, kdf: { ...slot.kdf, [name]: value } }));
    for (const path of ['vault.json', 'vault.backup.json']) {
      writeFileSync(join(dir, path), JSON.stringify({ ...file, slots }));
    }
    const deps: VaultDeps = {
      ...depsOn(dir),
      deriveKey: () => Promise.reject(new Error('the KDF was started')),
    };
    await expect(openVault(deps, { passphrase })).rejects.toMatchObject({
      code: Number.isInteger(value) ? 'VAULT_KDF_OUT_OF_BOUNDS' : 'VAULT_CORRUPT',
    });
  });

  it('does not open with costs that were changed within the bounds', async () => {
    const dir = freshDir();
    await (await create(dir)).lock();
    const file = vaultJson(dir);
    const slots = file.slots.map((slot) => ({ ...slot, kdf: { ...slot.kdf, passes: 3 } }));
    writeFileSync(join(dir, 'vault.json'), JSON.stringify({ ...file, slots }));
    await expect(reopen(dir)).rejects.toMatchObject({ code: 'VAULT_WRONG_PASSPHRASE' });
  });
});

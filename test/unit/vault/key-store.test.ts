import { execFileSync } from 'node:child_process';
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { LatchkeyError } from '../../../shared/errors.ts';
import { withFileLock } from '../../../src-main/disk/file-lock.ts';
import { openKeyStore } from '../../../src-main/vault/key-store.ts';
import { openKeys } from '../../../src-main/vault/open-keys.ts';
import type { KeySlot, KeyStore, VaultFile } from '../../../src-main/vault/vault-file.ts';
import type { Fault } from '../../support/faulty-disk.ts';
import { everyFault, faultyDisk } from '../../support/faulty-disk.ts';
import { cleanTempDirs, tempDir } from '../../support/temp-dir.ts';
import { makeSlot, passphrase, quickDeriveKey, vaultId, withSlot } from './key-support.ts';

cleanTempDirs();

const main = (dir: string) => join(dir, 'vault.json');
const copy = (dir: string) => join(dir, 'vault.backup.json');
const textOf = (path: string) => (existsSync(path) ? readFileSync(path, 'utf8') : undefined);
const json = (path: string) => JSON.parse(readFileSync(path, 'utf8')) as Record<string, unknown>;
const edit = (path: string, change: (file: Record<string, unknown>) => Record<string, unknown>) =>
  writeFileSync(path, JSON.stringify(change(json(path))));
const unlock = (dir: string, by = passphrase) =>
  openKeys({ keyStore: openKeyStore(dir), deriveKey: quickDeriveKey }, { passphrase: by });
const slotOf = (store: KeyStore): KeySlot | undefined => store.read()?.file.slots[0];

const fewFaults = ['ENOSPC', 'EIO', 'EROFS', 'SHORT'] as const;

/** A folder with a finished vault.json and its copy. */
async function keptIn(slot: KeySlot): Promise<string> {
  const dir = tempDir();
  const store = openKeyStore(dir, { disk: faultyDisk().disk });
  await store.create({ vaultId, slots: [slot] });
  await store.finish();
  return dir;
}

describe('vault.json', () => {
  it('is written twice, readable by its owner alone', async () => {
    const slot = await makeSlot();
    const dir = await keptIn(slot);
    expect(textOf(main(dir))).toBe(textOf(copy(dir)));
    expect(json(main(dir))).toMatchObject({ format: 1, vaultId, revision: 2, slots: [slot] });
    expect(json(main(dir))).not.toHaveProperty('unfinished');
    expect([statSync(main(dir)).mode & 0o777, statSync(copy(dir)).mode & 0o777]).toEqual([0o600, 0o600]);
  });

  it('is not made twice', async () => {
    const slot = await makeSlot();
    const dir = await keptIn(slot);
    const before = textOf(main(dir));
    await expect(openKeyStore(dir).create({ vaultId, slots: [slot] })).rejects.toMatchObject({
      code: 'VAULT_EXISTS',
    });
    expect(textOf(main(dir))).toBe(before);
  });

  it('keeps members that this version does not know, wherever they stand, on every write', async () => {
    const slot = { ...(await makeSlot()), keychain: { sealed: 'x', later: 1 }, later: ['a'] };
    const dir = await keptIn({ ...slot, kdf: { ...slot.kdf, later: true } });
    edit(main(dir), (file) => ({ ...file, later: { deep: [1, null, 'x'] } }));
    await openKeyStore(dir).update((file) => ({
      ...file,
      slots: file.slots.map((one) => ({ ...one, operatorName: 'Eve' })),
    }));
    for (const path of [main(dir), copy(dir)]) {
      expect(json(path)).toMatchObject({
        later: { deep: [1, null, 'x'] },
        slots: [{ operatorName: 'Eve', later: ['a'], keychain: { later: 1 }, kdf: { later: true } }],
      });
    }
  });

  it('loses no change of two programs that write at once', async () => {
    const dir = await keptIn(await makeSlot());
    const add = (name: string) =>
      openKeyStore(dir, { giveUpAfterMs: 60_000 }).update((file) => ({ ...file, [name]: 1 }));
    await Promise.all(['a', 'b', 'c', 'd'].map(add));
    expect(json(main(dir))).toMatchObject({ a: 1, b: 1, c: 1, d: 1, revision: 6 });
  });

  it('is not written while another program holds the lock', async () => {
    const dir = await keptIn(await makeSlot());
    await withFileLock(join(dir, 'vault.lock'), {}, async () => {
      await expect(openKeyStore(dir, { giveUpAfterMs: 0 }).update((file) => file)).rejects.toMatchObject({
        code: 'VAULT_BUSY',
      });
    });
  });

  it('of a newer format is refused as such, and not touched', async () => {
    const dir = await keptIn(await makeSlot());
    for (const path of [main(dir), copy(dir)]) edit(path, (file) => ({ ...file, format: 2, revision: 9 }));
    const before = textOf(main(dir));
    const newer = { code: 'VAULT_NEEDS_NEWER_VERSION', details: { format: 2, supported: 1 } };
    await expect(unlock(dir)).rejects.toMatchObject(newer);
    await expect(openKeyStore(dir).update((file) => file)).rejects.toMatchObject(newer);
    expect(textOf(main(dir))).toBe(before);
    rmSync(main(dir));
    await expect(unlock(dir)).rejects.toMatchObject(newer);
  });

  it('of a newer format is refused also when the newer program stopped before the copy', async () => {
    const dir = await keptIn(await makeSlot());
    edit(main(dir), (file) => ({ ...file, format: 2, revision: 3 }));
    await expect(unlock(dir)).rejects.toMatchObject({ code: 'VAULT_NEEDS_NEWER_VERSION' });
  });

  it.skipIf(process.platform === 'win32')('is never waited for when it is a pipe or a folder', async () => {
    const dir = await keptIn(await makeSlot());
    rmSync(main(dir));
    execFileSync('mkfifo', [main(dir)]);
    expect(await unlock(dir)).toMatchObject({ restoredKeyFile: true });
    rmSync(copy(dir));
    mkdirSync(copy(dir));
    expect(await unlock(dir)).toMatchObject({ restoredKeyFile: false, warnings: [] });
    expect(textOf(copy(dir))).toBe(textOf(main(dir)));
  });
});

describe('a damaged vault.json', () => {
  const deep = '['.repeat(200_000) + ']'.repeat(200_000);
  const damages: Record<string, (path: string, text: string) => void> = {
    'nests so deeply that going through it ends the stack': (path, text) =>
      writeFileSync(path, text.replace('{', `{"more":${deep},`)),
    'has more slots than memory has room for complaints': (path, text) =>
      writeFileSync(path, text.replace(/"slots": \[/, `"slots": [${'0,'.repeat(2_000_000)}`)),
    'is a link that leads to itself': (path) => {
      rmSync(path);
      symlinkSync(path, path);
    },
  };
  it.skipIf(process.platform === 'win32').each(Object.entries(damages))(
    'that %s costs nothing while the copy is whole',
    async (_what, damage) => {
      const dir = await keptIn(await makeSlot());
      damage(main(dir), readFileSync(main(dir), 'utf8'));
      expect(await unlock(dir)).toMatchObject({ restoredKeyFile: true, warnings: [] });
      expect(json(main(dir))).toMatchObject({ vaultId });
    },
  );

  it('opens after any one flipped bit while the copy is whole, and is repaired and kept', async () => {
    const dir = await keptIn(await makeSlot());
    const whole = readFileSync(main(dir));
    const { disk } = faultyDisk();
    let fromCopy = 0;
    // Every third, so that each place of a byte has its turn.
    for (let bit = 0; bit < whole.length * 8; bit += 3) {
      const damaged = Buffer.from(whole);
      damaged[bit >> 3] = (damaged[bit >> 3] ?? 0) ^ (1 << (bit & 7));
      writeFileSync(main(dir), damaged);
      const real = openKeyStore(dir, { disk });
      // A repair takes its time, so one in a hundred is carried out.
      const isRepaired = bit % 102 === 0;
      const told: KeyStore['confirm'] = async (from) => ({ restored: from === 'copy', warnings: [] });
      const keyStore = isRepaired ? real : { ...real, confirm: told };
      // oxlint-disable-next-line no-await-in-loop
      const opened = await openKeys({ keyStore, deriveKey: quickDeriveKey }, { passphrase }).catch(
        (error: unknown) => error,
      );
      const label = `bit ${bit}: ${damaged.toString('latin1')}`;
      expect(opened, label).toMatchObject({ warnings: [], content: { vaultId } });
      const isFromCopy = (opened as { restoredKeyFile: boolean }).restoredKeyFile;
      fromCopy += isFromCopy ? 1 : 0;
      if (!isRepaired) continue;
      if (isFromCopy) {
        expect(readFileSync(join(dir, 'vault.json.damaged-1')).equals(damaged), label).toBe(true);
        rmSync(join(dir, 'vault.json.damaged-1'));
        expect(json(main(dir)), label).toMatchObject({
          slots: (JSON.parse(whole.toString()) as VaultFile).slots,
        });
      }
      expect(textOf(copy(dir)), label).toBe(textOf(main(dir)));
      writeFileSync(copy(dir), whole);
    }
    // The others opened as they are: white space, and names that are shown only.
    expect(fromCopy).toBeGreaterThan(whole.length * 2);
  }, 120_000);

  it('that is cut, emptied or gone is made again from the copy', async () => {
    const dir = await keptIn(await makeSlot());
    const whole = textOf(main(dir)) ?? '';
    for (const damaged of ['', whole.slice(0, 200), '\0'.repeat(whole.length), undefined]) {
      if (damaged === undefined) rmSync(main(dir));
      else writeFileSync(main(dir), damaged);
      // oxlint-disable-next-line no-await-in-loop
      expect(await unlock(dir)).toMatchObject({ restoredKeyFile: true, warnings: [] });
      expect(json(main(dir))).toMatchObject({ slots: (JSON.parse(whole) as { slots: object[] }).slots });
      expect(textOf(copy(dir))).toBe(textOf(main(dir)));
    }
    expect(readdirSync(dir).filter((name) => name.includes('damaged'))).toHaveLength(3);
  });

  it('with a damaged copy too is named as such, and nothing is touched', async () => {
    const dir = await keptIn(await makeSlot());
    writeFileSync(main(dir), '{');
    writeFileSync(copy(dir), '');
    await expect(unlock(dir)).rejects.toMatchObject({ code: 'VAULT_CORRUPT' });
    await expect(openKeyStore(dir).update((file) => file)).rejects.toMatchObject({ code: 'VAULT_CORRUPT' });
    expect([textOf(main(dir)), textOf(copy(dir))]).toEqual(['{', '']);
  });

  it('opens although the disk does not take the repair, and later changes build on the copy', async () => {
    const good = await makeSlot();
    const dir = await keptIn(good);
    edit(main(dir), (file) => ({ ...file, slots: [{ ...good, sealed: good.sealed.replace(/.$/, '') }] }));
    const full = { at: 0, code: 'ENOSPC', lasting: true } as const;
    const { disk } = faultyDisk();
    let isFull = true;
    const sometimes = {
      ...disk,
      async: {
        ...disk.async,
        write: (...args: Parameters<typeof disk.async.write>) =>
          isFull ? faultyDisk(full).disk.async.write(...args) : disk.async.write(...args),
      },
    };
    const store = openKeyStore(dir, { disk: sometimes });
    const opened = await openKeys({ keyStore: store, deriveKey: quickDeriveKey }, { passphrase });
    expect(opened.restoredKeyFile).toBe(false);
    expect(opened.warnings).toEqual([expect.stringContaining('The disk is full')]);
    isFull = false;
    await store.update((file) => ({ ...file, changed: 1 }));
    for (const path of [main(dir), copy(dir)])
      expect(json(path)).toMatchObject({ changed: 1, slots: [good] });
    expect(existsSync(join(dir, 'vault.json.damaged-1'))).toBe(true);
  });

  it('whose copy is damaged or gone gets a new copy with the next unlock', async () => {
    const dir = await keptIn(await makeSlot());
    for (const damaged of ['{', undefined]) {
      if (damaged === undefined) rmSync(copy(dir));
      else writeFileSync(copy(dir), damaged);
      // oxlint-disable-next-line no-await-in-loop
      expect(await unlock(dir)).toMatchObject({ restoredKeyFile: false, warnings: [] });
      expect(textOf(copy(dir))).toBe(textOf(main(dir)));
    }
  });
});

describe('a changed passphrase', () => {
  it('is not undone by the copy when the machine stopped between the two files', async () => {
    const dir = await keptIn(await makeSlot('the old passphrase'));
    const old = textOf(copy(dir)) ?? '';
    await openKeyStore(dir).update(withSlot(await makeSlot('the new passphrase')));
    writeFileSync(copy(dir), old);
    await expect(unlock(dir, 'the old passphrase')).rejects.toMatchObject({ code: 'VAULT_WRONG_PASSPHRASE' });
    expect(await unlock(dir, 'the new passphrase')).toMatchObject({ restoredKeyFile: false });
    expect(textOf(copy(dir))).toBe(textOf(main(dir)));
  });

  it('survives an older vault.json put in its place: the newer copy opens, and is kept either way', async () => {
    const dir = await keptIn(await makeSlot('the old passphrase'));
    const old = textOf(main(dir)) ?? '';
    await openKeyStore(dir).update(withSlot(await makeSlot('the new passphrase')));
    const newer = textOf(copy(dir));
    writeFileSync(main(dir), old);
    expect(await unlock(dir, 'the old passphrase')).toMatchObject({ restoredKeyFile: false });
    expect(textOf(join(dir, 'vault.backup.json.newer-1'))).toBe(newer);
    writeFileSync(main(dir), old);
    writeFileSync(copy(dir), newer ?? '');
    expect(await unlock(dir, 'the new passphrase')).toMatchObject({ restoredKeyFile: true });
  });

  it('costs one key derivation when it is wrong and the copy holds the same', async () => {
    const dir = await keptIn(await makeSlot());
    let derived = 0;
    const deriveKey: typeof quickDeriveKey = (...args) => {
      derived += 1;
      return quickDeriveKey(...args);
    };
    await expect(
      openKeys({ keyStore: openKeyStore(dir), deriveKey }, { passphrase: 'wrong' }),
    ).rejects.toMatchObject({
      code: 'VAULT_WRONG_PASSPHRASE',
    });
    expect(derived).toBe(1);
  });
});

describe('a disk that fails', () => {
  /** Many folders that are alike: made once, then copied. */
  const copiesOf = async (slot: KeySlot) => {
    const made = await keptIn(slot);
    return () => {
      const dir = tempDir();
      for (const path of [main, copy]) copyFileSync(path(made), path(dir));
      return dir;
    };
  };

  const attempt = async (dir: string, slot: KeySlot, fault?: Fault) => {
    const { disk, calls } = faultyDisk(fault);
    const outcome = await openKeyStore(dir, { disk })
      .update(withSlot(slot))
      .catch((error: unknown) => error);
    return { outcome, calls };
  };

  it('leaves the old keys or the new ones, whole, and says which, whichever call fails', async () => {
    const [before, after] = [await makeSlot('before'), await makeSlot('after')];
    const fresh = await copiesOf(before);
    const { calls } = await attempt(fresh(), after);
    for (const fault of everyFault(calls, fewFaults)) {
      const dir = fresh();
      // oxlint-disable-next-line no-await-in-loop
      const { outcome } = await attempt(dir, after, fault);
      const label = JSON.stringify({ ...fault, call: calls[fault.at] });
      if (outcome instanceof LatchkeyError) {
        expect(outcome.code, label).toBe('VAULT_UNAVAILABLE');
        expect(slotOf(openKeyStore(dir)), label).toEqual(before);
      } else {
        expect(outcome, label).toHaveProperty('warnings');
        expect(slotOf(openKeyStore(dir)), label).toEqual(after);
        const isCopied = textOf(copy(dir)) === textOf(main(dir));
        if (!isCopied) expect((outcome as { warnings: string[] }).warnings, label).not.toEqual([]);
      }
      // Whatever happened, each of the two is whole.
      for (const path of [main(dir), copy(dir)]) expect(json(path), label).toHaveProperty('slots');
    }
  });

  it('leaves a whole file at every instant at which the machine may stop', async () => {
    const [before, after] = [await makeSlot('before'), await makeSlot('after')];
    const fresh = await copiesOf(before);
    const { calls } = await attempt(fresh(), after);
    for (let at = 0; at < calls.length; at += 1) {
      const dir = fresh();
      // oxlint-disable-next-line no-await-in-loop
      await attempt(dir, after, { at, code: 'CRASH' });
      expect([before, after], `call ${at}`).toContainEqual(slotOf(openKeyStore(dir)));
    }
  });

  it('leaves a whole file at every instant of a repair', async () => {
    const slot = await makeSlot();
    const fresh = await copiesOf(slot);
    const damage = () => {
      const dir = fresh();
      writeFileSync(main(dir), '{');
      return dir;
    };
    const { disk, calls } = faultyDisk();
    await openKeyStore(damage(), { disk }).confirm('copy');
    for (const fault of [...everyFault(calls), ...calls.map((_, at) => ({ at, code: 'CRASH' as const }))]) {
      const dir = damage();
      // oxlint-disable-next-line no-await-in-loop
      await openKeyStore(dir, { disk: faultyDisk(fault).disk })
        .confirm('copy')
        .catch((error: unknown) => expect(error).toBeInstanceOf(LatchkeyError));
      expect(slotOf(openKeyStore(dir)), JSON.stringify(fault)).toEqual(slot);
    }
  }, 120_000);

  it('makes no keys, or all of them and says so, whichever call fails', async () => {
    const slot = await makeSlot();
    const create = async (dir: string, fault?: Fault) => {
      const { disk, calls } = faultyDisk(fault);
      const outcome = await openKeyStore(dir, { disk })
        .create({ vaultId, slots: [slot] })
        .catch((error: unknown) => error);
      return { outcome, calls };
    };
    const { calls } = await create(tempDir());
    for (const fault of everyFault(calls, fewFaults)) {
      const dir = tempDir();
      // oxlint-disable-next-line no-await-in-loop
      const { outcome } = await create(dir, fault);
      const made = openKeyStore(dir).read();
      if (outcome instanceof LatchkeyError) expect(made, JSON.stringify(fault)).toBeUndefined();
      else expect(made?.file, JSON.stringify(fault)).toMatchObject({ unfinished: true, slots: [slot] });
    }
  });
});

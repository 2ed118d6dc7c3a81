import { execFileSync } from 'node:child_process';
import {
  appendFileSync,
  existsSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { LatchkeyError } from '../../../shared/errors.ts';
import { maxDenialsBytes } from '../../../src-main/vault/denials-file.ts';
import { openHeadCopies } from '../../../src-main/vault/head-copy-file.ts';
import type { HeadCopy } from '../../../src-main/vault/head-copy.ts';
import { defaultStateDir } from '../../../src-main/vault/state-dir.ts';
import { everyFault, faultyDisk } from '../../support/faulty-disk.ts';
import { cleanTempDirs, tempDir } from '../../support/temp-dir.ts';

cleanTempDirs();

const vaultId = 'AAAAAAAAAAAAAAAAAAAAAA';
const copyAt = (seq: number, note = 'x'): HeadCopy => ({
  seq,
  hash: `hash${note}`,
  head: `a.b.${note}`,
  signers: [
    {
      kid: 'ada.0',
      signKey: { kty: 'OKP', crv: 'Ed25519', x: 'A'.repeat(43) },
      role: 'admin',
      removed: true,
    },
  ],
});
const denial = (seq: number, ...tokens: string[]) => ({ seq, denies: { tokens } });
const files = (dir: string) => ({
  copy: join(dir, 'heads', `${vaultId}.json`),
  denials: join(dir, 'heads', `${vaultId}.denials`),
});

describe('the head copy', () => {
  it('is there for whoever asks next, with the signers, and nothing is made by reading', async () => {
    const dir = join(tempDir(), 'state');
    expect(await openHeadCopies(dir).read(vaultId)).toBeUndefined();
    expect(await openHeadCopies(dir).denialsFrom(vaultId, 0)).toEqual([]);
    expect(existsSync(dir)).toBe(false);
    await openHeadCopies(dir).note(vaultId, copyAt(3), []);
    expect(await openHeadCopies(dir).read(vaultId)).toEqual(copyAt(3));
    expect(await openHeadCopies(dir).read('BBBBBBBBBBBBBBBBBBBBBB')).toBeUndefined();
  });

  it.skipIf(process.platform === 'win32')('is read by nobody else', async () => {
    const dir = tempDir();
    await openHeadCopies(dir).note(vaultId, copyAt(3), [denial(1, 'a')]);
    expect(statSync(join(dir, 'heads')).mode & 0o777).toBe(0o700);
    for (const name of readdirSync(join(dir, 'heads')))
      expect(statSync(join(dir, 'heads', name)).mode & 0o777, name).toBe(0o600);
  });

  it('is raised and never lowered by what was read', async () => {
    const copies = openHeadCopies(tempDir());
    await copies.note(vaultId, copyAt(5), []);
    await copies.note(vaultId, copyAt(4, 'lower'), []);
    await copies.note(vaultId, copyAt(5, 'other'), []);
    expect(await copies.read(vaultId)).toEqual(copyAt(5));
    await copies.note(vaultId, copyAt(6), []);
    expect(await copies.read(vaultId)).toEqual(copyAt(6));
  });

  it('ends at the highest of many that are noted at once', async () => {
    const dir = tempDir();
    const order = [7, 3, 9, 1, 8, 2, 6, 5, 4];
    await Promise.all(
      order.map((seq) => openHeadCopies(dir).note(vaultId, copyAt(seq), [denial(seq, `t${seq}`)])),
    );
    expect(await openHeadCopies(dir).read(vaultId)).toEqual(copyAt(9));
    const denials = await openHeadCopies(dir).denialsFrom(vaultId, 1);
    expect(denials).toEqual(order.toSorted((a, b) => a - b).map((seq) => denial(seq, `t${seq}`)));
  });

  it('is lowered by a restore, which forgets what the lost lines denied', async () => {
    const copies = openHeadCopies(tempDir());
    await copies.note(vaultId, copyAt(9), [denial(2, 'a'), denial(6, 'b'), denial(8, 'c')]);
    expect(await copies.denialsFrom(vaultId, 6)).toEqual([denial(6, 'b'), denial(8, 'c')]);
    await copies.lower(vaultId, copyAt(5, 'restored'), 6);
    expect(await copies.read(vaultId)).toEqual(copyAt(5, 'restored'));
    expect(await copies.denialsFrom(vaultId, 0)).toEqual([denial(2, 'a')]);
  });

  it('keeps a removed signer removed, and a signer whom an older log does not know', async () => {
    const copies = openHeadCopies(tempDir());
    const [ada] = copyAt(0).signers;
    const [bob, eve] = [
      { ...ada!, kid: 'bob.1', removed: false },
      { ...ada!, kid: 'eve.1', removed: true },
    ];
    await copies.note(vaultId, { ...copyAt(9), signers: [bob, eve] }, []);
    const older = { ...copyAt(5), signers: [{ ...eve, removed: false }] };
    await copies.lower(vaultId, older, 6);
    expect((await copies.read(vaultId))?.signers).toEqual([eve, bob]);
    await copies.note(vaultId, { ...older, seq: 7 }, []);
    expect((await copies.read(vaultId))?.signers).toEqual([eve, bob]);
  });

  it('that is damaged, or of another vault, is said and not taken for none, nor overwritten', async () => {
    const dir = tempDir();
    const copies = openHeadCopies(dir);
    await copies.note(vaultId, copyAt(3), []);
    const whole = readFileSync(files(dir).copy, 'utf8');
    const foreign = whole.replace(vaultId, 'BBBBBBBBBBBBBBBBBBBBBB');
    for (const text of ['', whole.slice(0, 40), foreign, whole.replace('"seq":3', '"seq":3,"more":1')]) {
      writeFileSync(files(dir).copy, text);
      await expect(copies.read(vaultId)).rejects.toMatchObject({ code: 'VAULT_CORRUPT' });
      await expect(copies.note(vaultId, copyAt(9), [])).rejects.toMatchObject({ code: 'VAULT_CORRUPT' });
      expect(readFileSync(files(dir).copy, 'utf8')).toBe(text);
    }
  });

  it.each(['../x', 'a/b', '', 'a\0b', 'x'.repeat(300)])('takes no file name for a vault: %j', async (id) => {
    await expect(openHeadCopies(tempDir()).read(id)).rejects.toThrow('not the id of a vault');
  });

  it('says that the folder cannot be made', async () => {
    const path = join(tempDir(), 'file');
    writeFileSync(path, '');
    await expect(openHeadCopies(path).note(vaultId, copyAt(1), [])).rejects.toMatchObject({
      code: 'VAULT_UNAVAILABLE',
    });
  });
});

describe('the denials beside it', () => {
  it('are kept once each, also when several processes note the same lines', async () => {
    const dir = tempDir();
    await openHeadCopies(dir).note(vaultId, copyAt(3), [denial(1, 'a'), denial(2, 'b')]);
    await openHeadCopies(dir).note(vaultId, copyAt(4), [denial(2, 'b'), denial(3, 'c')]);
    expect(readFileSync(files(dir).denials, 'utf8').split('\n')).toHaveLength(4);
    const ends = { seq: 4, denies: { ends: { a: 1 }, teams: ['t'], environments: [], channels: ['c'] } };
    await openHeadCopies(dir).note(vaultId, copyAt(5), [ends]);
    expect(await openHeadCopies(dir).denialsFrom(vaultId, 3)).toEqual([denial(3, 'c'), ends]);
  });

  it('lose only the half line that a crash left', async () => {
    const dir = tempDir();
    const copies = openHeadCopies(dir);
    await copies.note(vaultId, copyAt(3), [denial(1, 'a')]);
    appendFileSync(files(dir).denials, '{"seq":2,"denies":{"tok');
    expect(await copies.denialsFrom(vaultId, 0)).toEqual([denial(1, 'a')]);
    await copies.note(vaultId, copyAt(4), [denial(2, 'ä')]);
    expect(await copies.denialsFrom(vaultId, 0)).toEqual([denial(1, 'a'), denial(2, 'ä')]);
  });

  it('are said to be damaged, rather than lifted in silence', async () => {
    const dir = tempDir();
    mkdirSync(join(dir, 'heads'));
    writeFileSync(files(dir).denials, '{"seq":1,"denies":{"tokens":["a"],"more":[]}}\n');
    await expect(openHeadCopies(dir).denialsFrom(vaultId, 0)).rejects.toMatchObject({
      code: 'VAULT_CORRUPT',
    });
  });

  it('stay within their bound: the oldest go', async () => {
    const dir = tempDir();
    const copies = openHeadCopies(dir);
    const tokens = Array.from({ length: 30_000 }, (_, index) => `token-id-${index}`.padEnd(22, 'x'));
    for (let seq = 1; seq <= 26; seq += 1) await copies.note(vaultId, copyAt(seq), [denial(seq, ...tokens)]);
    expect(statSync(files(dir).denials).size).toBeLessThanOrEqual(maxDenialsBytes);
    const kept = await copies.denialsFrom(vaultId, 0);
    expect(kept.length).toBeGreaterThan(10);
    expect(kept.at(-1)).toEqual(denial(26, ...tokens));
  });
});

describe('a disk that fails while a copy is noted', () => {
  const before = copyAt(3, 'before');
  const after = copyAt(4, 'after');
  const prepared = async () => {
    const dir = tempDir();
    await openHeadCopies(dir).note(vaultId, before, [denial(1, 'a')]);
    return dir;
  };

  it('leaves the old copy or the new one, and no copy without its denials, and never says done for undone', async () => {
    const counting = faultyDisk();
    await openHeadCopies(await prepared(), { disk: counting.disk }).note(vaultId, after, [denial(4, 'b')]);
    expect(counting.calls.length).toBeGreaterThan(20);
    for (const fault of everyFault(counting.calls)) {
      if (fault.code === 'EDQUOT' || fault.code === 'EFBIG') continue;
      const dir = await prepared();
      const said = await openHeadCopies(dir, { disk: faultyDisk(fault).disk })
        .note(vaultId, after, [denial(4, 'b')])
        .then(
          () => 'done' as const,
          (error: unknown) => error,
        );
      const copy = await openHeadCopies(dir).read(vaultId);
      const denials = await openHeadCopies(dir).denialsFrom(vaultId, 0);
      const label = JSON.stringify(fault);
      expect([before, after], label).toContainEqual(copy);
      if (said === 'done' || copy?.seq === 4)
        expect({ copy, denials }, label).toEqual({ copy: after, denials: [denial(1, 'a'), denial(4, 'b')] });
      if (said !== 'done') {
        expect(said, label).toMatchObject({ code: 'VAULT_UNAVAILABLE' });
        const { outcome } = (said as LatchkeyError<'VAULT_UNAVAILABLE'>).details;
        if (outcome !== 'unknown') expect(copy, label).toEqual(before);
      }
      // A disk that works again takes it.
      await openHeadCopies(dir).note(vaultId, after, [denial(4, 'b')]);
      expect(await openHeadCopies(dir).read(vaultId), label).toEqual(after);
    }
  }, 120_000);
});

describe('the state folder', () => {
  it('is a temporary one in every test, also for what a test starts', () => {
    const inChild = execFileSync(process.execPath, ['-p', 'process.env.LATCHKEY_STATE_DIR'], {
      encoding: 'utf8',
    });
    expect(inChild.trim()).toBe(defaultStateDir());
    expect(defaultStateDir()).toContain('latchkey-test-state-');
  });

  it.each([
    [{ LATCHKEY_STATE_DIR: '/given', XDG_STATE_HOME: '/xdg' }, 'linux', /^\/given$/],
    [{ LATCHKEY_STATE_DIR: '', XDG_STATE_HOME: '/xdg' }, 'linux', /^\/xdg\/latchkey$/],
    [{ XDG_STATE_HOME: 'relative' }, 'linux', /\/\.local\/state\/latchkey$/],
    [{}, 'linux', /\/\.local\/state\/latchkey$/],
    [{ XDG_STATE_HOME: '/xdg' }, 'darwin', /\/Library\/Application Support\/Latchkey State$/],
    [{ LOCALAPPDATA: '/local' }, 'win32', /^\/local\/Latchkey\/State$/],
    [{}, 'win32', /\/AppData\/Local\/Latchkey\/State$/],
  ])('by %j on %s is %s', (env, platform, expected) => {
    expect(defaultStateDir(env, platform).replaceAll('\\', '/')).toMatch(expected);
  });
});

import { copyFileSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, describe, expect, it } from 'vitest';
import type { Clear } from '../../../src-main/vault/domain.ts';
import { openFileBackend } from '../../../src-main/vault/file-backend.ts';
import { followPublic, startPlace } from '../../../src-main/vault/follow-public.ts';
import { hashLine } from '../../../src-main/vault/line.ts';
import type { UnlockBy } from '../../../src-main/vault/open-keys.ts';
import { openVault } from '../../../src-main/vault/vault.ts';
import { partsIn, plainState, write } from '../../support/organization-vault.ts';
import { cleanTempDirs, tempDir } from '../../support/temp-dir.ts';

const source = fileURLToPath(new URL('../../vectors/vault-v1/', import.meta.url));
const expected = JSON.parse(readFileSync(join(source, 'state.json'), 'utf8')) as {
  readonly lines: number;
  readonly void: readonly { readonly seq: number; readonly signer: string; readonly code: string }[];
  readonly unreadable: readonly number[];
  readonly state: unknown;
  readonly keyless: {
    readonly void: readonly { readonly seq: number }[];
    readonly denials: readonly { readonly seq: number; readonly denies: Clear['denies'] }[];
    readonly operators: unknown;
  };
};
const keychainSecret = new Uint8Array(32).fill(0x2a);
/** Key file and passphrase of each operator. */
const people = {
  ada: ['vault.json', 'correct horse battery staple'],
  lena: ['lena.vault.json', 'lena leads the core team'],
  aude: ['aude.vault.json', 'aude only looks at things'],
} as const;
type Who = keyof typeof people;

cleanTempDirs();
const opened: { lock(): Promise<void> }[] = [];
afterEach(async () => {
  for (const vault of opened.splice(0)) await vault.lock();
});

/** A copy, since opening writes. */
function copyFor(who: Who): string {
  const dir = tempDir();
  for (const name of ['vault.log', 'vault.head']) copyFileSync(join(source, name), join(dir, name));
  copyFileSync(join(source, people[who][0]), join(dir, 'vault.json'));
  return dir;
}
async function open(dir: string, by: UnlockBy) {
  const { vault } = await openVault(partsIn(dir), by);
  opened.push(vault);
  return vault;
}

describe('a vault of format 1', () => {
  it.each<readonly [Who, string, UnlockBy]>([
    ['ada', 'passphrase', { passphrase: people.ada[1] }],
    ['ada', 'keychain', { keychainSecret }],
    ['lena', 'passphrase', { passphrase: people.lena[1] }],
    ['aude', 'passphrase', { passphrase: people.aude[1] }],
  ])('opens for %s by %s, with the same state and the same void lines', async (who, _how, by) => {
    const vault = await open(copyFor(who), by);
    expect(vault.seq()).toBe(expected.lines);
    expect(plainState(vault.state())).toEqual(expected.state);
    const { count, lines } = vault.voidLines();
    expect(count).toBe(expected.void.length);
    expect(lines.map(({ seq, signer, code }) => ({ seq, signer, code }))).toEqual(expected.void);
    const unreadable = vault.alarms().flatMap((one) => (one.kind === 'unreadable-content' ? [one.seq] : []));
    expect(unreadable).toEqual(expected.unreadable);
    expect(await vault.verify()).toMatchObject({ lines: expected.lines, head: 'anchored' });
  });

  it('gives the credentials of a channel to an admin, for their place only, and to nobody else', async () => {
    const place = { subject: 'main', origin: 'https://conda.example.org' };
    const ada = await open(copyFor('ada'), { passphrase: people.ada[1] });
    const [sealed = ''] = [...ada.state().channels.values()].flatMap((one) => one.sealedCredentials ?? []);
    expect(await ada.unsealSecret(sealed, place)).toContain('upstream password ü');
    await expect(ada.unsealSecret(sealed, { ...place, subject: 'builds' })).rejects.toMatchObject({
      code: 'VAULT_CORRUPT',
    });
    const lena = await open(copyFor('lena'), { passphrase: people.lena[1] });
    await expect(lena.unsealSecret(sealed, place)).rejects.toMatchObject({ code: 'OPERATION_NOT_ALLOWED' });
  });

  it('can be written on by whoever may, and opens again', async () => {
    const holder = (id: string) => ({
      type: 'holder.created',
      holder: { id, kind: 'service', name: id, note: '' },
    });
    const dir = copyFor('ada');
    const ada = await open(dir, { passphrase: people.ada[1] });
    await write(ada, holder('later'));
    copyFileSync(join(source, people.lena[0]), join(dir, 'vault.json'));
    copyFileSync(join(source, people.lena[0]), join(dir, 'vault.backup.json'));
    const lena = await open(dir, { passphrase: people.lena[1] });
    await write(lena, holder('latest'));
    expect(lena.seq()).toBe(expected.lines + 2);
    const aude = await open(copyFor('aude'), { passphrase: people.aude[1] });
    await expect(write(aude, holder('never'))).rejects.toMatchObject({ code: 'VAULT_UNAUTHORIZED_EVENT' });
  });

  it('can be followed without any key: signers, void lines and denials', async () => {
    const vaultId = (JSON.parse(readFileSync(join(source, 'vault.json'), 'utf8')) as { vaultId: string })
      .vaultId;
    const [first = ''] = readFileSync(join(source, 'vault.log'), 'utf8').split('\n');
    const backend = openFileBackend(copyFor('ada'));
    const found = { void: [] as { seq: number }[], denials: [] as unknown[], operators: [] as unknown[] };
    const place = startPlace(vaultId, hashLine(first));
    for await (const line of followPublic(place, backend.read({ seq: 0 }), { supportedFormat: 1 })) {
      if (line.isVoid) found.void.push({ seq: line.seq });
      if (line.denies !== undefined) found.denials.push({ seq: line.seq, denies: line.denies });
      found.operators = [...(line.place.authority?.operators ?? [])]
        .map(([signer, one]) => ({ signer, ...one }))
        .toSorted((a, b) => (a.signer < b.signer ? -1 : 1));
    }
    await backend.close();
    const voidPlaces = expected.keyless.void.map(({ seq }) => ({ seq }));
    expect(found).toEqual({ ...expected.keyless, void: voidPlaces });
  });
});

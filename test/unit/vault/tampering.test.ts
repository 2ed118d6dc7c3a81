import { CompactSign, importJWK } from 'jose';
import { describe, expect, it } from 'vitest';
import { LatchkeyError } from '../../../shared/errors.ts';
import { newKeyPair } from '../../../src-main/vault/seal.ts';
import { readPayload } from '../../../src-main/vault/line.ts';
import {
  create,
  dropCheckpoint,
  freshDir,
  logLines,
  reopen,
  teamCreated,
  write,
  writeLog,
} from './vault-support.ts';

/** A locked vault of six lines, the passphrase known. */
async function sixLines(): Promise<{ dir: string; lines: string[] }> {
  const dir = freshDir();
  const vault = await create(dir);
  for (const name of ['a', 'b', 'c', 'd', 'e']) await write(vault, teamCreated(name));
  await vault.lock();
  return { dir, lines: logLines(dir) };
}

async function failure(dir: string): Promise<LatchkeyError> {
  try {
    await reopen(dir);
  } catch (error) {
    if (error instanceof LatchkeyError) return error;
    throw error;
  }
  throw new Error('the damaged vault was opened');
}

describe.each([
  ['with a checkpoint', (): void => undefined],
  ['after its checkpoint was deleted', dropCheckpoint],
])('a vault %s', (_name, prepare) => {
  it('opens unchanged', async () => {
    const { dir } = await sixLines();
    prepare(dir);
    expect((await reopen(dir)).vault.state().teams.size).toBe(5);
  });

  it('finds a flipped byte in every line, and names a line at or next to it', async () => {
    const { dir, lines } = await sixLines();
    prepare(dir);
    for (const [index, line] of lines.entries()) {
      for (const at of [0, 5, 40, Math.floor(line.length / 2), line.length - 60, line.length - 1]) {
        const flipped = line.slice(0, at) + (line[at] === 'A' ? 'B' : 'A') + line.slice(at + 1);
        writeLog(dir, lines.with(index, flipped));
        const error = await failure(dir);
        expect(['VAULT_CORRUPT', 'VAULT_ROLLED_BACK', 'VAULT_UNAUTHORIZED_EVENT']).toContain(error.code);
        if (error.code === 'VAULT_CORRUPT') {
          // A changed signature of a line shows at the next line's hash of it.
          expect([index + 1, index + 2]).toContain(error.details['line']);
        }
      }
    }
    writeLog(dir, lines);
    await reopen(dir);
  });

  it.each([0, 1, 3])('finds that line %i was removed', async (index) => {
    const { dir, lines } = await sixLines();
    prepare(dir);
    writeLog(dir, lines.toSpliced(index, 1));
    expect(await failure(dir)).toMatchObject({ code: 'VAULT_CORRUPT', details: { line: index + 1 } });
  });

  it('finds swapped lines', async () => {
    const { dir, lines } = await sixLines();
    prepare(dir);
    writeLog(dir, lines.with(2, lines[3]!).with(3, lines[2]!));
    expect(await failure(dir)).toMatchObject({ code: 'VAULT_CORRUPT', details: { line: 3 } });
  });

  it('finds a line that was repeated, and an empty one', async () => {
    const { dir, lines } = await sixLines();
    prepare(dir);
    writeLog(dir, [...lines, lines[5]!]);
    expect(await failure(dir)).toMatchObject({ code: 'VAULT_CORRUPT', details: { line: 7 } });
    writeLog(dir, lines.toSpliced(2, 0, ''));
    expect(await failure(dir)).toMatchObject({ code: 'VAULT_CORRUPT', details: { line: 3 } });
  });

  it('refuses an event signed by nobody known, also when it claims a known signer', async () => {
    const { dir, lines } = await sixLines();
    prepare(dir);
    const stranger = await newKeyPair('Ed25519');
    const payload = readPayload(lines[5]!);
    const { hashLine } = await import('../../../src-main/vault/line.ts');
    const forged = { ...payload, seq: 6, prev: hashLine(lines[5]!) };
    const sign = async (kid: string) =>
      new CompactSign(new TextEncoder().encode(JSON.stringify(forged)))
        .setProtectedHeader({ alg: 'EdDSA', kid })
        .sign(await importJWK({ ...stranger.privateJwk }, 'EdDSA'));
    writeLog(dir, [...lines, await sign('nobody')]);
    expect(await failure(dir)).toMatchObject({ code: 'VAULT_UNAUTHORIZED_EVENT', details: { line: 7 } });
    const known = (
      JSON.parse(Buffer.from(lines[1]!.split('.')[0]!, 'base64url').toString()) as { kid: string }
    ).kid;
    writeLog(dir, [...lines, await sign(known)]);
    expect(await failure(dir)).toMatchObject({ code: 'VAULT_CORRUPT', details: { line: 7 } });
  });

  it('refuses the log of another vault', async () => {
    const { dir } = await sixLines();
    prepare(dir);
    const other = await sixLines();
    writeLog(dir, other.lines);
    expect(await failure(dir)).toMatchObject({ code: 'VAULT_CORRUPT', details: { line: 1 } });
  });
});

describe('the end of the log', () => {
  it('drops a torn tail, reports it, and writes on behind the last whole line', async () => {
    const { dir, lines } = await sixLines();
    writeLog(dir, lines, 'eyJhbGciOiJFZERTQ');
    const { vault, report } = await reopen(dir);
    expect(report.tornTailBytes).toBe(17);
    expect(vault.state().teams.size).toBe(5);
    await write(vault, teamCreated('f'));
    await vault.lock();
    expect(logLines(dir)).toHaveLength(7);
    expect((await reopen(dir)).vault.state().teams.size).toBe(6);
  });

  it('says that it was rolled back when whole lines are missing that this computer has seen', async () => {
    const { dir, lines } = await sixLines();
    writeLog(dir, lines.slice(0, 4));
    expect(await failure(dir)).toMatchObject({
      code: 'VAULT_ROLLED_BACK',
      details: { seenSeq: 6, foundSeq: 4 },
    });
  });

  it('is an error, not a new vault, when the log is gone', async () => {
    const { dir } = await sixLines();
    writeLog(dir, []);
    expect(await failure(dir)).toMatchObject({ code: 'VAULT_CORRUPT' });
  });
});

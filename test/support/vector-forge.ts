/** Goes on with the vector's log by the keys of its people, keeping no rule; and what the app makes of such a log. */
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { LatchkeyError } from '../../shared/errors.ts';
import { organizationDomain } from '../../src-main/organization/domain.ts';
import type { OrganizationState } from '../../src-main/organization/state.ts';
import { Keyring } from '../../src-main/vault/keyring.ts';
import { hashLine } from '../../src-main/vault/line.ts';
import { replayLines, startCursor } from '../../src-main/vault/replay.ts';
import { VerifyKeys } from '../../src-main/vault/sign.ts';
import type { Person } from '../vectors/vault-v1-lines.ts';
import { keys, people, startMs, vaultId } from '../vectors/vault-v1-lines.ts';
import { plainState } from './organization-vault.ts';
import type { RawLine } from './raw-line.ts';
import { rawLine } from './raw-line.ts';

export const vectorDir = fileURLToPath(new URL('../vectors/vault-v1/', import.meta.url));
export const vectorLines: readonly string[] = readFileSync(`${vectorDir}vault.log`, 'latin1')
  .split('\n')
  .slice(0, -1);

const hourMs = 3_600_000;

/** A log that grows. */
export class VectorForge {
  readonly lines = [...vectorLines];
  #nonce = 0;

  /** Where the next line will stand; the vector has one an hour. */
  get atMs(): number {
    return startMs + this.lines.length * hourMs;
  }

  append(
    signer: Pick<Person, 'kid' | 'signKey'>,
    fields: Partial<RawLine> & Pick<RawLine, 'events'>,
  ): string {
    const prev = hashLine(this.lines.at(-1) ?? '');
    const place = { vault: vaultId, seq: this.lines.length, prev, atMs: this.atMs, orgKey: keys.org };
    const line = rawLine(signer, { ...place, ...fields }, (count) => {
      this.#nonce += 1;
      return new Uint8Array(Buffer.from(`${this.#nonce}`.padStart(count, '0')));
    });
    this.lines.push(line);
    return line;
  }
}

export type AppReading = {
  /** As the Python reader says it. */
  readonly said: Readonly<Record<string, unknown>>;
  /** Of a log that opens. */
  readonly state?: OrganizationState;
};

/** What the app makes of lines. */
export async function readByApp(lines: readonly string[]): Promise<AppReading> {
  const reader = {
    domain: organizationDomain,
    operatorId: people.ada.id,
    receiveKey: people.ada.receiveKey,
    keyring: Keyring.fromJSON({}),
    keys: new VerifyKeys(),
  };
  const found = { void: [] as unknown[], unreadable: [] as number[], denials: [] as unknown[] };
  let cursor = startCursor<OrganizationState>(vaultId, hashLine(vectorLines[0] ?? ''));
  try {
    for await (const step of replayLines(reader, cursor, storedLines(lines), 0)) {
      ({ cursor } = step);
      const { outcome } = step;
      if (outcome.kind === 'void') {
        const { seq, signer, code } = outcome.line;
        found.void.push({ seq, signer, code });
        continue;
      }
      if (outcome.unreadable !== undefined) found.unreadable.push(outcome.seq);
      if (outcome.denies !== undefined) found.denials.push({ seq: outcome.seq, denies: outcome.denies });
    }
  } catch (error) {
    if (!(error instanceof LatchkeyError)) throw error;
    return { said: { error: error.code, ...('line' in error.details ? { line: error.details.line } : {}) } };
  }
  const { state, authority, seq } = cursor;
  if (state === undefined || authority === undefined) throw new Error('an empty log');
  const { logTimeMs, format } = authority;
  const operators = [...authority.operators]
    .map(([signer, operator]) => ({ signer, ...operator }))
    .toSorted((a, b) => (a.signer < b.signer ? -1 : 1));
  return { said: { lines: seq, logTimeMs, format, operators, ...found, state: plainState(state) }, state };
}

async function* storedLines(lines: readonly string[]) {
  for (const [seq, line] of lines.entries()) yield { seq, line, bookmark: '' };
}

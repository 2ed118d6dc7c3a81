import { createHash } from 'node:crypto';
import type { LogBackend, ReadFrom, StoredLine } from '../../src-main/vault/backend.ts';

/** A text of the form of a signed line, for backends, which do not check signatures. Each name gives another. */
export function lineOf(name: string | number, payloadBytes = 24): string {
  const signature = createHash('sha512').update(`line ${name}`).digest('base64url');
  const payload = Buffer.from(`{"line":${JSON.stringify(name)}}`.padEnd(payloadBytes)).toString('base64url');
  return `e30.${payload}.${signature}`;
}

export const linesOf = (count: number, prefix = 'l'): string[] =>
  Array.from({ length: count }, (_, index) => lineOf(`${prefix}${index}`));

/** Everything from a place on. */
export async function readAll(backend: LogBackend, from: ReadFrom = { seq: 0 }): Promise<StoredLine[]> {
  const found: StoredLine[] = [];
  for await (const stored of backend.read(from)) found.push(stored);
  return found;
}

export const textsOf = async (backend: LogBackend, from?: ReadFrom): Promise<string[]> =>
  (await readAll(backend, from)).map(({ line }) => line);

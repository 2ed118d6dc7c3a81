/**
 * Looks for secrets in the memory of processes (Linux: /proc/<pid>/mem), as bytes and in the spellings in which they
 * pass through a program. Maps of files that nobody wrote to are left out; all else that can be read is read.
 */
import { closeSync, openSync, readFileSync, readdirSync, readSync } from 'node:fs';

export type Secret = { readonly name: string; readonly bytes: Uint8Array };
export type Found = {
  readonly pid: number;
  readonly secret: string;
  readonly as: string;
  readonly where: string;
};

type Needle = { readonly secret: string; readonly as: string; readonly bytes: Buffer };

/** Raw, hex, base64url and base64, each in one and in two bytes a character, as V8 keeps text. */
function needlesOf({ name, bytes }: Secret): Needle[] {
  const raw = Buffer.from(bytes);
  const texts = {
    hex: raw.toString('hex'),
    // The last characters may differ with what follows.
    base64url: raw.toString('base64url'),
    base64: raw.toString('base64').replace(/=+$/, ''),
  };
  const spelled = Object.entries(texts).flatMap(([as, text]) => [
    { secret: name, as, bytes: Buffer.from(text, 'latin1') },
    { secret: name, as: `${as} (two bytes)`, bytes: Buffer.from(text, 'utf16le') },
  ]);
  return [
    { secret: name, as: 'raw', bytes: raw },
    { secret: name, as: 'raw (two bytes)', bytes: Buffer.from(raw.toString('latin1'), 'utf16le') },
    ...spelled,
  ];
}

/** Everything that runs below a process, itself included. */
export function processTree(root: number): number[] {
  const parents = new Map<number, number>();
  for (const name of readdirSync('/proc')) {
    if (!/^\d+$/.test(name)) continue;
    try {
      const stat = readFileSync(`/proc/${name}/stat`, 'utf8');
      parents.set(Number(name), Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]));
    } catch {
      // Ended meanwhile.
    }
  }
  const found = new Set([root]);
  for (let before = 0; before !== found.size;) {
    before = found.size;
    for (const [pid, parent] of parents) if (found.has(parent)) found.add(pid);
  }
  return [...found];
}

const pieceBytes = 256 * 1024;
const nothing = Buffer.alloc(2 * pieceBytes);

/** Where secrets stand in the memory of these processes. */
export function searchMemory(pids: readonly number[], secrets: readonly Secret[]): Found[] {
  const needles = secrets.flatMap(needlesOf);
  return pids.flatMap((pid) => searchOne(pid, needles));
}

function searchOne(pid: number, needles: readonly Needle[]): Found[] {
  const found: Found[] = [];
  const overlap = Math.max(...needles.map(({ bytes }) => bytes.length));
  forEachPiece(pid, overlap, (held, at, name) => {
    for (const { secret, as, bytes } of needles) {
      const place = held.indexOf(bytes);
      if (place >= 0)
        found.push({ pid, secret, as, where: `${name || 'anonymous'} ${(at + place).toString(16)}` });
    }
  });
  return found;
}

/** All that can be written to: heaps, stacks, mapped blocks. */
function forEachPiece(
  pid: number,
  overlap: number,
  take: (held: Buffer, at: number, name: string) => void,
): void {
  let maps: string;
  let memory: number;
  try {
    maps = readFileSync(`/proc/${pid}/maps`, 'utf8');
    memory = openSync(`/proc/${pid}/mem`, 'r');
  } catch {
    return;
  }
  const piece = Buffer.allocUnsafeSlow(pieceBytes + overlap);
  try {
    for (const line of maps.split('\n')) {
      const match = /^([0-9a-f]+)-([0-9a-f]+) (\S+) \S+ \S+ \S+ *(.*)$/.exec(line);
      if (match === null) continue;
      const [, from = '0', to = '0', rights = '', name = ''] = match;
      if (!rights.startsWith('rw') || name === '[vvar]' || name.startsWith('/dev/dri')) continue;
      const end = Number.parseInt(to, 16);
      for (let at = Number.parseInt(from, 16); at < end; at += pieceBytes) {
        const size = readAt(memory, piece, at, Math.min(pieceBytes + overlap, end - at));
        const held = piece.subarray(0, size);
        // Most of what is mapped was never used.
        if (size > 0 && !held.equals(nothing.subarray(0, size))) take(held, at, name);
      }
    }
  } finally {
    closeSync(memory);
  }
}

/** What can be read of it: pages that were never touched cannot. */
function readAt(memory: number, into: Buffer, at: number, size: number): number {
  try {
    return readSync(memory, into, 0, size, at);
  } catch {
    return 0;
  }
}

/** The first text in the memory of these processes that looks like that. */
export function findInMemory(pids: readonly number[], pattern: RegExp): string | undefined {
  let found: string | undefined;
  for (const pid of pids) {
    forEachPiece(pid, 200, (held) => {
      found ??= pattern.exec(held.toString('latin1'))?.[0];
    });
  }
  return found;
}

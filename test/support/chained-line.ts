import { createHash } from 'node:crypto';

export type Chained = {
  readonly writer: string;
  readonly index: number;
  readonly seq: number;
  readonly prev: string | null;
};

/** A text of the form of a signed line that belongs behind one other line. Some are longer than a page of the disk. */
export function chainedLine(chained: Chained): string {
  const filler = 'x'.repeat((chained.index % 4) * 5_000);
  const payload = Buffer.from(JSON.stringify({ ...chained, filler })).toString('base64url');
  return `e30.${payload}.${createHash('sha512').update(payload).digest('base64url')}`;
}

export function readChained(line: string): Chained {
  return JSON.parse(Buffer.from(line.split('.')[1] ?? '', 'base64url').toString('utf8')) as Chained;
}

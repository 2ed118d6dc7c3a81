import { appendFileSync, existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { Theme } from '../support/stations/theme.ts';
import type { Look } from './looks.ts';

export const picturesDir = join(import.meta.dirname, '..', '..', 'test-results', 'screens');
const list = join(picturesDir, 'pictures.jsonl');

export type Picture = {
  readonly file: string;
  readonly station: string;
  readonly look: Look;
  readonly theme: Theme;
};

export function forgetPictures(): void {
  rmSync(picturesDir, { recursive: true, force: true });
  mkdirSync(picturesDir, { recursive: true });
}

/** Remembers on the disk: after a failed test the next one runs in another process. */
export function keepPicture(picture: Picture): void {
  appendFileSync(list, `${JSON.stringify(picture)}\n`);
}

export function keptPictures(): Picture[] {
  if (!existsSync(list)) return [];
  const lines = readFileSync(list, 'utf8').trim().split('\n');
  return lines.map((line) => JSON.parse(line) as Picture);
}

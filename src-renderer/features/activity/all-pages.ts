import { LatchkeyError } from '../../../shared/errors.ts';
import { texts } from '../../../shared/texts/texts.ts';

/** As many rows as the contract takes for a file, and gives at once. */
const mostInFile = 10_000;
const atOnce = 1000;

/** All pages of a question, for a file. @throws LatchkeyError INVALID_INPUT where they are too many for one */
export async function allPages<P extends { readonly next?: string | undefined }, T>(
  read: (page: { readonly limit: number; readonly cursor?: string }) => Promise<P>,
  rowsOf: (page: P) => readonly T[],
): Promise<readonly T[]> {
  const rows: T[] = [];
  let cursor: string | undefined;
  do {
    // Each page names the next one.
    // oxlint-disable-next-line no-await-in-loop
    const page = await read({ limit: atOnce, ...(cursor === undefined ? {} : { cursor }) });
    rows.push(...rowsOf(page));
    if (rows.length > mostInFile || (rows.length === mostInFile && page.next !== undefined))
      throw new LatchkeyError('INVALID_INPUT', texts.activity.saved.tooMany);
    cursor = page.next;
  } while (cursor !== undefined);
  return rows;
}

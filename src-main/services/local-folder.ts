import { stat } from 'node:fs/promises';
import { isAbsolute } from 'node:path';
import { LatchkeyError } from '../../shared/errors.ts';
import type { Said } from '../../shared/texts/said.ts';

/** A folder must be there when it is entered. @throws LatchkeyError INVALID_INPUT */
export async function requireFolder(path: string): Promise<void> {
  const refuse = (says: Said, cause?: unknown) =>
    new LatchkeyError('INVALID_INPUT', says, { details: { folder: path }, cause });
  if (!isAbsolute(path)) throw refuse(['folderNotAbsolute']);
  const found = await stat(path).catch((cause: unknown) => {
    throw refuse(['folderNotReadable', path], cause);
  });
  if (!found.isDirectory()) throw refuse(['folderNot', path]);
}

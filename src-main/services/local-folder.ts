import { stat } from 'node:fs/promises';
import { isAbsolute } from 'node:path';
import { LatchkeyError } from '../../shared/errors.ts';

/** A folder must be there when it is entered. @throws LatchkeyError INVALID_INPUT */
export async function requireFolder(path: string): Promise<void> {
  const refuse = (message: string, cause?: unknown) =>
    new LatchkeyError('INVALID_INPUT', message, { details: { folder: path }, cause });
  if (!isAbsolute(path)) throw refuse('Give the folder with its whole path, starting at the root.');
  const found = await stat(path).catch((cause: unknown) => {
    throw refuse(`The folder ${path} cannot be read. Check that it exists.`, cause);
  });
  if (!found.isDirectory()) throw refuse(`${path} is not a folder.`);
}

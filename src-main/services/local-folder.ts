import { stat } from 'node:fs/promises';
import { isAbsolute } from 'node:path';
import { LatchkeyError } from '../../shared/errors.ts';

/** A folder must be there when it is entered. @throws LatchkeyError INVALID_INPUT */
export async function requireFolder(path: string): Promise<void> {
  if (!isAbsolute(path)) {
    throw new LatchkeyError('INVALID_INPUT', 'Give the folder with its whole path, starting at the root.');
  }
  const found = await stat(path).catch((cause: unknown) => {
    throw new LatchkeyError('INVALID_INPUT', `The folder ${path} cannot be read. Check that it exists.`, {
      cause,
    });
  });
  if (!found.isDirectory()) throw new LatchkeyError('INVALID_INPUT', `${path} is not a folder.`);
}

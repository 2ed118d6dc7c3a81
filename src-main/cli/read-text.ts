import { LatchkeyError } from '../../shared/errors.ts';
import { texts } from '../../shared/texts/texts.ts';
import { readRegularFile } from '../disk/read-file.ts';

/** The text of a file. @throws LatchkeyError FILE_NOT_READABLE, INVALID_INPUT when it is not UTF-8 */
export async function readTextFile(path: string, maxBytes: number): Promise<string> {
  const bytes = await readRegularFile(path, { maxBytes });
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch (cause) {
    throw new LatchkeyError('INVALID_INPUT', texts.curationTables.cli.notText(path), { cause });
  }
}

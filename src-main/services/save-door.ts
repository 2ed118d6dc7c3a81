/** The one way by which a person saves a file: the system's dialog where the host has one, else a typed path. */
import { realpath } from 'node:fs/promises';
import { homedir } from 'node:os';
import { dirname, isAbsolute, resolve, sep } from 'node:path';
import { LatchkeyError } from '../../shared/errors.ts';
import type { Disk } from '../disk/operations.ts';
import { systemDisk } from '../disk/operations.ts';
import { replaceFile } from '../disk/write-file.ts';
import type { HostPorts } from './context.ts';

/**
 * Asks where, and writes.
 * @param mode of the file, from its first byte on
 * @throws LatchkeyError CANCELLED, INVALID_INPUT, FILE_EXISTS, FILE_NOT_WRITABLE, FILE_NOT_REGULAR
 */
export async function saveThroughDoor(
  host: Pick<HostPorts, 'chooseSavePath'>,
  place: {
    readonly fileName: string;
    readonly path: string | undefined;
    readonly overwrite: boolean;
  },
  content: string,
  mode: number,
): Promise<{ readonly path: string; readonly mode: string }> {
  const native = host.chooseSavePath;
  const target = native === undefined ? await typedPath(place.path) : await native(place.fileName);
  if (target === undefined) throw new LatchkeyError('CANCELLED', ['nothingSaved']);
  // A system dialog has asked about replacing already.
  await writeExport(target, content, mode, native !== undefined || place.overwrite);
  return { path: target, mode: mode.toString(8).padStart(4, '0') };
}

/**
 * A path typed into the page of a host without a dialog. Kept inside the home folder, links resolved: whoever gets
 * hold of the page must not be able to write elsewhere.
 */
async function typedPath(path: string | undefined): Promise<string> {
  if (path === undefined || !isAbsolute(path)) {
    throw new LatchkeyError('INVALID_INPUT', ['savePathNotAbsolute'], { details: { folder: path ?? '' } });
  }
  const target = resolve(path);
  const [folder, home] = await Promise.all([
    realpath(dirname(target)).catch((cause: unknown) => {
      throw new LatchkeyError('FILE_NOT_WRITABLE', ['saveFolderMissing', dirname(target)], {
        details: { path: dirname(target) },
        cause,
      });
    }),
    realpath(homedir()),
  ]);
  if (folder !== home && !folder.startsWith(home + sep)) {
    throw new LatchkeyError('INVALID_INPUT', ['saveOutsideHome', home], { details: { folder } });
  }
  return target;
}

/**
 * Writes with the final mode from the first byte on: there is no moment at which others could read a secret. The old
 * file stands until the new one is whole.
 * @throws LatchkeyError FILE_EXISTS, FILE_NOT_WRITABLE, FILE_NOT_REGULAR
 */
export async function writeExport(
  path: string,
  content: string,
  mode: number,
  overwrite: boolean,
  disk: Disk = systemDisk,
): Promise<void> {
  const existing = overwrite ? 'replace' : 'refuse';
  await replaceFile(path, content, { mode, existing, exactMode: true, refuseLink: true, disk });
}

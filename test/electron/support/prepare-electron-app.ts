/**
 * Makes a runnable copy of an Electron distribution with the app under test inside, in a few milliseconds: every file
 * is hard-linked, only resources/ is real. Electron finds resources/ from the real path of its executable, so a
 * symlinked one would look in the shared distribution. Never change a linked file in place.
 */
import { constants } from 'node:fs';
import { copyFile, cp, link, mkdir, readdir, rm } from 'node:fs/promises';
import path from 'node:path';

/** Returns the executable of the new tree at `into`; it serves any number of launches. */
export async function prepareElectronApp(options: {
  readonly distDir: string;
  readonly executable: string;
  readonly appDir: string;
  readonly into: string;
}): Promise<string> {
  const { distDir, executable, appDir, into } = options;
  await rm(into, { recursive: true, force: true });
  await linkTree(distDir, into, (relative) => relative === 'resources');
  await mkdir(path.join(into, 'resources'), { recursive: true });
  await cp(appDir, path.join(into, 'resources', 'app'), { recursive: true });
  return path.join(into, path.relative(distDir, executable));
}

async function linkTree(
  from: string,
  to: string,
  skip: (relative: string) => boolean,
  relative = '',
): Promise<void> {
  await mkdir(path.join(to, relative), { recursive: true });
  for (const entry of await readdir(path.join(from, relative), { withFileTypes: true })) {
    const child = path.join(relative, entry.name);
    if (skip(child)) continue;
    if (entry.isDirectory()) await linkTree(from, to, skip, child);
    else await linkOrCopy(path.join(from, child), path.join(to, child));
  }
}

async function linkOrCopy(from: string, to: string): Promise<void> {
  try {
    await link(from, to);
  } catch (error) {
    // Another filesystem, or one without hard links: copy (copy-on-write where there is such a thing).
    if (!['EXDEV', 'EPERM', 'EMLINK', 'ENOTSUP'].includes((error as NodeJS.ErrnoException).code ?? ''))
      throw error;
    await copyFile(from, to, constants.COPYFILE_FICLONE);
  }
}

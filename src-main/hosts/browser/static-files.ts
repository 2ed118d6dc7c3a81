import { readdir, readFile } from 'node:fs/promises';
import { join, posix } from 'node:path';
import { LatchkeyError } from '../../../shared/errors.ts';

const types: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.ico': 'image/x-icon',
  '.woff2': 'font/woff2',
  '.json': 'application/json; charset=utf-8',
};

export type StaticFile = { readonly bytes: Uint8Array; readonly type: string };
export type StaticFiles = { readonly read: (path: string) => Promise<StaticFile | undefined> };

/**
 * The built renderer. Its files are listed once; a request is looked up in that list, so no path leads elsewhere.
 * @throws LatchkeyError NOT_FOUND when the renderer has not been built
 */
export async function openStaticFiles(root: string): Promise<StaticFiles> {
  const known = new Set(await listFiles(root, '/'));
  if (!known.has('/index.html')) {
    throw new LatchkeyError('NOT_FOUND', 'The renderer has not been built. Run `npm run build`.');
  }
  return {
    read: async (path) => {
      if (!known.has(path)) return undefined;
      return {
        bytes: await readFile(join(root, path)),
        type: types[posix.extname(path)] ?? 'application/octet-stream',
      };
    },
  };
}

async function listFiles(root: string, below: string): Promise<string[]> {
  const entries = await readdir(join(root, below), { withFileTypes: true }).catch(() => []);
  const nested = await Promise.all(
    entries.map((entry) => {
      const path = posix.join(below, entry.name);
      return entry.isDirectory() ? listFiles(root, path) : Promise.resolve(entry.isFile() ? [path] : []);
    }),
  );
  return nested.flat();
}

import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join, posix } from 'node:path';
import { z } from 'zod';
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
export type StaticFiles = {
  readonly read: (path: string) => Promise<StaticFile | undefined>;
  /** Of the page's one inline element, its import map, as a CSP names it: `sha256-…`. */
  readonly importMapHash: string;
};

/** Written by the build: of every script its `integrity`, by its address from the page. */
const integrity = z.record(
  z.string().regex(/^\.\/assets\/[\w.-]+\.js$/),
  z.string().regex(/^sha384-[\w+/]{64}$/),
);

/**
 * The built renderer. Its files are listed once; a request is looked up in that list, so no path leads elsewhere. The page
 * gets an import map with the hash of every script: what it loads later is checked too, should another program have
 * this port by then.
 * @throws LatchkeyError NOT_FOUND when the renderer has not been built
 */
export async function openStaticFiles(root: string): Promise<StaticFiles> {
  const known = new Set(await listFiles(root, '/'));
  if (!known.has('/index.html') || !known.has('/integrity.json')) {
    throw new LatchkeyError('NOT_FOUND', ['rendererMissing']);
  }
  const hashes = integrity.parse(JSON.parse(await readFile(join(root, 'integrity.json'), 'utf8')));
  const map = JSON.stringify({ integrity: hashes });
  const page = await readFile(join(root, 'index.html'), 'utf8');
  // Before anything that loads a script.
  const whole = page.replace(/<head>/i, (tag) => `${tag}<script type="importmap">${map}</script>`);
  if (whole === page) throw new Error('The page has no head.');
  return {
    importMapHash: `sha256-${createHash('sha256').update(map).digest('base64')}`,
    read: async (path) => {
      if (path === '/index.html') return { bytes: Buffer.from(whole), type: types['.html'] ?? '' };
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

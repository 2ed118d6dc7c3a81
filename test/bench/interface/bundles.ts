/** What each screen loads, from the built files: what it adds to what every screen needs. */
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { screens } from '../../../shared/model/screens.ts';
import { builtProduct } from '../../electron/support/app-tree.ts';

type File = {
  readonly bytes: number;
  readonly gzipBytes: number;
  readonly now: readonly string[];
  readonly later: readonly string[];
};
export type Part = {
  readonly name: string;
  readonly files: number;
  readonly bytes: number;
  readonly gzipBytes: number;
};

/** @throws Error when a script is there that nothing loads: the imports were not understood then */
export function bundles(): { readonly parts: readonly Part[]; readonly later: readonly Part[] } {
  const dir = join(builtProduct(), 'renderer');
  const names = readdirSync(join(dir, 'assets')).filter((name) => name.endsWith('.js'));
  const files = new Map(names.map((name) => [name, read(join(dir, 'assets', name))]));
  const entry = /assets\/([\w-]+\.js)"/.exec(readFileSync(join(dir, 'index.html'), 'utf8'))?.[1] ?? '';
  const of = (name: string) => {
    const found = names.find((file) => file.startsWith(`${name}-`));
    if (found === undefined) throw new Error(`no script of ${name}`);
    return found;
  };
  const reached = new Set<string>();
  const closure = (from: string): ReadonlySet<string> => {
    const seen = new Set<string>();
    const go = (name: string): void => {
      if (seen.has(name)) return;
      seen.add(name);
      reached.add(name);
      for (const next of files.get(name)?.now ?? []) go(next);
    };
    go(from);
    return seen;
  };
  const start = closure(entry);
  const shell = new Set([...start, ...closure(of('shell'))]);
  const part = (name: string, all: ReadonlySet<string>, but: ReadonlySet<string>): Part => {
    const own = [...all].filter((file) => !but.has(file)).map((file) => files.get(file)!);
    const sum = (key: 'bytes' | 'gzipBytes') => own.reduce((total, file) => total + file[key], 0);
    return { name, files: own.length, bytes: sum('bytes'), gzipBytes: sum('gzipBytes') };
  };
  const parts = [
    part('start and unlock', start, new Set()),
    part('frame around every screen', shell, start),
    ...screens.map((screen) =>
      part(screen, closure(of(screen === 'overview' ? screen : `${screen}-screen`)), shell),
    ),
  ];
  const roots = new Set([...files.values()].flatMap(({ later }) => later));
  const isScreen = (name: string) =>
    screens.some((screen) => name.startsWith(`${screen}-`)) || name.startsWith('shell-');
  const later = [...roots]
    .filter((name) => !isScreen(name))
    .map((name) => part(name.replace(/-[\w-]{8}\.js$/, ''), closure(name), shell));
  const unknown = names.filter((name) => !reached.has(name));
  if (unknown.length > 0) throw new Error(`nothing loads ${unknown.join(', ')}`);
  return { parts, later };
}

function read(path: string): File {
  const text = readFileSync(path, 'utf8');
  const all = (pattern: RegExp) => [...text.matchAll(pattern)].map(([, name = '']) => name);
  return {
    bytes: Buffer.byteLength(text),
    gzipBytes: gzipSync(text).length,
    now: all(/(?:from|import)\s*["'`]\.\/([\w.-]+\.js)["'`]/g),
    later: all(/import\(\s*["'`]\.\/([\w.-]+\.js)["'`]\s*\)/g),
  };
}

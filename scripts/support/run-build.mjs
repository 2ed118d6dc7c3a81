/**
 * Builds dist/: the main process, the preload script, the browser host and the command line as single files, and the
 * renderer. What has not changed since the last build is left alone. `--force` builds all;
 * `--partial` lets entries be missing, for a tree in the middle of a change.
 */
import { createHash } from 'node:crypto';
import {
  chmodSync,
  copyFileSync,
  cpSync,
  existsSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { basename, dirname, join, relative } from 'node:path';
import { parseArgs } from 'node:util';
import { oldNodeCheck } from './oldest-node.mjs';
import { inRoot, root } from './paths.mjs';

const stampFile = inRoot('dist', '.stamp.json');
/**
 * The Node of the oldest Electron that the tests run in. What it lacks (APIs, not syntax) is added there by the test's
 * boot file and not here.
 */
const target = 'node16.17';
/**
 * What a start does not need: each is a file of its own, read when it is first imported. undici alone is larger than all
 * the rest of the main process, and the lists of words by which passphrases are judged are larger still.
 */
const lazyPackages = ['undici', 'electron-updater'];
const lazyModules = { 'guess-estimate': 'shared/passphrase/guess-estimate.ts' };

/** Electron's own Node is the packager's business, and a thread's has been asked: there it must not end anything. */
const oldNodeText = `if(!process.versions.electron&&require('worker_threads').isMainThread){${oldNodeCheck('Latchkey')}}\n`;

/** Before Node 23 each run would warn of Ed25519 and X25519 in WebCrypto, which the vault is made of. */
const quietWarning =
  `var e=process.emitWarning;process.emitWarning=function(w){` +
  `if(String(w&&w.message||w).indexOf('Web Crypto API algorithm')<0)e.apply(process,arguments)};\n`;

const nativeSystems = ['linux-x64', 'linux-arm64', 'darwin-x64', 'darwin-arm64', 'win32-x64', 'win32-arm64'];

const entries = [
  { name: 'main', source: 'src-main/main.ts' },
  { name: 'preload', source: 'src-main/hosts/electron/preload.ts', isSandboxed: true },
  { name: 'browser', source: 'src-main/hosts/browser/main.ts' },
  { name: 'cli-program', source: 'src-main/cli.ts' },
  { name: 'gateway', source: 'src-main/gateway-main.ts' },
  { name: 'check-worker', source: 'src-main/vault/check-worker.ts' },
  { name: 'document-worker', source: 'src-main/gateway/documents/worker.ts' },
  { name: 'facts-worker', source: 'src-main/curation/feeds/facts-worker.ts' },
  { name: 'log-worker', source: 'src-main/request-log/log-worker.ts' },
  { name: 'log-store-worker', source: 'src-main/request-log/store/store-worker.ts' },
  { name: 'single-file', source: 'src-main/single-file.ts' },
];

/** SHA-256 over names and contents: equal means that there is nothing to do. */
function hashOf(paths) {
  const hash = createHash('sha256').update(process.version);
  const add = (path) => {
    if (!existsSync(path)) return;
    const found = readdirSync(dirname(path), { withFileTypes: true }).find(
      (entry) => join(dirname(path), entry.name) === path,
    );
    if (found?.isDirectory()) {
      for (const name of readdirSync(path).sort()) add(join(path, name));
    } else {
      hash.update(relative(root, path)).update('\0').update(readFileSync(path)).update('\0');
    }
  };
  for (const path of paths) add(inRoot(path));
  return hash.digest('hex');
}

async function buildMain(present) {
  const { build } = await import('esbuild');
  const { version } = JSON.parse(readFileSync(inRoot('package.json'), 'utf8'));
  const common = {
    absWorkingDir: root,
    bundle: true,
    platform: 'node',
    format: 'cjs',
    target,
    // Whitespace and syntax only: names stay readable in the stack that a bug leaves behind.
    minifyWhitespace: true,
    minifySyntax: true,
    legalComments: 'none',
    logLevel: 'warning',
    define: { __LATCHKEY_VERSION__: JSON.stringify(version), 'process.env.NODE_ENV': '"production"' },
  };
  const lazy = {
    name: 'lazy-packages',
    setup: (api) => {
      api.onResolve({ filter: new RegExp(`^(${lazyPackages.join('|')})$`) }, ({ path, kind }) =>
        kind === 'dynamic-import' ? { path: `./${path}.cjs`, external: true } : undefined,
      );
      for (const [name, source] of Object.entries(lazyModules)) {
        api.onResolve({ filter: new RegExp(`/${basename(source)}$`) }, ({ kind }) =>
          kind === 'dynamic-import' ? { path: `./${name}.cjs`, external: true } : undefined,
        );
      }
    },
  };
  // zod brings its messages in fifty languages, 300 kB; the app speaks English, which zod imports by itself.
  const noLocales = {
    name: 'no-zod-locales',
    setup: (api) => {
      api.onLoad({ filter: /[/\\]zod[/\\]v4[/\\]locales[/\\]index\.js$/ }, () => ({
        contents: 'export {};',
      }));
    },
  };
  // The native lock stands beside the bundles as one file per system; its package would look for it by package.json.
  const nativeLock = {
    name: 'native-lock',
    setup: (api) => {
      api.onLoad({ filter: /[/\\]fs-native-extensions[/\\]binding\.js$/ }, () => ({
        contents: `module.exports = require(require('path').join(__dirname, 'native', process.platform + '-' + process.arch + '.node'));`,
      }));
    },
  };
  // A file URL for packages that ask for theirs; a bundle in CommonJS has no import.meta.
  const metaUrl = {
    banner: {
      js: `${oldNodeText}const __latchkeyUrl = require("url").pathToFileURL(__filename).href;`,
    },
    define: { ...common.define, 'import.meta.url': '__latchkeyUrl' },
  };
  const bundle = ({ name, source, isSandboxed }) =>
    build({
      ...common,
      // A sandboxed preload script has no `url` module.
      ...(isSandboxed ? {} : metaUrl),
      entryPoints: [source],
      outfile: `dist/main/${name}.cjs`,
      external: ['electron'],
      plugins: [lazy, noLocales, nativeLock],
      // Turned into a lazy require: import() of a CommonJS file would have to guess its names.
      supported: { 'dynamic-import': false },
    });
  await Promise.all([
    ...present.map(bundle),
    ...[...lazyPackages.map((name) => [name, name]), ...Object.entries(lazyModules)].map(([name, source]) =>
      build({
        ...common,
        ...metaUrl,
        entryPoints: [source],
        outfile: `dist/main/${name}.cjs`,
        external: ['electron'],
      }),
    ),
  ]);
  copyNative();
  // A file of its own, in words that any Node reads: the program itself would be a syntax error to an old one.
  writeFileSync(
    inRoot('dist/main/cli.cjs'),
    `#!/usr/bin/env node\n${oldNodeText}${quietWarning}require('./cli-program.cjs');\n`,
  );
  chmodSync(inRoot('dist/main/cli.cjs'), 0o755);
  copyCommandLine();
}

/**
 * The command line with all that it starts, in a folder of its own. The packages ship it beside the app, and whatever
 * electron-builder ships beside the app it leaves out of it.
 */
function copyCommandLine() {
  rmSync(inRoot('dist/cli'), { recursive: true, force: true });
  mkdirSync(inRoot('dist/cli'), { recursive: true });
  const copy = (from, to) => {
    if (existsSync(inRoot('dist/main', from)))
      cpSync(inRoot('dist/main', from), inRoot('dist/cli', to), { recursive: true });
  };
  copy('cli.cjs', 'latchkey.cjs');
  for (const name of [
    'cli-program.cjs',
    'gateway.cjs',
    'document-worker.cjs',
    'check-worker.cjs',
    'facts-worker.cjs',
    'log-worker.cjs',
    'log-store-worker.cjs',
    'undici.cjs',
    'guess-estimate.cjs',
    'native',
  ])
    copy(name, name);
}

/** For every system that the app is made for, whichever it is built on. */
function copyNative() {
  mkdirSync(inRoot('dist/main/native'), { recursive: true });
  for (const system of nativeSystems) {
    const from = `node_modules/fs-native-extensions/prebuilds/${system}/fs-native-extensions.node`;
    copyFileSync(inRoot(from), inRoot(`dist/main/native/${system}.node`));
  }
}

async function buildRenderer() {
  const { build } = await import('vite');
  await build({ configFile: inRoot('vite.config.ts'), logLevel: 'warn' });
}

async function main() {
  const { values } = parseArgs({ options: { force: { type: 'boolean' }, partial: { type: 'boolean' } } });
  const shared = ['shared', 'package.json', 'package-lock.json', 'scripts/support/run-build.mjs'];
  const present = entries.filter(({ source }) => existsSync(inRoot(source)));
  const missing = entries.filter((entry) => !present.includes(entry)).map(({ source }) => source);
  if (missing.length > 0 && !values.partial) throw new Error(`Nothing to build at ${missing.join(', ')}.`);

  const parts = [
    {
      name: 'main',
      sources: ['src-main', ...shared],
      proof: 'dist/main/main.cjs',
      build: () => buildMain(present),
    },
    {
      name: 'renderer',
      sources: ['src-renderer', 'vite.config.ts', ...shared],
      proof: 'dist/renderer/index.html',
      build: buildRenderer,
    },
  ];
  const stamps = !values.force && existsSync(stampFile) ? JSON.parse(readFileSync(stampFile, 'utf8')) : {};
  for (const part of parts) {
    const hash = hashOf(part.sources);
    if (stamps[part.name] === hash && existsSync(inRoot(part.proof))) continue;
    const startedAtMs = Date.now();
    await part.build();
    stamps[part.name] = hash;
    mkdirSync(inRoot('dist'), { recursive: true });
    writeFileSync(stampFile, JSON.stringify(stamps));
    process.stdout.write(`built ${part.name} in ${((Date.now() - startedAtMs) / 1000).toFixed(1)} s\n`);
  }
}

main().catch((error) => {
  process.stderr.write(`build: ${error instanceof Error ? error.message : String(error)}\n`);
  process.exit(1);
});

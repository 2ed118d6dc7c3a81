/**
 * `npm run dist:cli [-- --out FILE]`: the command line and the gateway with their own Node as one executable, for the
 * system that it is made on. Node's single executable application: a start script and its parts as assets, injected into
 * a copy of the pinned Node. What it unpacks and how it checks that: src-main/single-file.ts.
 */
import { createHash } from 'node:crypto';
import {
  chmodSync,
  copyFileSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { inRoot, pinnedNode } from './paths.mjs';
import { run, runNode } from './run.mjs';

/** Says where Node looks for what was injected (Node's documentation, "Single executable applications"). */
const fuse = 'NODE_SEA_FUSE_fce680ab2cc467b6e072b8b5df1996b2';
const system = `${process.platform}-${process.arch}`;
const parts = [
  'cli-program.cjs',
  'gateway.cjs',
  'document-worker.cjs',
  'check-worker.cjs',
  'facts-worker.cjs',
  'log-worker.cjs',
  'log-store-worker.cjs',
  'undici.cjs',
  'guess-estimate.cjs',
  `native/${system}.node`,
];

async function must(what, promise) {
  const code = await promise;
  if (code !== 0) throw new Error(`${what} failed (${code}). See its output above.`);
}

async function main() {
  const { values } = parseArgs({ options: { out: { type: 'string' } } });
  const name = `latchkey-cli-${system}${process.platform === 'win32' ? '.exe' : ''}`;
  const out = resolve(values.out ?? inRoot('release', name));
  await must('The build', runNode([inRoot('scripts', 'build.mjs')]));

  const work = mkdtempSync(join(tmpdir(), 'latchkey-dist-'));
  try {
    const hashes = parts.map((part) => [
      part,
      createHash('sha256')
        .update(readFileSync(inRoot('dist', 'main', part)))
        .digest('hex'),
    ]);
    writeFileSync(join(work, 'manifest.json'), JSON.stringify(Object.fromEntries(hashes)));
    const config = {
      main: inRoot('dist', 'main', 'single-file.cjs'),
      output: join(work, 'program.blob'),
      disableExperimentalSEAWarning: true,
      // NODE_OPTIONS of whoever starts it would load other code into a program that holds keys.
      execArgvExtension: 'none',
      assets: {
        'manifest.json': join(work, 'manifest.json'),
        ...Object.fromEntries(parts.map((part) => [part, inRoot('dist', 'main', part)])),
      },
    };
    writeFileSync(join(work, 'sea.json'), JSON.stringify(config));
    await must('Making the blob', runNode(['--experimental-sea-config', join(work, 'sea.json')]));
    mkdirSync(dirname(out), { recursive: true });
    // Whoever passes the program on passes these on with it.
    copyFileSync(inRoot('THIRD-PARTY-NOTICES.md'), join(dirname(out), 'THIRD-PARTY-NOTICES.md'));
    rmSync(out, { force: true });
    copyFileSync(pinnedNode, out);
    chmodSync(out, 0o755);
    const isMac = process.platform === 'darwin';
    if (isMac) await must('codesign', run('codesign', ['--remove-signature', out]));
    await must(
      'postject',
      runNode([
        inRoot('node_modules', 'postject', 'dist', 'cli.js'),
        out,
        'NODE_SEA_BLOB',
        join(work, 'program.blob'),
        '--sentinel-fuse',
        fuse,
        ...(isMac ? ['--macho-segment-name', 'NODE_SEA'] : []),
      ]),
    );
    // Apple's chips run nothing unsigned; the publisher signs it anew.
    if (isMac) await must('codesign', run('codesign', ['--sign', '-', out]));
    process.stdout.write(`${out}\n`);
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}

main().catch((error) => {
  process.stderr.write(`dist:cli: ${error.message}\n`);
  process.exit(1);
});

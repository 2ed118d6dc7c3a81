/**
 * `node scripts/wasm.mjs`: compiles wasm/entries.ts (AssemblyScript) into src-main/gateway/index-store/entries-bytes.ts.
 * The result is kept in the repository, so that nobody needs the compiler who does not change its source. `--check` says
 * whether it is what the source gives.
 */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inRoot } from './support/paths.mjs';

/** Another version may give other bytes. */
const compiler = 'assemblyscript@0.28.20';
const target = inRoot('src-main', 'gateway', 'index-store', 'entries-bytes.ts');

const dir = mkdtempSync(join(tmpdir(), 'latchkey-wasm-'));
try {
  const wasm = join(dir, 'entries.wasm');
  const flags = ['-O3', '--runtime', 'stub', '--importMemory', '--initialMemory', '1', '--enable', 'simd'];
  const asc = ['asc', 'entries.ts', ...flags, '--noAssert', '--use', 'abort=', '-o', wasm];
  execFileSync('npm', ['exec', '--yes', `--package=${compiler}`, '--', ...asc], {
    cwd: inRoot('wasm'),
    stdio: ['ignore', 'inherit', 'inherit'],
  });
  const text = sourceOf(readFileSync(wasm));
  if (!process.argv.includes('--check')) writeFileSync(target, text);
  else if (readFileSync(target, 'utf8') !== text) {
    process.stderr.write('entries-bytes.ts is not what wasm/entries.ts gives: run node scripts/wasm.mjs\n');
    process.exitCode = 1;
  }
} finally {
  rmSync(dir, { recursive: true, force: true });
}

function sourceOf(bytes) {
  const lines = bytes.toString('base64').match(/.{1,100}/g) ?? [];
  return `/** Made by scripts/wasm.mjs from wasm/entries.ts: change that. */
import type { WasmModule } from './web-assembly.ts';
import { webAssembly } from './web-assembly.ts';

const text = [
${lines.map((line) => `  '${line}',`).join('\n')}
].join('');

let known: WasmModule | undefined;

/** Compiled with the first index. */
export function entriesModule(): WasmModule {
  known ??= new webAssembly.Module(Buffer.from(text, 'base64'));
  return known;
}
`;
}

import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { build } from 'esbuild';
import type { ElectronDist } from './obtain-electron.ts';
import { prepareElectronApp } from './prepare-electron-app.ts';
import { repoRoot } from './repo-root.ts';

/** The built product (`npm run build`); built now where it is missing. Returns its folder. */
export function builtProduct(): string {
  const given = process.env['LATCHKEY_TEST_DIST'];
  if (given) return given;
  const dist = path.join(repoRoot(), 'dist');
  if (!existsSync(path.join(dist, 'main/main.cjs')) || !existsSync(path.join(dist, 'renderer/index.html'))) {
    const done = spawnSync(process.execPath, ['scripts/build.mjs'], { cwd: repoRoot(), stdio: 'inherit' });
    if (done.status !== 0) throw new Error('npm run build failed');
  }
  return dist;
}

/** Bundles the boot file, which brings an old Electron up to what the product expects. Not part of any release. */
export function buildBootFile(outfile: string): Promise<void> {
  return bundleSupport('electron22-boot.cjs', outfile);
}

/** The gateway's process and its threads, the thread that reads feeds, and those that write and read the request log. */
export const ownProcesses = [
  'gateway',
  'document-worker',
  'facts-worker',
  'log-worker',
  'log-store-worker',
] as const;

/**
 * Programs of the product that run in processes and threads of their own: the same is done for them, in front of each.
 */
export async function bootProcesses(mainDir: string): Promise<void> {
  const node = path.join(mainDir, 'electron22-node.cjs');
  await bundleSupport('electron22-node.cjs', node);
  const before = `(() => {\n${readFileSync(node, 'utf8')}\n})();\n`;
  rmSync(node);
  for (const name of ownProcesses) {
    const file = path.join(mainDir, `${name}.cjs`);
    // In one text: a thread is given that, and finds no file beside it.
    writeFileSync(file, before + readFileSync(file, 'utf8'));
  }
}

async function bundleSupport(name: string, outfile: string): Promise<void> {
  await build({
    entryPoints: [path.join(repoRoot(), 'test/electron/support', name)],
    outfile,
    bundle: true,
    platform: 'node',
    format: 'cjs',
    target: 'node16',
    external: ['electron', './main.cjs'],
    logLevel: 'error',
  });
}

/**
 * Puts the built product, unchanged, into a tree of this Electron. The boot file starts first: it brings an old Electron
 * up to date, holds `ready` until Playwright is attached, and then starts the product.
 * @returns the executable
 */
export async function makeAppTree(electron: ElectronDist, work: string): Promise<string> {
  const appDir = path.join(work, 'app');
  mkdirSync(appDir, { recursive: true });
  cpSync(builtProduct(), path.join(appDir, 'dist'), { recursive: true });
  const manifest = JSON.parse(readFileSync(path.join(repoRoot(), 'package.json'), 'utf8')) as Record<
    string,
    unknown
  >;
  const main = 'dist/main/boot.cjs';
  const { name, productName, version } = manifest;
  writeFileSync(path.join(appDir, 'package.json'), JSON.stringify({ name, productName, version, main }));
  await buildBootFile(path.join(appDir, 'dist/main/boot.cjs'));
  await bootProcesses(path.join(appDir, 'dist/main'));
  return prepareElectronApp({ ...electron, appDir, into: path.join(work, 'electron') });
}

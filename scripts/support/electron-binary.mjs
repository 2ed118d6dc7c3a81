import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { inRoot, pinnedNode } from './paths.mjs';
import { capture } from './run.mjs';

/** The download is 110 MB; on a network that lets nothing through, a connection may hang for ever. */
const downloadLimitMs = 180_000;
/** A download that failed is not tried at every start. */
const retryAfterMs = 24 * 3_600_000;

const executables = { darwin: 'Electron.app/Contents/MacOS/Electron', win32: 'electron.exe' };
const executable = executables[process.platform] ?? 'electron';

/**
 * The Electron to run the app in: ELECTRON_OVERRIDE_DIST_PATH, or the one of the `electron` package, which is fetched
 * by that package's own installer when it is not there yet.
 * @returns {Promise<{ path: string } | { reason: string }>} the executable, or why there is none
 */
export async function findElectron() {
  const override = process.env.ELECTRON_OVERRIDE_DIST_PATH;
  if (override) {
    const path = join(resolve(override), executable);
    return existsSync(path) ? { path } : { reason: `no ${executable} in ELECTRON_OVERRIDE_DIST_PATH` };
  }
  const path = inRoot('node_modules', 'electron', 'dist', executable);
  if (existsSync(path)) return { path };

  const remembered = readFailure();
  if (remembered !== undefined) return { reason: remembered };
  process.stdout.write('Fetching Electron, once…\n');
  const installer = inRoot('node_modules', 'electron', 'install.js');
  const { output } = await capture(pinnedNode, [installer], { timeout: downloadLimitMs });
  if (existsSync(path)) return { path };
  const reason = `download failed: ${firstError(output)}`;
  writeFileSync(failureFile, JSON.stringify({ atMs: Date.now(), reason }));
  return { reason };
}

/** Gone with node_modules, and so with the next install. */
const failureFile = inRoot('node_modules', '.latchkey-no-electron.json');

function readFailure() {
  if (!existsSync(failureFile)) return undefined;
  const { atMs, reason } = JSON.parse(readFileSync(failureFile, 'utf8'));
  if (Date.now() - atMs < retryAfterMs) return reason;
  rmSync(failureFile);
  return undefined;
}

/** The sentence in what the installer printed; no stack, and one line. */
function firstError(output) {
  const lines = output
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '');
  const line = lines.find((text) => /Error|ENOTFOUND|ECONN|ETIMEDOUT|status code/i.test(text)) ?? lines[0];
  return (line ?? `no answer within ${downloadLimitMs / 1000} s`).replace(/^\w*Error: /, '').slice(0, 160);
}

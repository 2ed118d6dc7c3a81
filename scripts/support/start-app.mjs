/**
 * `npm start [-- --demo] [--browser] [--open] [--data-dir DIR]`: from a fresh clone to the open app. Installs and
 * builds what is missing or changed, then opens the desktop window; where there can be none, one line says why and the
 * same app is served to the browser. Runs on the machine's Node (package.json: engines), before anything is installed.
 */
import { spawn } from 'node:child_process';
import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { ensureDependencies } from './dependencies.mjs';
import { findElectron } from './electron-binary.mjs';
import { inRoot, pinnedNode, root } from './paths.mjs';
import { runNode } from './run.mjs';

const help = `npm start -- [options]
  --demo           open a sample organization with local packages (in a folder of its own)
  --browser        serve to the browser, even where a window could be opened
  --data-dir DIR   keep the data there
  --open           also open that browser
`;

/** Why no window can be opened here, or the Electron that can open it. */
async function findWindow(wantsBrowser) {
  if (wantsBrowser) return { reason: undefined };
  if (process.platform === 'linux') {
    if (!process.env.DISPLAY && !process.env.WAYLAND_DISPLAY) {
      return { reason: 'No display (DISPLAY and WAYLAND_DISPLAY are empty)' };
    }
    // Chromium's sandbox does not work for root, and Latchkey is not run without it.
    if (process.getuid?.() === 0) return { reason: 'Electron does not run as root' };
  }
  const electron = await findElectron();
  return 'path' in electron ? electron : { reason: `No Electron binary (${electron.reason})` };
}

/** Runs the app until it ends; Ctrl+C reaches it as well, so it is left to stop by itself. */
function runApp(command, args, env) {
  process.on('SIGINT', () => undefined);
  const child = spawn(command, args, { cwd: root, stdio: 'inherit', env });
  process.on('SIGTERM', () => child.kill('SIGTERM'));
  child.once('error', (error) => {
    process.stderr.write(`start: ${error.message}\n`);
    process.exit(1);
  });
  child.once('exit', (code) => process.exit(code ?? 1));
}

/** What it does now, so that nobody waits without knowing for what. */
function say(text) {
  process.stdout.write(`${text}\n`);
}

async function main() {
  const { values } = parseArgs({
    options: {
      demo: { type: 'boolean', default: false },
      browser: { type: 'boolean', default: false },
      'data-dir': { type: 'string' },
      open: { type: 'boolean', default: false },
      help: { type: 'boolean', short: 'h', default: false },
    },
  });
  if (values.help) {
    process.stdout.write(help);
    return;
  }
  await ensureDependencies();
  say('Building what has changed…');
  const built = await runNode([inRoot('scripts', 'build.mjs')]);
  if (built !== 0) process.exit(built);

  const demo = values.demo ? ['--demo'] : [];
  const dataDir =
    values['data-dir'] === undefined ? undefined : resolve(process.env.INIT_CWD ?? '.', values['data-dir']);
  const found = await findWindow(values.browser);
  if (found.path !== undefined) {
    say(values.demo ? 'Opening the sample organization in a window…' : 'Opening the window…');
    const env = dataDir === undefined ? process.env : { ...process.env, LATCHKEY_DATA_DIR: dataDir };
    runApp(found.path, [root, ...demo], env);
    return;
  }
  if (found.reason !== undefined) say(`${found.reason}, serving in the browser instead.`);
  say(
    values.demo
      ? 'Starting the sample organization; page and gateway take free ports…'
      : 'Starting to serve the page, on a free port…',
  );
  runApp(
    pinnedNode,
    [
      inRoot('dist', 'main', 'browser.cjs'),
      ...demo,
      ...(dataDir === undefined ? [] : ['--data-dir', dataDir]),
      ...(values.open ? ['--open'] : []),
    ],
    process.env,
  );
}

main().catch((error) => {
  process.stderr.write(`start: ${error instanceof Error ? error.message : String(error)}\n`);
  process.exit(1);
});

// What start, build and test share. Only Node's own modules: it runs before anything is installed.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = dirname(dirname(fileURLToPath(import.meta.url)));
const isWindows = process.platform === 'win32';

/** The project's own Node (24), which npm puts beside the other tools. */
export const node = join(root, 'node_modules', 'node', 'bin', isWindows ? 'node.exe' : 'node');
/** A tool's own script, run by the project's Node. */
export const tool = (path) => join(root, 'node_modules', ...path.split('/'));

/** Runs a program and waits; its output goes to the terminal. Returns the exit code. */
export function run(command, args, options = {}) {
  const { status, error } = spawnSync(command, args, { cwd: root, stdio: 'inherit', ...options });
  if (error) throw error;
  return status ?? 1;
}

/** Installs the dependencies of the lock file, if that was not done for this very lock file. */
export function installDependencies() {
  const stamp = join(root, 'node_modules', '.latchkey-installed');
  const wanted = hashFiles([join(root, 'package-lock.json')]);
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === wanted && existsSync(node)) return;
  console.log('Installing dependencies (once)…');
  const npm = isWindows ? 'npm.cmd' : 'npm';
  // Electron's binary is not fetched here: only the desktop app needs it, and `npm start` says so when it fails.
  const env = { ...process.env, ELECTRON_SKIP_BINARY_DOWNLOAD: '1' };
  const code = run(npm, ['ci', '--no-audit', '--no-fund', '--loglevel=error'], { env, shell: isWindows });
  if (code !== 0) fail('`npm ci` failed; see above. A network or registry problem? Try again.');
  if (!existsSync(node)) runNodeInstaller();
  if (!existsSync(node)) fail('The package `node` came without its binary. Delete node_modules and try again.');
  writeFileSync(stamp, wanted);
}

/** npm may refuse install scripts; this one puts the Node binary of its platform package in place. */
function runNodeInstaller() {
  const installer = tool('node/installArchSpecificPackage.js');
  if (existsSync(installer)) run(process.execPath, [installer], { cwd: tool('node') });
}

/** One hash over files' names and contents. */
export function hashFiles(paths) {
  const hash = createHash('sha256');
  for (const path of paths) hash.update(path).update('\0').update(readFileSync(path)).update('\0');
  return hash.digest('hex');
}

/** All files below a folder, sorted. */
export function filesBelow(dir) {
  if (!existsSync(dir)) return [];
  return readdirSync(dir)
    .sort()
    .flatMap((name) => {
      const path = join(dir, name);
      return statSync(path).isDirectory() ? filesBelow(path) : [path];
    });
}

export function writeFile(path, text) {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text);
}

export function fail(message) {
  console.error(`\n${message}`);
  process.exit(1);
}

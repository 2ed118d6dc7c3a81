// What the tests need beyond npm's packages: system packages, Python clients, a real Electron.
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { fail, run, writeFile } from './lib.mjs';

export const cacheDir = join(process.env.XDG_CACHE_HOME ?? join(homedir(), '.cache'), 'latchkey-tests');

/** Program → Debian package that brings it. */
const programs = {
  chromium: 'chromium',
  Xvfb: 'xvfb',
  wrk: 'wrk',
  xdotool: 'xdotool',
  'dbus-run-session': 'dbus',
  'gnome-keyring-daemon': 'gnome-keyring',
};
/** Libraries that Electron loads, by one file each. */
const libraries = { 'libsecret-1.so.0': 'libsecret-1-0', 'libgtk-3.so.0': 'libgtk-3-0' };

const pythonPackages = ['pip==26.3', 'uv==0.13.9', 'py-rattler==0.28.0', 'pypiserver==2.4.1', 'passlib==1.7.4'];

/** Installs what is missing where we are root on Debian; elsewhere says what to install, and stops. */
export function provisionSystem() {
  const missing = [
    ...Object.entries(programs).filter(([program]) => !has(program)),
    ...Object.entries(libraries).filter(([file]) => !hasLibrary(file)),
  ].map(([, name]) => name);
  if (!canMakeVenv()) missing.push('python3-venv');
  if (missing.length === 0) return;
  const isRoot = process.getuid?.() === 0;
  if (!isRoot || !has('apt-get')) {
    fail(`The tests need: ${missing.join(' ')}\nOn Debian or Ubuntu: sudo apt-get install ${missing.join(' ')}`);
  }
  console.log(`Installing ${missing.join(' ')}…`);
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  const quiet = { env, stdio: ['ignore', 'ignore', 'inherit'] };
  run('apt-get', ['update', '-qq'], quiet);
  const code = run('apt-get', ['install', '-y', '-qq', '--no-install-recommends', ...missing], quiet);
  if (code !== 0) fail(`apt-get could not install ${missing.join(' ')}.`);
}

/** A virtual environment with the pinned clients, outside the tree. Returns its folder. */
export function provisionClients() {
  const venv = join(cacheDir, 'clients');
  const stamp = join(venv, '.installed');
  const wanted = pythonPackages.join('\n');
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === wanted) return venv;
  console.log(`Installing ${pythonPackages.join(' ')}…`);
  rmSync(venv, { recursive: true, force: true });
  if (run('python3', ['-m', 'venv', venv]) !== 0) fail('python3 -m venv failed; is python3-venv installed?');
  const pip = join(venv, 'bin', 'python');
  if (run(pip, ['-m', 'pip', 'install', '-q', '--disable-pip-version-check', ...pythonPackages]) !== 0) {
    fail('The Python clients could not be installed; see above.');
  }
  writeFile(`${stamp}.new`, wanted);
  renameSync(`${stamp}.new`, stamp);
  return venv;
}

const has = (program) => spawnSync('sh', ['-c', `command -v ${program}`], { stdio: 'ignore' }).status === 0;
const hasLibrary = (file) =>
  spawnSync('sh', ['-c', `PATH="$PATH:/sbin:/usr/sbin" ldconfig -p | grep -q ${file}`]).status === 0;
const canMakeVenv = () => spawnSync('python3', ['-c', 'import venv, ensurepip']).status === 0;

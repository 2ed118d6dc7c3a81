/**
 * What the tests need beside npm's packages: programs and libraries of the system, and pinned Python clients in a virtual
 * environment outside the tree. As root on Debian they are installed; anywhere else the message lists what to install.
 * Only node: built-ins, as it runs before anything is installed.
 */
import { spawnSync } from 'node:child_process';
import { accessSync, constants, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { delimiter, join } from 'node:path';
import { oldestNode } from './support/oldest-node.mjs';

/** Program → Debian package that brings it, per step of the test run. */
const chromium = { chromium: 'chromium' };
const desktop = {
  Xvfb: 'xvfb',
  'dbus-daemon': 'dbus',
  'gnome-keyring-daemon': 'gnome-keyring',
  xdotool: 'xdotool',
  xprop: 'x11-utils',
};
const programs = {
  // Completions run in the real shells.
  unit: { zsh: 'zsh', fish: 'fish' },
  'e2e-browser': chromium,
  // Chromium's package brings the libraries that Electron needs too, but for those below.
  'e2e-electron': { ...chromium, ...desktop },
  bench: { wrk: 'wrk', nginx: 'nginx' },
};
/** Libraries that Electron loads, by one file each. */
const libraries = { 'libsecret-1.so.0': 'libsecret-1-0', 'libgtk-3.so.0': 'libgtk-3-0' };
/** Steps that run real Python clients. */
const pythonSteps = new Set(['clients', 'e2e-browser', 'e2e-electron']);

/**
 * Virtual environments by name, in one folder outside the tree: clients whose behaviour is tested, as a user would have
 * them, and what the independent reader of vaults needs. Tools that bring pip and each other's libraries along stand
 * apart from the clients, and the oldest pip apart from both. `only`: the steps that need it, where not all do.
 */
const pythonEnvironments = {
  clients: {
    packages: [
      'pip==26.3',
      'uv==0.13.9',
      'py-rattler==0.28.0',
      'cryptography==50.0.2',
      'argon2-cffi==25.1.0',
    ],
    proof: 'import argon2, cryptography, rattler',
  },
  tools: {
    packages: [
      'pip==26.3',
      'pip-tools==7.6.2',
      'poetry==2.5.1',
      'pdm==2.29.4',
      // pdm 2.29 takes any later one, and does not run with 2.0.
      'hishel[httpx2]==1.4.0',
      'pipenv==2026.10.3',
      'hatch==1.18.2',
      'keyring==25.7.0',
      'keyrings.alt==5.0.2',
    ],
    proof: 'import hatch, keyring, pdm, pipenv, piptools, poetry',
  },
  /** A hub brings many libraries along. */
  jupyterhub: { packages: ['jupyterhub==6.1.1'], proof: 'import jupyterhub' },
  /** Indexes that stand behind the gateway. */
  indexes: {
    packages: ['devpi-server==6.20.3', 'pypiserver==2.4.2', 'passlib==1.7.4', 'setuptools<81'],
    proof: 'import devpi_server, passlib, pypiserver',
  },
  /** A conda server behind the gateway. It is no longer kept up, and runs with the libraries of its time only. */
  quetz: {
    packages: [
      'quetz-server==0.10.4',
      'alembic<1.14',
      'authlib<1.3',
      'fastapi<0.110',
      'httpx<0.27',
      'sqlalchemy<2',
      'starlette<0.37',
      'uvicorn<0.30',
    ],
    proof: 'import quetz.main',
    only: ['soak'],
  },
  /** What a bench compares with. */
  orjson: { packages: ['orjson==3.13.0'], proof: 'import orjson', only: ['bench'] },
  /** The pip that the oldest Python still supported brought when it came out; newer Pythons cannot run it. */
  'oldest-pip': {
    packages: ['pip==22.3.1 ; python_version < "3.12"', 'pip==23.2.1 ; python_version >= "3.12"'],
    proof: 'import pip',
  },
};

/**
 * Provides what these steps need.
 * @param {readonly string[]} steps names of steps, or `bench`
 * @throws Error listing what is missing and cannot be installed from here
 */
export function provision(steps) {
  const needsPython = steps.some((step) => pythonSteps.has(step));
  // On macOS and Windows display and keychain are the system's, and the browser is Playwright's.
  if (process.platform === 'linux') provideSystemPackages(steps, needsPython);
  if (needsPython) provideClients(steps);
  if (steps.includes('clients')) provideOldestNode();
}

const cacheFolder = () => join(process.env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'latchkey-tests');

/**
 * The oldest Node that package.json promises, beside the pinned one; test/clients/programs.test.ts looks in the same
 * folder. npm has it per system; only Linux's is asked for, as the others' are not there for every version.
 */
function provideOldestNode() {
  if (process.platform !== 'linux') return;
  const folder = join(cacheFolder(), `node-${oldestNode}`);
  const name = `node-linux-${process.arch}`;
  const program = join(folder, 'node_modules', name, 'bin', 'node');
  if (spawnSync(program, ['--version'], { encoding: 'utf8' }).stdout?.trim() === `v${oldestNode}`) return;
  process.stdout.write(`Installing Node ${oldestNode}…\n`);
  mkdirSync(folder, { recursive: true });
  mustRun('npm', [
    'install',
    '--prefix',
    folder,
    '--no-audit',
    '--no-fund',
    '--no-save',
    `${name}@${oldestNode}`,
  ]);
}

function provideSystemPackages(steps, needsPython) {
  const wanted = Object.assign({}, ...steps.map((step) => programs[step] ?? {}));
  const missing = Object.keys(wanted).filter((program) => !isOnPath(program));
  const packages = new Set(missing.map((program) => wanted[program]));
  if (steps.includes('e2e-electron')) {
    for (const [file, name] of Object.entries(libraries)) if (!hasLibrary(file)) packages.add(name);
  }
  // Debian's python3 comes without the part that makes a virtual environment.
  if ((needsPython || steps.includes('bench')) && !canMakeVenv()) packages.add('python3-venv');
  if (packages.size === 0) return;
  const list = [...packages];
  if (process.getuid?.() !== 0 || !isOnPath('apt-get')) {
    throw new Error(
      `The tests need: ${list.join(' ')}\nOn Debian or Ubuntu: sudo apt-get install ${list.join(' ')}`,
    );
  }
  process.stdout.write(`Installing ${list.join(' ')}…\n`);
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  mustRun('apt-get', ['update', '-qq'], { env });
  mustRun('apt-get', ['install', '-y', '-qq', '--no-install-recommends', ...list], { env });
}

/**
 * Makes each virtual environment where it is missing, has other versions, or lost its Python. The machine's own pip
 * settings say from where. test/support/python-clients.ts looks in the same folders.
 */
function provideClients(steps) {
  const clients = process.env.LATCHKEY_TEST_VENV || join(cacheFolder(), 'clients');
  for (const [name, { packages, proof, only }] of Object.entries(pythonEnvironments)) {
    if (only !== undefined && !steps.some((step) => only.includes(step))) continue;
    provideVenv(name === 'clients' ? clients : `${clients}-${name}`, packages, proof);
  }
}

function provideVenv(venv, packages, proof) {
  const stampFile = join(venv, '.installed');
  const stamp = packages.join('\n');
  const venvPython = join(venv, process.platform === 'win32' ? 'Scripts' : 'bin', 'python');
  const isThere = existsSync(stampFile) && readFileSync(stampFile, 'utf8') === stamp;
  if (isThere && spawnSync(venvPython, ['-c', proof], { stdio: 'ignore' }).status === 0) return;

  process.stdout.write(`Installing ${packages.join(' ')}…\n`);
  rmSync(venv, { recursive: true, force: true });
  mkdirSync(join(venv, '..'), { recursive: true });
  mustRun(python, ['-m', 'venv', venv]);
  mustRun(venvPython, ['-m', 'pip', 'install', '-q', '--disable-pip-version-check', ...packages]);
  // Last, so that an interrupted installation is repeated.
  writeFileSync(stampFile, stamp);
}

const python = process.env.PYTHON || 'python3';

function isOnPath(program) {
  return (process.env.PATH ?? '').split(delimiter).some((dir) => {
    try {
      accessSync(join(dir, program), constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });
}

function hasLibrary(file) {
  // ldconfig is not on everybody's PATH.
  const env = { ...process.env, PATH: `${process.env.PATH ?? ''}:/sbin:/usr/sbin` };
  const { stdout } = spawnSync('ldconfig', ['-p'], { encoding: 'utf8', env });
  return (stdout ?? '').includes(file);
}

const canMakeVenv = () =>
  spawnSync(python, ['-c', 'import ensurepip, venv'], { stdio: 'ignore' }).status === 0;

function mustRun(command, args, options = {}) {
  const done = spawnSync(command, args, { stdio: ['ignore', 'ignore', 'inherit'], ...options });
  if (done.error) throw new Error(`${command}: ${done.error.message}`);
  if (done.status !== 0)
    throw new Error(`${command} ${args.slice(0, 3).join(' ')}… ended with ${done.status ?? done.signal}`);
}

import { existsSync, readFileSync } from 'node:fs';
import { inRoot, pinnedNode } from './paths.mjs';
import { capture, run } from './run.mjs';

const progressEveryMs = 5_000;

/** Packages of a lockfile by place, with their versions. */
function packagesOf(file) {
  return existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')).packages : undefined;
}

/**
 * Whether what is installed is what the lockfile says. Compares contents and not times: a fresh clone, a branch that was
 * switched and an interrupted install are all seen. Optional packages (of other platforms) may be absent.
 */
export function needsInstall() {
  const installed = packagesOf(inRoot('node_modules', '.package-lock.json'));
  if (installed === undefined || !existsSync(pinnedNode)) return true;
  return Object.entries(packagesOf(inRoot('package-lock.json'))).some(
    ([place, entry]) =>
      place !== '' &&
      !entry.optional &&
      !entry.devOptional &&
      !entry.peer &&
      installed[place]?.version !== entry.version,
  );
}

/** npm says nothing for minutes: how many packages are there, every few seconds. @returns what ends it */
function tellProgress() {
  const places = Object.keys(packagesOf(inRoot('package-lock.json'))).filter((place) => place !== '');
  const startedAtMs = Date.now();
  const timer = setInterval(() => {
    const seconds = Math.round((Date.now() - startedAtMs) / 1000);
    process.stdout.write(`  ${installedOf(places)} of ${places.length} packages after ${seconds} s\n`);
  }, progressEveryMs);
  return () => clearInterval(timer);
}

/** How many of these packages are in their places; those of other systems never are. */
function installedOf(places) {
  return places.filter((place) => existsSync(inRoot(place, 'package.json'))).length;
}

/** Runs npm by the Node that npm itself runs on: the pinned one is about to be replaced. */
function npm(args) {
  const cli = process.env.npm_execpath;
  if (cli !== undefined && /npm-cli\.[cm]?js$/.test(cli)) {
    return run(process.env.npm_node_execpath ?? process.execPath, [cli, ...args]);
  }
  return process.platform === 'win32' ? run('npm.cmd', args, { shell: true }) : run('npm', args);
}

/**
 * Installs the dependencies of the lockfile where they are missing or others.
 * @throws Error when npm fails, or when the pinned Node does not run afterwards
 */
export async function ensureDependencies() {
  if (!needsInstall()) return;
  process.stdout.write('Installing dependencies (npm ci)…\n');
  const stop = tellProgress();
  const code = await npm(['ci', '--no-audit', '--no-fund', '--loglevel=error']).finally(stop);
  if (code !== 0) throw new Error(`npm ci failed (${code}). See its output above.`);
  const node = await capture(pinnedNode, ['--version']);
  if (node.code !== 0) {
    throw new Error(
      `The pinned Node does not run: ${node.output.trim()}. The "node" package puts it in place with an install script: is ignore-scripts set?`,
    );
  }
}

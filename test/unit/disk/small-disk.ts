import { spawnSync } from 'node:child_process';

/** Mounts are seen only by the command and what it starts; without root, by a user namespace. */
const privateMounts = process.getuid?.() === 0 ? ['-m'] : ['-rm'];

export const canMount =
  process.platform === 'linux' &&
  spawnSync('unshare', [...privateMounts, 'mount', '-t', 'tmpfs', 'tmpfs', '/mnt']).status === 0;

/**
 * Runs a program of ours with a limit that a shell command sets on a folder, `$1`. It is handed the folder and the rest.
 * @param limit a mount of a small disk, which only this program sees, or `ulimit`
 */
export function runLimited(limit: string, dir: string, script: string, ...args: readonly string[]) {
  const commands = `${limit}\nexec "$2" "$3" "$1" "$4"`;
  const shell = ['sh', '-ec', commands, 'sh', dir, process.execPath, script];
  const isMount = limit.startsWith('mount');
  const [command = '', ...rest] = isMount ? ['unshare', ...privateMounts, ...shell] : shell;
  const done = spawnSync(command, [...rest, ...args], { encoding: 'utf8', timeout: 110_000 });
  return { status: done.status, stdout: done.stdout, stderr: done.stderr };
}

import { execFileSync, spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { cleanTempDirs, tempDir } from '../../support/temp-dir.ts';

cleanTempDirs();

const script = join(import.meta.dirname, '..', '..', 'support', 'fill-disk.ts');
/** Mounts are seen only by the command and what it starts; without root, by a user namespace. */
const privateMounts = process.getuid?.() === 0 ? ['-m'] : ['-rm'];
const canMount =
  process.platform === 'linux' &&
  spawnSync('unshare', [...privateMounts, 'mount', '-t', 'tmpfs', 'tmpfs', '/mnt']).status === 0;

type Counts = Record<'done' | 'notAnchored' | 'refused' | 'doneAfter', number>;
const run = (command: string, args: readonly string[]) =>
  JSON.parse(execFileSync(command, args, { encoding: 'utf8' })) as Counts;

const smallDisk = [
  'mount -t tmpfs -o size=300k tmpfs "$1"',
  'head -c 60000 /dev/zero > "$1/ballast"',
  'exec "$2" "$3" "$1" "$1/ballast"',
];
const smallFiles = ['ulimit -f 200', 'exec "$2" "$3" "$1"'];

const shell = (commands: readonly string[]) => [
  'sh',
  '-ec',
  commands.join('\n'),
  'sh',
  tempDir(),
  process.execPath,
  script,
];

/** Without the right to mount there is still the limit on the size of a file. */
const kinds = [
  ...(canMount ? ['a full disk'] : []),
  ...(process.platform === 'win32' ? [] : ['a limit on the size of a file']),
];

describe.each(kinds)('%s', (kind) => {
  it('takes no half line and loses none; what it refused is not there, what it took is', () => {
    const isDisk = kind === 'a full disk';
    const { done, refused, doneAfter } = isDisk
      ? run('unshare', [...privateMounts, ...shell(smallDisk)])
      : run('sh', shell(smallFiles).slice(1));
    expect(refused).toBe(40);
    expect(done).toBeGreaterThan(5);
    // Space was made on the disk.
    if (isDisk) expect(doneAfter).toBeGreaterThan(0);
  });
});

/**
 * `npm run bench -- --vault`: what a vault costs at 1,000, 10,000 and 100,000 tokens with three events each. Every
 * figure stands beside its goal (issue 3); sizes by BENCH_TOKENS. Each measurement is a process of its own.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { generateVault, passphrase } from './generate.ts';

const sizes = (process.env['BENCH_TOKENS'] ?? '1000,10000,100000').split(',').map(Number);
const goals = {
  unlockFromCheckpointMs: 2_000,
  fullReplayMs: 60_000,
  issueCpuMs: 20,
  listCpuMs: 100,
  lockMs: 500,
  steadyMiB: 400,
  checkpointPauseMs: 50,
  cliCpuMs: 2_000,
};
const here = (name: string) => fileURLToPath(new URL(name, import.meta.url));
const cli = fileURLToPath(new URL('../../../dist/main/cli.cjs', import.meta.url));

type Open = {
  unlockAfterKdfMs: number;
  longestPauseUnlockMs: number;
  longestPauseBackgroundMs: number;
  longestTurnBackgroundMs: number;
  lockMs: number;
  kdfMs: number;
  steadyMiB: number;
  peakMiB: number;
};
type Use = {
  listCpuMs: Record<string, number>;
  issueCpuMs: number;
  issueWallMs: number;
  steadyMiB: number;
  peakMiB: number;
};

function measured<T>(what: string, dir: string, state: string): T {
  const child = spawnSync(process.execPath, ['--expose-gc', here('./measure.ts'), what, dir], {
    encoding: 'utf8',
    env: { ...process.env, LATCHKEY_STATE_DIR: state },
    maxBuffer: 1 << 26,
  });
  if (child.status !== 0) throw new Error(`${what} failed: ${child.stderr}`);
  return JSON.parse(child.stdout.trim().split('\n').at(-1) ?? '') as T;
}

/** CPU seconds of one command, user and system, as the shell's `time` counts them. */
function cliCpuMs(dir: string, state: string): number {
  const child = spawnSync(
    'bash',
    [
      '-c',
      'TIMEFORMAT="%U %S"; time "$0" "$1" --data-dir "$2" --passphrase-fd 3 token list --limit 1 >/dev/null 3<<<"$3"',
      process.execPath,
      cli,
      dir,
      passphrase,
    ],
    { encoding: 'utf8', env: { ...process.env, LATCHKEY_STATE_DIR: state } },
  );
  if (child.status !== 0) throw new Error(`the command failed: ${child.stderr}`);
  const [user = 0, system = 0] = (child.stderr.trim().split('\n').at(-1) ?? '').split(' ').map(Number);
  return Math.round((user + system) * 1000);
}

const rows: Record<string, Record<string, string>> = {};
const put = (row: string, size: number, value: number, goal?: number, unit = 'ms'): void => {
  rows[row] ??= {};
  const verdict = goal === undefined ? '' : value <= goal ? ' ok' : ' MISSED';
  rows[row][`${size.toLocaleString('en')} tokens`] = `${value} ${unit}${verdict}`;
  if (goal !== undefined) rows[row]['goal'] = `≤ ${goal} ${unit}`;
};

const root = mkdtempSync(join(tmpdir(), 'latchkey-bench-vault-'));
try {
  for (const size of sizes) {
    const dir = join(root, String(size));
    const state = join(root, `${size}-state`);
    const started = Date.now();
    await generateVault(dir, size);
    // Any free port: another gateway may run here.
    writeFileSync(join(dir, 'settings.json'), JSON.stringify({ gateway: { port: 0 } }));
    const logMiB = Math.round(statSync(join(dir, 'vault.log')).size / 1024 / 1024);
    process.stderr.write(
      `${size} tokens: made in ${Math.round((Date.now() - started) / 1000)} s, ${logMiB} MiB\n`,
    );
    put('size of the log', size, logMiB, undefined, 'MiB');
    const first = measured<Open>('open', dir, state);
    put('full replay after the KDF', size, first.unlockAfterKdfMs, goals.fullReplayMs);
    put('full replay, longest pause of the event loop', size, first.longestPauseUnlockMs);
    put('full replay, memory, steady', size, first.steadyMiB, goals.steadyMiB, 'MiB');
    put('full replay, peak memory', size, first.peakMiB, undefined, 'MiB');
    put('writing a checkpoint, longest pause', size, first.longestPauseBackgroundMs, goals.checkpointPauseMs);
    put('writing a checkpoint, longest turn (CPU)', size, first.longestTurnBackgroundMs);
    const hasCheckpoint = existsSync(join(dir, 'checkpoints'));
    if (!hasCheckpoint) process.stderr.write('no checkpoint was written\n');
    const second = measured<Open>('open', dir, state);
    put(
      'unlock from the checkpoint after the KDF',
      size,
      second.unlockAfterKdfMs,
      goals.unlockFromCheckpointMs,
    );
    put('lock', size, second.lockMs, goals.lockMs);
    put('memory, steady, unlocked', size, second.steadyMiB, goals.steadyMiB, 'MiB');
    put('memory, peak', size, second.peakMiB, undefined, 'MiB');
    const use = measured<Use>('use', dir, state);
    for (const [name, cpu] of Object.entries(use.listCpuMs))
      put(`tokens: ${name} (CPU)`, size, cpu, goals.listCpuMs);
    put('one issue (CPU)', size, use.issueCpuMs, goals.issueCpuMs);
    put('one issue (wall, with its syncs)', size, use.issueWallMs);
    put('memory, steady, with gateway and index', size, use.steadyMiB, goals.steadyMiB, 'MiB');
    put('memory, peak, with gateway and index', size, use.peakMiB, undefined, 'MiB');
    const cpu = cliCpuMs(dir, state);
    put(
      'a CLI command (CPU) beside the KDF',
      size,
      Math.max(0, Math.round(cpu - first.kdfMs)),
      goals.cliCpuMs,
    );
  }
} finally {
  rmSync(root, { recursive: true, force: true });
}
console.table(rows);

import { readFileSync } from 'node:fs';
import { uptime } from 'node:os';

/** Clocks are set and uptimes drift; two boots within five minutes are told apart by their processes. */
const bootToleranceSeconds = 300;
const guessed = /^boot-(\d+)$/;

let known: string | undefined;

/** Names this boot of this computer: Linux has an id for it; elsewhere the second of the boot is a good guess. */
export function bootId(): string {
  known ??=
    readOrUndefined('/proc/sys/kernel/random/boot_id')?.trim() ??
    `boot-${Math.round(Date.now() / 1000 - uptime())}`;
  return known;
}

/** Whether two boot ids mean the same boot; guessed ones may differ by what a clock drifts. */
export function isSameBoot(a: string, b: string): boolean {
  const [first, second] = [guessed.exec(a)?.[1], guessed.exec(b)?.[1]];
  if (first === undefined || second === undefined) return a === b;
  return Math.abs(Number(first) - Number(second)) <= bootToleranceSeconds;
}

/** When a process began, in ticks since boot (proc(5), stat, field 22); undefined off Linux, or when it is gone. */
export function processStart(pid: number): string | undefined {
  // The program's name, in parentheses, may itself hold spaces and parentheses: count from the last one.
  const stat = readOrUndefined(`/proc/${pid}/stat`);
  return stat?.slice(stat.lastIndexOf(')') + 2).split(' ')[19];
}

function readOrUndefined(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    // Another system, or no such process.
    return undefined;
  }
}

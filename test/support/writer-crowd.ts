import type { ChildProcess } from 'node:child_process';
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { existsSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'vitest';
import { openFileBackend } from '../../src-main/vault/file-backend.ts';
import { readChained } from './chained-line.ts';
import { killAfterTouches, randomCount } from './kill-after-touches.ts';
import { textsOf } from './log-lines.ts';

const script = join(import.meta.dirname, 'log-writer.ts');

type Writer = { readonly child: ChildProcess; readonly acks: string; readonly ended: Promise<unknown> };

async function startWriter(dir: string, name: string, count: number): Promise<Writer> {
  const acks = join(dir, `acks-${name}`);
  rmSync(acks, { force: true });
  const child = spawn(process.execPath, [script, dir, name, String(count), acks], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const ended = once(child, 'exit');
  await Promise.race([once(child.stdout, 'data'), ended]);
  return { child, acks, ended };
}

/** Several processes append at once. @returns all acknowledged lines by place */
export async function appendTogether(
  dir: string,
  writers: number,
  count: number,
): Promise<Map<number, string>> {
  const started = await Promise.all(
    Array.from({ length: writers }, (_, index) => startWriter(dir, `w${index}`, count)),
  );
  const codes = await Promise.all(started.map(({ ended }) => ended));
  expect(codes).toEqual(started.map(() => [0, null]));
  return acknowledged(started.map(({ acks }) => acks));
}

/**
 * Kills a writer at a random moment, again and again, and looks at the log after each time.
 * @returns how many lines were acknowledged in all
 */
export async function killWriters(dir: string, kills: number): Promise<number> {
  const all = new Map<number, string>();
  for (let round = 0; round < kills; round += 1) {
    // One after the other: each finds what the one before left.
    // oxlint-disable-next-line no-await-in-loop
    const { child, acks, ended } = await startWriter(dir, `k${round}`, 1_000_000);
    // oxlint-disable-next-line no-await-in-loop
    await killAfterTouches(child, dir, randomCount(60), ended);
    for (const [seq, hash] of acknowledged([acks])) all.set(seq, hash);
    // oxlint-disable-next-line no-await-in-loop
    await mustHold(dir, all);
  }
  return all.size;
}

/**
 * The log is a chain, in which every acknowledged line stands at its place, and no line twice; the head names no line
 * that is not there, and every acknowledged one.
 */
export async function mustHold(dir: string, acks: ReadonlyMap<number, string>): Promise<string[]> {
  const backend = openFileBackend(dir);
  const lines = await textsOf(backend);
  const indexes = new Map<string, number>();
  let prev: string | null = null;
  for (const [place, line] of lines.entries()) {
    const chained = readChained(line);
    expect({ seq: chained.seq, prev: chained.prev }).toEqual({ seq: place, prev });
    expect(chained.index).toBe((indexes.get(chained.writer) ?? -1) + 1);
    indexes.set(chained.writer, chained.index);
    prev = createHash('sha256').update(line).digest('base64url');
    if (acks.has(place)) expect(prev).toBe(acks.get(place));
  }
  const lastAcknowledged = Math.max(-1, ...acks.keys());
  expect(lines.length).toBeGreaterThan(lastAcknowledged);
  const head = Number(((await backend.head()) ?? 'head.0').slice('head.'.length));
  expect(head).toBeGreaterThan(lastAcknowledged);
  expect(head).toBeLessThanOrEqual(lines.length);
  return lines;
}

function acknowledged(files: readonly string[]): Map<number, string> {
  const noted = files
    .filter((file) => existsSync(file))
    .flatMap((file) => readFileSync(file, 'utf8').trim().split('\n'));
  return new Map(
    noted.filter((line) => line !== '').map((line) => [Number(line.split(' ')[0]), line.split(' ')[1] ?? '']),
  );
}

/** Rows that wait to be written, whatever clients send. */
import { describe, expect, it } from 'vitest';
import { maxWaitingRows, WaitingRows } from '../../../src-main/request-log/waiting-rows.ts';
import { atMs, row } from '../../support/log-rows.ts';

const longest = (n: number) =>
  row({
    filename: 'f'.repeat(5_000),
    name: '\u0000'.repeat(5_000),
    ciProject: '\u0001'.repeat(5_000),
    ciJob: '"'.repeat(5_000),
    client: 'c'.repeat(5_000),
    who: { address: '192.0.2.7', ciUser: `${n}${'\u0002'.repeat(5_000)}` },
  });

/** Characters of all that waits. */
function takeAll(waiting: WaitingRows): number {
  let chars = 0;
  while (!waiting.isEmpty) {
    const { rows, who } = waiting.take(atMs);
    chars += rows.length + who.address.length + who.ciUser.length;
  }
  return chars;
}

describe('rows that wait', () => {
  it('are bounded in number and in bytes, also after as many were taken', () => {
    const waiting = new WaitingRows();
    for (let round = 0; round < 8; round += 1) {
      const before = waiting.dropped;
      for (let n = 0; n < maxWaitingRows; n += 1) waiting.add(longest(n), atMs, 'busy');
      const dropped = waiting.dropped - before;
      expect(waiting.rows + dropped).toBe(maxWaitingRows);
      expect(dropped).toBeGreaterThan(0);
      const chars = takeAll(waiting);
      expect(chars).toBeGreaterThan(15 * 1024 * 1024);
      expect(chars).toBeLessThan(17 * 1024 * 1024);
    }
    for (let n = 0; n < maxWaitingRows + 5; n += 1) waiting.add(row(), atMs, 'busy');
    expect(waiting.rows).toBe(maxWaitingRows);
  });

  it('are counted by token and channel up to thousands, and beyond by the hour alone', () => {
    const waiting = new WaitingRows();
    for (let n = 0; n < 6_000; n += 1) waiting.count(0, `token-${n}`, `${n}`.repeat(20), 'denied');
    const counts = JSON.parse(`[${waiting.take(atMs).counts}]`) as [
      number,
      unknown,
      unknown,
      number,
      number,
    ][];
    expect(counts).toHaveLength(5_001);
    expect(counts.reduce((sum, [, , , , denied]) => sum + denied, 0)).toBe(6_000);
  });
});

import { describe, expect, it } from 'vitest';
import { LineLog } from '../../../src-main/base/line-log.ts';

const target = () => {
  const state = { written: [] as string[], pending: 0, isBroken: false };
  return {
    state,
    log: new LineLog({
      write: (text) => {
        if (state.isBroken) throw new Error('ENOSPC');
        state.written.push(text);
      },
      pendingBytes: () => state.pending,
    }),
  };
};

describe('a log', () => {
  it('drops and counts lines that nobody reads, and says so when they are read again', () => {
    const { state, log } = target();
    log.write('one');
    state.pending = 10 * 1024 * 1024;
    log.write('two');
    log.write('three');
    state.pending = 0;
    log.write('four');
    log.write('five');
    expect(state.written).toEqual([
      'one\n',
      'latchkey: 2 lines of this log were dropped: nobody took them in time\nfour\n',
      'five\n',
    ]);
    expect(log.lost).toBe(2);
  });

  it('takes a full disk or a closed reader for dropped lines', () => {
    const { state, log } = target();
    state.isBroken = true;
    log.write('one');
    log.write('two');
    state.isBroken = false;
    log.write('three');
    expect(state.written).toEqual([
      'latchkey: 2 lines of this log were dropped: nobody took them in time\nthree\n',
    ]);
  });
});

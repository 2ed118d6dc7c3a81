import { describe, expect, it } from 'vitest';
import { FrameError, FrameReader, frameOf } from '../../../src-main/agent/frames.ts';

const readAll = (reader: FrameReader): unknown[] => {
  const values: unknown[] = [];
  for (let message = reader.next(); message !== undefined; message = reader.next())
    values.push(message.value);
  return values;
};

describe('messages on the agent’s socket', () => {
  it('come whole, however the bytes are cut', () => {
    const bytes = Buffer.concat([frameOf({ a: 1 }), frameOf('ü'.repeat(300)), frameOf([])]);
    for (const size of [1, 2, 3, 5, 64, bytes.length]) {
      const reader = new FrameReader(1000);
      const got: unknown[] = [];
      for (let at = 0; at < bytes.length; at += size) {
        reader.push(bytes.subarray(at, at + size));
        got.push(...readAll(reader));
      }
      expect(got).toEqual([{ a: 1 }, 'ü'.repeat(300), []]);
    }
  });

  it('are refused by their length, before any of the rest has come', () => {
    const reader = new FrameReader(512);
    const head = Buffer.alloc(4);
    head.writeUInt32BE(0xffff_ffff);
    reader.push(head);
    expect(() => reader.next()).toThrow(FrameError);
  });

  it('may be longer once that is allowed', () => {
    const reader = new FrameReader(10);
    reader.allow(1000);
    reader.push(frameOf('x'.repeat(500)));
    expect(reader.next()).toEqual({ value: 'x'.repeat(500) });
  });

  it.each([Buffer.from([0, 0, 0, 1, 0x7b]), Buffer.from([0, 0, 0, 0])])(
    'that are no JSON are refused',
    (bytes) => {
      const reader = new FrameReader(512);
      reader.push(bytes);
      expect(() => reader.next()).toThrow(FrameError);
    },
  );
});

/** Answers that are made once for all who ask alike, as long as the same policies are in force for them. */
import { describe, expect, it } from 'vitest';
import type { MadeAnswer } from '../../../src-main/gateway/ready-answers.ts';
import { ReadyAnswers } from '../../../src-main/gateway/ready-answers.ts';
import type { ChannelResponse, PolicyScope } from '../../../src-main/gateway/types.ts';

const scopeOf = (key: string): PolicyScope => ({ policies: [], key, tag: key });
const askedBy = (key: string) => ({ segments: ['simple', 'acme', ''], headers: {}, scope: scopeOf(key) });
const page = (text: string): ChannelResponse => ({
  status: 200,
  headers: {},
  body: { type: 'bytes', bytes: Buffer.from(text) },
});
const source = {};

/** An answer that is made when it is told to be. */
function later() {
  let calls = 0;
  let resolve: (made: MadeAnswer) => void = () => undefined;
  let reject: (error: Error) => void = () => undefined;
  const promise = new Promise<MadeAnswer>((onDone, onFailure) => {
    [resolve, reject] = [onDone, onFailure];
  });
  return {
    make: () => {
      calls += 1;
      return promise;
    },
    calls: () => calls,
    done: (response: ChannelResponse) => resolve({ response, scopeKey: 'a' }),
    fail: (error: Error) => reject(error),
  };
}

describe('an answer that is being made', () => {
  it('is made once for all who ask meanwhile, and is ready then', async () => {
    const [ready, work, answer] = [new ReadyAnswers(() => 0), later(), page('one')];
    const all = Array.from({ length: 5 }, () => ready.keep(source, 'k', askedBy('a'), work.make));
    work.done(answer);
    expect(new Set(await Promise.all(all))).toEqual(new Set([answer]));
    expect(work.calls()).toBe(1);
    expect(ready.get(source, 'k', askedBy('a'))).toBe(answer);
    expect(ready.get(source, 'k', askedBy('b'))).toBeUndefined();
  });

  it('is nobody’s who stands under other policies by then, and is not kept', async () => {
    const [ready, first, second] = [new ReadyAnswers(() => 0), later(), later()];
    const [one, other] = [askedBy('a'), askedBy('a')];
    const made = ready.keep(source, 'k', one, first.make);
    const joined = ready.keep(source, 'k', other, second.make);
    one.scope = scopeOf('one’s new');
    other.scope = scopeOf('the other’s new');
    first.done(page('as one’s new policies leave it'));
    second.done(page('as the other’s leave it'));
    await made;
    expect(await joined).toEqual(page('as the other’s leave it'));
    expect(ready.get(source, 'k', askedBy('a'))).toBeUndefined();
  });

  it('is made by each where it cannot be shared, or was not made', async () => {
    for (const end of ['stream', 'failure'] as const) {
      const [ready, first, second] = [new ReadyAnswers(() => 0), later(), later()];
      const made = ready.keep(source, 'k', askedBy('a'), first.make);
      const joined = ready.keep(source, 'k', askedBy('a'), second.make);
      if (end === 'failure') first.fail(new Error('broke off'));
      else first.done({ status: 304, headers: {}, body: { type: 'none' } });
      second.done(page('its own'));
      await made.catch(() => undefined);
      expect(await joined).toEqual(page('its own'));
      expect(second.calls()).toBe(1);
    }
  });

  it('is not waited for by who asks later than an answer stays fresh', async () => {
    let nowMs = 0;
    const [ready, first, second] = [new ReadyAnswers(() => nowMs), later(), later()];
    const made = ready.keep(source, 'k', askedBy('a'), first.make);
    nowMs = 250;
    second.done(page('new'));
    expect(await ready.keep(source, 'k', askedBy('a'), second.make)).toEqual(page('new'));
    first.done(page('old'));
    await made;
  });
});

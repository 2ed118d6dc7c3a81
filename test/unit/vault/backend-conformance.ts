import { afterEach, describe, expect, it, vi } from 'vitest';
import type { LogBackend, Lost } from '../../../src-main/vault/backend.ts';
import { lineOf, linesOf, readAll, textsOf } from '../../support/log-lines.ts';

/** A place for one log, fresh for every test, which several backends open as several processes would. */
export type BackendScene = {
  readonly open: () => LogBackend;
  /** Takes the log away, and puts it back as it was; left out where nobody could. */
  readonly moveAway?: () => void;
  readonly putBack?: () => void;
  /** Cuts whole last lines off. */
  readonly shortenTo?: (lines: number) => void;
};

/** What every backend of a log must do, whatever it keeps it in. */
export function describeBackend(name: string, makeScene: () => BackendScene | Promise<BackendScene>): void {
  describe(`${name}, as a log backend`, () => {
    const opened: LogBackend[] = [];
    afterEach(async () => {
      for (const backend of opened.splice(0)) await backend.close();
    });

    async function scene() {
      const made = await makeScene();
      const open = () => {
        const backend = made.open();
        opened.push(backend);
        return backend;
      };
      return { ...made, open };
    }

    it('is empty, and without a head, before the first append', async () => {
      const { open } = await scene();
      const backend = open();
      expect(await readAll(backend)).toEqual([]);
      expect(await backend.head()).toBeUndefined();
      expect(await backend.recover()).toEqual({ tornTailBytes: 0, completedLastLine: false });
    });

    it('gives back what was appended, in order, with places from 0, and the newest head', async () => {
      const { open } = await scene();
      const [first, ...rest] = linesOf(5);
      const backend = open();
      expect(await backend.append(0, [first!], 'head.1')).toMatchObject({ anchored: true });
      expect(await backend.append(1, rest, 'head.2')).toMatchObject({ anchored: true });
      for (const reader of [backend, open()]) {
        expect(await readAll(reader)).toMatchObject([first, ...rest].map((line, seq) => ({ line, seq })));
        expect(await reader.head()).toBe('head.2');
      }
    });

    it('reads from every place, with its bookmark, without one, and with one of another place', async () => {
      const { open } = await scene();
      const lines = linesOf(6);
      const { bookmark: end } = await open().append(0, lines, 'head');
      const stored = await readAll(open());
      expect(stored.at(-1)!.bookmark).toBe(end);
      for (const seq of [0, 1, 3, 5, 6]) {
        const own = stored[seq - 1]?.bookmark;
        for (const bookmark of [undefined, own, stored[2]!.bookmark, '', 'x', '-1', '999999999']) {
          const from = { seq, ...(bookmark === undefined ? {} : { bookmark }) };
          expect(await textsOf(open(), from), `${seq} by ${bookmark}`).toEqual(lines.slice(seq));
        }
      }
    });

    it('says that lines are missing when it is asked for a place behind the end', async () => {
      const { open } = await scene();
      await open().append(0, linesOf(3), 'head');
      await expect(readAll(open(), { seq: 5 })).rejects.toMatchObject({
        code: 'VAULT_CORRUPT',
        details: { lost: 'shorter', foundSeq: 3 },
      });
    });

    it('refuses an append behind another line than the last, and leaves lines and head as they are', async () => {
      const { open } = await scene();
      const [one, two] = [open(), open()];
      await one.append(0, linesOf(2), 'head.1');
      await readAll(two);
      await one.append(2, [lineOf('mine')], 'head.2');
      await expect(two.append(2, [lineOf('late')], 'head.x')).rejects.toMatchObject({
        code: 'VAULT_CONFLICT',
      });
      await expect(two.append(9, [lineOf('early')], 'head.x')).rejects.toMatchObject({
        code: 'VAULT_CORRUPT',
        details: { lost: 'shorter', foundSeq: 3 },
      });
      expect(await textsOf(open())).toEqual([...linesOf(2), lineOf('mine')]);
      expect(await open().head()).toBe('head.2');
      await two.append(3, [lineOf('now')], 'head.3');
      expect(await textsOf(one, { seq: 3 })).toEqual([lineOf('now')]);
    });

    it('replaces the head alone, but only for the lines that the caller knows', async () => {
      const { open } = await scene();
      const backend = open();
      await backend.append(0, linesOf(2), 'head.1');
      await backend.writeHead(2, 'head.2');
      expect(await backend.head()).toBe('head.2');
      await expect(backend.writeHead(1, 'head.x')).rejects.toMatchObject({ code: 'VAULT_CONFLICT' });
      expect(await open().head()).toBe('head.2');
    });

    it('keeps writers out while work runs under the lock, which may use the backend itself', async () => {
      const { open } = await scene();
      const [one, two] = [open(), open()];
      await one.append(0, linesOf(1), 'head.1');
      let isDone = false;
      const seen = await one.locked(async () => {
        const waiting = two.append(1, [lineOf('after')], 'head.2').then(() => {
          expect(isDone).toBe(true);
        });
        await one.recover();
        await one.writeHead(1, 'head.1b');
        const lines = await textsOf(one);
        isDone = true;
        return { lines, waiting };
      });
      expect(seen.lines).toEqual(linesOf(1));
      await seen.waiting;
      expect(await textsOf(one)).toEqual([...linesOf(1), lineOf('after')]);
    });

    it('lets go of the lock when the work under it fails', async () => {
      const { open } = await scene();
      const backend = open();
      const failing = async () => {
        throw new Error('work failed');
      };
      await expect(backend.locked(failing)).rejects.toThrow('work failed');
      await backend.append(0, linesOf(1), 'head');
    });

    it('orders appends that are made at once: each is there once, or refused', async () => {
      const { open } = await scene();
      const writers = [open(), open(), open()];
      const append = async (backend: LogBackend, line: string): Promise<void> => {
        for (;;) {
          const found = await readAll(backend);
          try {
            await backend.append(found.length, [line], `head.${found.length + 1}`);
            return;
          } catch (error) {
            if (!['VAULT_CONFLICT', 'VAULT_BUSY'].includes((error as { code: string }).code)) throw error;
          }
        }
      };
      const names = writers.flatMap((writer, index) =>
        Array.from({ length: 5 }, (_, count) => ({ writer, line: lineOf(`${index}-${count}`) })),
      );
      await Promise.all(names.map(({ writer, line }) => append(writer, line)));
      const all = await textsOf(open());
      expect(all.toSorted()).toEqual(names.map(({ line }) => line).toSorted());
      expect(await open().head()).toBe('head.15');
    });

    it('tells a watch of what others append, not of own appends, and nothing after it ended', async () => {
      const { open } = await scene();
      const [own, other] = [open(), open()];
      await own.append(0, linesOf(1), 'head');
      const { onAppend, onLost } = mocks();
      const stop = own.watch({ onAppend, onLost });
      await own.append(1, [lineOf('own')], 'head');
      await wait(700);
      expect(onAppend).not.toHaveBeenCalled();
      await other.append(2, [lineOf('other')], 'head');
      await vi.waitFor(() => expect(onAppend).toHaveBeenCalled(), waitLong);
      expect(await textsOf(own, { seq: 2 })).toEqual([lineOf('other')]);
      stop();
      const { length } = onAppend.mock.calls;
      await other.append(3, [lineOf('unheard')], 'head');
      await wait(700);
      expect(onAppend).toHaveBeenCalledTimes(length);
      expect(onLost).not.toHaveBeenCalled();
    });

    it('tells a watch of lines that were appended between the last read and its beginning', async () => {
      const { open } = await scene();
      const [reader, other] = [open(), open()];
      await other.append(0, linesOf(1), 'head');
      await readAll(reader);
      await other.append(1, [lineOf('between')], 'head');
      const stored = await readAll(reader, { seq: 1 });
      expect(stored).toHaveLength(1);
      const { onAppend } = mocks();
      reader.watch({ onAppend, onLost: () => undefined });
      await other.append(2, [lineOf('later')], 'head');
      await vi.waitFor(() => expect(onAppend).toHaveBeenCalled(), waitLong);
    });

    it('says that the log was moved away, and that it is back', async () => {
      const { open, moveAway, putBack } = await scene();
      if (moveAway === undefined || putBack === undefined) return;
      const backend = open();
      await backend.append(0, linesOf(2), 'head');
      const { onAppend, onLost } = mocks();
      backend.watch({ onAppend, onLost });
      moveAway();
      await vi.waitFor(() => expect(onLost.mock.calls).toEqual([['gone']]), waitLong);
      putBack();
      await vi.waitFor(() => expect(onAppend).toHaveBeenCalled(), waitLong);
      moveAway();
      await vi.waitFor(() => expect(onLost.mock.calls).toEqual([['gone'], ['gone']]), waitLong);
    });

    it('says that whole last lines were cut off', async () => {
      const { open, shortenTo } = await scene();
      if (shortenTo === undefined) return;
      const backend = open();
      await backend.append(0, linesOf(4), 'head');
      const { onLost } = mocks();
      backend.watch({ onAppend: () => undefined, onLost });
      shortenTo(2);
      await vi.waitFor(() => expect(onLost.mock.calls).toEqual([['shorter']]), waitLong);
      await expect(readAll(backend, { seq: 4 })).rejects.toMatchObject({ details: { lost: 'shorter' } });
      await expect(backend.append(4, [lineOf('on')], 'head')).rejects.toMatchObject({
        details: { lost: 'shorter' },
      });
    });
  });
}

const mocks = () => ({ onAppend: vi.fn<() => void>(), onLost: vi.fn<(how: Lost) => void>() });
const waitLong = { timeout: 10_000, interval: 20 };
const wait = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

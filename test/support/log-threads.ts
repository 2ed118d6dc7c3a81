/** The thread that writes the request log, in this process: on a disk that fails, killed at will. */
import type { DiskOps } from '../../src-main/disk/operations.ts';
import { systemDisk } from '../../src-main/disk/operations.ts';
import type { FromLogThread, LogThreadData, LogThreadPort } from '../../src-main/request-log/log-messages.ts';
import { LogThread } from '../../src-main/request-log/log-thread.ts';

export class LogThreads {
  /** Set: every write says so. */
  full: string | undefined;
  maxBytes: number | undefined;
  /** Set: a disk that has room for no more at once. */
  roomBytes = Infinity;
  started = 0;
  #end: (() => void) | undefined;
  readonly #disk: DiskOps = {
    ...systemDisk.sync,
    write: (...args) => {
      if (this.full !== undefined)
        throw Object.assign(new Error(this.full), { code: this.full, syscall: 'write' });
      if (args[3] > this.roomBytes)
        throw Object.assign(new Error('full'), { code: 'ENOSPC', syscall: 'write' });
      return systemDisk.sync.write(...args);
    },
    fsync: () => undefined,
  };

  readonly start = (data: LogThreadData): LogThreadPort => {
    this.started += 1;
    const listeners: ((message: FromLogThread) => void)[] = [];
    let isEnded = false;
    const thread = new LogThread({
      ...data,
      now: Date.now,
      post: (message) => {
        if (!isEnded) for (const listener of listeners) listener(message);
      },
      disk: this.#disk,
      retryMs: 1,
      ...(this.maxBytes === undefined ? {} : { maxBytes: this.maxBytes }),
    });
    let last: Promise<void> = Promise.resolve();
    return {
      post: (message) => void (last = last.then(() => (isEnded ? undefined : thread.take(message)))),
      onMessage: (listener) => void listeners.push(listener),
      onEnd: (listener) => {
        this.#end = () => {
          isEnded = true;
          listener();
        };
      },
      end: () => {
        isEnded = true;
      },
    };
  };

  /** The thread dies. */
  die(): void {
    this.#end?.();
  }
}

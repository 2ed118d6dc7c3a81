/** What the thread that writes the request log and the gateway say to each other. */
import type { LogRecipient } from '../../shared/model/bundle.ts';
import type { BatchTexts } from './segment-writer.ts';

export type LogThreadData = {
  readonly dir: string;
  readonly gateway: string;
  readonly seed: string;
  /** The number of this run; its file is locked. */
  readonly run: number;
  /** All runs that are not over, this one among them. */
  readonly live: readonly string[];
};

export type ToLogThread =
  | { readonly type: 'recipients'; readonly recipients: readonly LogRecipient[] }
  /** Answered by `written`, at once or when the disk takes it again; the next one comes after that. */
  | { readonly type: 'batch'; readonly batch: BatchTexts }
  /**
   * Ends the segment. Answered by `stopped`; a batch that the disk does not take is given up.
   * @param rest counts, and the rows that are given up
   */
  | { readonly type: 'stop'; readonly rest: BatchTexts };

export type FromLogThread =
  | { readonly type: 'written' }
  /** The disk takes nothing; it is tried again. @param code of the system's error */
  | { readonly type: 'refused'; readonly code: string }
  /** A segment was closed. */
  | { readonly type: 'closed'; readonly segment: string }
  | { readonly type: 'stopped' };

/** One end of the thread that writes. */
export type LogThreadPort = {
  readonly post: (message: ToLogThread) => void;
  readonly onMessage: (listener: (message: FromLogThread) => void) => void;
  /** Told once, when it ended, however. */
  readonly onEnd: (listener: () => void) => void;
  readonly end: () => void;
};

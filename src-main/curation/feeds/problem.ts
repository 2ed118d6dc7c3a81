/**
 * Why a feed cannot be used, as plain data: it crosses threads, is kept in a file, and becomes words where it is shown.
 * `place` names the file, the entry of an archive or the record, by which whoever runs the feed finds it.
 */
import { z } from 'zod';
import { printable } from '../printable.ts';

export const feedProblemCodes = [
  /** The disk does not give it, or there is nothing there. */
  'not-readable',
  /** Neither a folder nor a file of a kind that is known. */
  'not-known',
  /** It ends in the middle, or is not what its name says. */
  'broken',
  /** Beyond what is read: in size, number, depth, or unpacked out of all proportion. */
  'too-large',
  'not-json',
  /** A key stands twice in one object: two readers would read two things. */
  'duplicate-key',
  /** It is JSON, and not of the format. */
  'wrong-form',
  /** Nothing in it is a record of this kind. */
  'empty',
  /** More than every tenth record cannot be read. */
  'many-bad',
  /** The server did not give it. */
  'not-fetched',
  'too-slow',
  /** Reading took more memory than it may. */
  'too-much-memory',
  /** The label means no folder of this computer. */
  'not-mapped',
  /** What was read cannot be written. */
  'not-written',
] as const;

export const feedProblem = z.object({
  code: z.enum(feedProblemCodes),
  place: z.string().max(1000),
  /** More about it, e.g. a parser's words; not translated. */
  detail: z.string().max(1000).optional(),
});
export type FeedProblem = Readonly<z.infer<typeof feedProblem>>;

/** Thrown inside of a thread; its problem is what comes out. */
export class FeedError extends Error {
  override readonly name = 'FeedError';
  readonly problem: FeedProblem;

  constructor(code: FeedProblem['code'], place: string, detail?: string, options: { cause?: unknown } = {}) {
    super(`${code}: ${place}`, options);
    const said = detail === undefined ? {} : { detail: printable(detail, 300) };
    this.problem = { code, place: printable(place, 300), ...said };
  }
}

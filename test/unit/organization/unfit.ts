import { expect } from 'vitest';

/** What is expected of a line that does not fit. */
export const unfit = (why: RegExp) => ({ code: 'fit', why: expect.stringMatching(why) as string });

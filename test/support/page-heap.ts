/** Looks for a text in the heap of a page, by the snapshot that its own engine makes. */
import type { CDPSession, Page } from '@playwright/test';

/**
 * For the start of the browser: a snapshot otherwise keeps the first 1,024 characters of a text, and a configuration with
 * a token in it may be longer.
 */
export const wholeTexts = '--js-flags=--heap-snapshot-string-limit=1000000';

/** The heap of a page after a collection of what is no longer used, as the JSON of a snapshot. */
export async function heapOf(page: Page): Promise<string> {
  const session: CDPSession = await page.context().newCDPSession(page);
  const pieces: string[] = [];
  session.on('HeapProfiler.addHeapSnapshotChunk', ({ chunk }) => pieces.push(chunk));
  await session.send('HeapProfiler.enable');
  await session.send('HeapProfiler.collectGarbage');
  await session.send('HeapProfiler.takeHeapSnapshot', { reportProgress: false });
  await session.detach();
  return pieces.join('');
}

/** The part of a token that nobody else knows, as it is and in the base64 of whatever it stands in. */
export function spellingsOf(token: string): readonly string[] {
  const secret = token.slice(-38);
  // Of three places where it may begin; what its neighbours have a part in is cut off.
  const encoded = [0, 1, 2].map((before) =>
    Buffer.from('x'.repeat(before) + secret)
      .toString('base64')
      .slice(before === 0 ? 0 : 4, -4),
  );
  return [secret, ...encoded];
}

/** Which spellings of a token stand in a heap. */
export const foundIn = (heap: string, token: string): readonly string[] =>
  spellingsOf(token).filter((spelling) => heap.includes(spelling));

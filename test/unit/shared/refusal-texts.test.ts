import { describe, expect, it } from 'vitest';
import { texts } from '../../../shared/texts/texts.ts';

/** Made with plain facts, or with a list of packages where it tells of some. */
function sentenceOf(make: (...facts: readonly unknown[]) => unknown): string {
  try {
    return String(make('a', 'b', 'c', 'd'));
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
    return String(make([{ name: 'a', version: '1', taken: '0' }], 'b'));
  }
}

/** All sentences of a part of the catalogue, made with plain facts. */
function* sentencesOf(part: unknown): Iterable<string> {
  if (typeof part === 'string') yield part;
  else if (typeof part === 'function') yield sentenceOf(part as (...facts: readonly unknown[]) => unknown);
  else if (part !== null && typeof part === 'object')
    for (const one of Object.values(part)) yield* sentencesOf(one);
}

describe('what the gateway answers', () => {
  it('is plain enough for the head of an answer', () => {
    const all = [
      ...sentencesOf(texts.refusals),
      texts.alarms.gateway.credentialsClosed,
      texts.channels.problems.credentialsOfUpstream,
      texts.channels.problems.folderUnknown('a'),
    ];
    expect(all.length).toBeGreaterThan(50);
    expect(all.filter((text) => !/^[\x20-\x7E]+$/.test(text))).toEqual([]);
  });
});

import { describe, expect, it } from 'vitest';
import { texts } from '../../../shared/texts/texts.ts';

/** All sentences of a part of the catalogue, made with plain facts. */
function* sentencesOf(part: unknown): Iterable<string> {
  if (typeof part === 'string') yield part;
  else if (typeof part === 'function') yield String(part('a', 'b', 'c', 'd'));
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

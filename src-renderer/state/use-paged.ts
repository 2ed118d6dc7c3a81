import { useState } from 'react';
import type { Cause } from './reloader.ts';
import type { Answer } from './use-answer.ts';
import { useAnswer } from './use-answer.ts';

export type Paged<P> = Answer<P> & {
  /** From 1. */
  readonly page: number;
  readonly onBack: (() => void) | undefined;
  readonly onNext: (() => void) | undefined;
};

/**
 * An answer that comes by pages, one of which is shown; the same page is asked for again when one of the causes comes up.
 * Another question begins at its first page. @param key says which question it is; undefined asks nothing
 */
export function usePaged<P extends { readonly next?: string | undefined }>(
  key: string | undefined,
  read: (cursor: { readonly cursor?: string }) => Promise<P>,
  options: { readonly causes: readonly Cause[] },
): Paged<P> {
  const [place, setPlace] = useState<{
    readonly key: string | undefined;
    readonly cursors: readonly string[];
  }>({
    key,
    cursors: [],
  });
  const cursors = place.key === key ? place.cursors : [];
  const cursor = cursors.at(-1);
  const answer = useAnswer(
    key === undefined ? undefined : `${key} ${cursor ?? ''}`,
    () => read(cursor === undefined ? {} : { cursor }),
    options,
  );
  const next = answer.isStale ? undefined : answer.value?.next;
  return {
    ...answer,
    page: cursors.length + 1,
    onBack: cursors.length === 0 ? undefined : () => setPlace({ key, cursors: cursors.slice(0, -1) }),
    onNext: next === undefined ? undefined : () => setPlace({ key, cursors: [...cursors, next] }),
  };
}

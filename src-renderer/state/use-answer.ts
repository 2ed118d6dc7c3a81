import { useCallback, useEffect, useEffectEvent, useState } from 'react';
import { useChangesOf } from './changes.ts';
import { createDebouncedQuery } from './debounced-query.ts';
import type { Cause } from './reloader.ts';

export type Answer<O> = {
  /** The last answer; while `isStale`, to an earlier question. */
  readonly value: O | undefined;
  readonly isStale: boolean;
  readonly problem: unknown;
  readonly retry: () => void;
};

/**
 * What the host answers to a question of one component, asked again when one of the causes comes up.
 * @param key says which question it is; undefined asks nothing. @param read is the question of that key
 */
export function useAnswer<O>(
  key: string | undefined,
  read: () => Promise<O>,
  options: { readonly causes: readonly Cause[]; readonly delayMs?: number },
): Answer<O> {
  const [answered, setAnswered] = useState<{ readonly key: string; readonly value: O }>();
  const [problem, setProblem] = useState<unknown>();
  const [attempt, setAttempt] = useState(0);
  const changes = useChangesOf(options.causes);
  const delayMs = options.delayMs ?? 0;
  const ask = useEffectEvent(read);
  useEffect(() => {
    if (key === undefined) return undefined;
    const query = createDebouncedQuery<string, O>({
      delayMs,
      read: () => ask(),
      onAnswer: (value) => {
        setAnswered({ key, value });
        setProblem(undefined);
      },
      onProblem: setProblem,
    });
    query.ask(key);
    return query.cancel;
  }, [key, delayMs, changes, attempt]);
  const retry = useCallback(() => setAttempt((count) => count + 1), []);
  return {
    value: answered?.value,
    isStale: answered === undefined || answered.key !== key,
    problem,
    retry,
  };
}

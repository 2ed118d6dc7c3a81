import { create } from 'zustand';
import type { Cause } from './reloader.ts';

type Changes = {
  /** The last line of the log that is known here. */
  readonly seq: number | undefined;
  readonly counts: Readonly<Partial<Record<Cause, number>>>;
};

/** How often each cause came up: what a component has read itself is read again when the number changes. */
export const useChanges = create<Changes>()(() => ({ seq: undefined, counts: {} }));

export function noteChanges(causes: readonly Cause[], seq: number | undefined): void {
  useChanges.setState(({ counts }) => {
    const next = { ...counts };
    for (const cause of causes) next[cause] = (next[cause] ?? 0) + 1;
    return { seq, counts: next };
  });
}

/** A number that changes whenever one of the causes comes up; for the dependencies of an effect. */
export function useChangesOf(causes: readonly Cause[]): number {
  return useChanges(({ counts }) => causes.reduce((sum, cause) => sum + (counts[cause] ?? 0), 0));
}

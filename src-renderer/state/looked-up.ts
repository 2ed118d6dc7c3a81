import { create } from 'zustand';

type LookedUp = {
  /** Ids of tokens of persons, packages, or `everybody`, whose rows somebody here chose to see since the unlock. */
  readonly chosen: ReadonlySet<string>;
  readonly choose: (whose: string) => void;
  readonly reset: () => void;
};

/** Whose rows are shown: looking a person up is recorded, so that it is never a mere step on the way. */
export const useLookedUp = create<LookedUp>()((set) => ({
  chosen: new Set(),
  choose: (whose) => set(({ chosen }) => ({ chosen: new Set(chosen).add(whose) })),
  reset: () => set({ chosen: new Set() }),
}));

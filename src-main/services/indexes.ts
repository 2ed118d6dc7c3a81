/** The indexes of an open vault: made when first needed, so that a command that lists nothing pays nothing. */
import { setImmediate as breath } from 'node:timers/promises';
import type { OrganizationState } from '../organization/state.ts';
import type { OrganizationVault } from './organization-vault.ts';
import { HolderIndex } from './holder-index.ts';
import { MadeInSteps } from './made-in-steps.ts';
import type { TokenGroup } from './token-index.ts';
import { TokenIndex, countLiveTokens } from './token-index.ts';

/** One pass over all tokens costs a fifth of an index; whoever asks more often is served better by that. */
const passesBeforeIndex = 4;
/** Lists that are asked for together share a pass: within this time hardly a token ends. */
const passServesMs = 1_000;
const fewGroups = ['team', 'environment', 'channel'] as const;

/** How long the warm-up goes on at a time, and for how long it then gives way. */
const holdMs = 10;
const pauseMs = 15;

export interface Indexes {
  tokens(): TokenIndex;
  holders(): HolderIndex;
  /** How many tokens still work, by team, environment, channel or holder. For one answer: time goes on. */
  liveTokens(group: TokenGroup, nowMs: number): (id: string) => number;
  /**
   * Makes ready what the first looks would wait for, in steps with pauses between. Resolves when the first list is.
   */
  warmUp(): Promise<void>;
  /** Forgets everything. */
  stop(): void;
}

type Pass = {
  readonly state: OrganizationState;
  readonly nowMs: number;
  readonly counts: Readonly<Record<(typeof fewGroups)[number], ReadonlyMap<string, number>>>;
};

export function indexesOf(vault: Pick<OrganizationVault, 'state' | 'onCommit'>): Indexes {
  const tokens = new MadeInSteps(() => TokenIndex.inSteps(vault.state()));
  const holders = new MadeInSteps(() => HolderIndex.inSteps(vault.state()));
  let passes = 0;
  let pass: Pass | undefined;
  let warming: NodeJS.Timeout | undefined;
  let isStopped = false;
  const stopFollowing = vault.onCommit((change) => {
    tokens.apply(change);
    holders.apply(change);
    // It holds on to a state that is not the newest any more.
    pass = undefined;
  });
  return {
    tokens: () => tokens.get(),
    holders: () => holders.get(),
    liveTokens: (group, nowMs) => {
      const state = vault.state();
      const age = nowMs - (pass?.nowMs ?? 0);
      const isFresh = pass?.state === state && age >= 0 && age < passServesMs;
      if (!tokens.isMade && group !== 'holder' && (isFresh || passes < passesBeforeIndex)) {
        if (pass === undefined || !isFresh) {
          passes += 1;
          pass = { state, nowMs, counts: countLiveTokens(state, fewGroups, nowMs) };
        }
        const counts = pass.counts[group];
        return (id) => counts.get(id) ?? 0;
      }
      pass = undefined;
      const index = tokens.get();
      return (id) => index.countLive(group, id, nowMs);
    },
    warmUp: async () => {
      const first = firstSteps(tokens);
      while (!isStopped && !doSome(first)) await breath();
      const more = moreSteps(tokens, holders);
      const goOn = (): void => {
        warming = setTimeout(() => doSome(more) || goOn(), pauseMs).unref();
      };
      if (!isStopped) goOn();
    },
    stop: () => {
      isStopped = true;
      clearTimeout(warming);
      stopFollowing();
      tokens.forget();
      holders.forget();
      pass = undefined;
    },
  };
}

/** What the first list asks for, in its default order. */
function* firstSteps(tokens: MadeInSteps<TokenIndex>): Generator<void> {
  while (!tokens.step()) yield;
  yield* tokens.get().prepareOrder('issued');
}

function* moreSteps(tokens: MadeInSteps<TokenIndex>, holders: MadeInSteps<HolderIndex>): Generator<void> {
  const index = tokens.get();
  yield* index.prepareOrder('expires');
  yield* index.prepareOrder('holder');
  yield* index.prepareSearch();
  while (!holders.step()) yield;
}

/** Goes on for a few milliseconds. @returns whether it is done */
function doSome(steps: Generator<void>): boolean {
  const untilMs = performance.now() + holdMs;
  while (performance.now() < untilMs) if (steps.next().done === true) return true;
  return false;
}

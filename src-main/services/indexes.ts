/** The indexes of an open vault: made when first needed, so that a command that lists nothing pays nothing. */
import type { OrganizationState } from '../organization/state.ts';
import type { OrganizationVault } from './organization-vault.ts';
import { HolderIndex } from './holder-index.ts';
import type { TokenGroup } from './token-index.ts';
import { TokenIndex, countLiveTokens } from './token-index.ts';

/** One pass over all tokens costs a fifth of an index; whoever asks more often is served better by that. */
const passesBeforeIndex = 4;
/** Lists that are asked for together share a pass: within this time hardly a token ends. */
const passServesMs = 1_000;
const fewGroups = ['team', 'environment', 'channel'] as const;

/** Between steps of the warm-up: requests that wait get their turn. */
const pauseMs = 50;

export interface Indexes {
  tokens(): TokenIndex;
  holders(): HolderIndex;
  /** How many tokens still work, by team, environment, channel or holder. For one answer: time goes on. */
  liveTokens(group: TokenGroup, nowMs: number): (id: string) => number;
  /** Makes ready what the first look at the tokens would wait for, in steps with pauses between. */
  warmUp(): void;
  /** Forgets everything. */
  stop(): void;
}

type Pass = {
  readonly state: OrganizationState;
  readonly nowMs: number;
  readonly counts: Readonly<Record<(typeof fewGroups)[number], ReadonlyMap<string, number>>>;
};

export function indexesOf(vault: Pick<OrganizationVault, 'state' | 'onCommit'>): Indexes {
  let tokens: TokenIndex | undefined;
  let holders: HolderIndex | undefined;
  let passes = 0;
  let pass: Pass | undefined;
  let warming: NodeJS.Timeout | undefined;
  const stopFollowing = vault.onCommit((change) => {
    tokens?.apply(change);
    holders?.apply(change);
  });
  const tokenIndex = () => (tokens ??= new TokenIndex(vault.state()));
  return {
    tokens: tokenIndex,
    holders: () => (holders ??= new HolderIndex(vault.state())),
    liveTokens: (group, nowMs) => {
      const state = vault.state();
      const age = nowMs - (pass?.nowMs ?? 0);
      const isFresh = pass?.state === state && age >= 0 && age < passServesMs;
      if (tokens === undefined && group !== 'holder' && (isFresh || passes < passesBeforeIndex)) {
        if (pass === undefined || !isFresh) {
          passes += 1;
          pass = { state, nowMs, counts: countLiveTokens(state, fewGroups, nowMs) };
        }
        const counts = pass.counts[group];
        return (id) => counts.get(id) ?? 0;
      }
      pass = undefined;
      const index = tokenIndex();
      return (id) => index.countLive(group, id, nowMs);
    },
    warmUp: () => {
      const steps = [
        () => void tokenIndex().inOrder('issued'),
        () => void tokenIndex().inOrder('expires'),
        () => void tokenIndex().inOrder('holder'),
        () => tokenIndex().prepareSearch(),
      ];
      const next = (): void => {
        const step = steps.shift();
        if (step === undefined) return;
        warming = setTimeout(() => {
          step();
          next();
        }, pauseMs).unref();
      };
      next();
    },
    stop: () => {
      clearTimeout(warming);
      stopFollowing();
      tokens = undefined;
      holders = undefined;
      pass = undefined;
    },
  };
}

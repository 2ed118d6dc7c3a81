/** The indexes of an open vault: made when first needed, so that a command that lists nothing pays nothing. */
import type { OrganizationVault } from './organization-vault.ts';
import { HolderIndex } from './holder-index.ts';
import type { TokenGroup } from './token-index.ts';
import { TokenIndex, countLiveTokens } from './token-index.ts';

/** One pass over all tokens costs a tenth of an index; whoever asks more often is served better by that. */
const passesBeforeIndex = 6;

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

export function indexesOf(vault: Pick<OrganizationVault, 'state' | 'onCommit'>): Indexes {
  let tokens: TokenIndex | undefined;
  let holders: HolderIndex | undefined;
  let passes = 0;
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
      if (tokens === undefined && passes < passesBeforeIndex) {
        passes += 1;
        const counts = countLiveTokens(vault.state(), group, nowMs);
        return (id) => counts.get(id) ?? 0;
      }
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
    },
  };
}

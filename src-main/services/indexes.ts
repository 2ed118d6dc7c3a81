/** The indexes of an open vault: made when first needed, so that a command that lists nothing pays nothing. */
import { HolderIndex } from './holder-index.ts';
import type { OrganizationVault } from './organization-vault.ts';
import { TokenIndex } from './token-index.ts';

export interface Indexes {
  tokens(): TokenIndex;
  holders(): HolderIndex;
  /** Forgets everything. */
  stop(): void;
}

export function indexesOf(vault: Pick<OrganizationVault, 'state' | 'onCommit'>): Indexes {
  let tokens: TokenIndex | undefined;
  let holders: HolderIndex | undefined;
  const stopFollowing = vault.onCommit((change) => {
    tokens?.apply(change);
    holders?.apply(change);
  });
  return {
    tokens: () => (tokens ??= new TokenIndex(vault.state())),
    holders: () => (holders ??= new HolderIndex(vault.state())),
    stop: () => {
      stopFollowing();
      tokens = undefined;
      holders = undefined;
    },
  };
}

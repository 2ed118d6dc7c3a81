import type { AuthorityState } from './authority-state.ts';

/** What the lines so far amount to, for a reader without content. */
export type ChainPlace = {
  readonly vaultId: string;
  /** Hash of line 1: the anchor of trust. */
  readonly genesis: string;
  /** How many lines were read. */
  readonly seq: number;
  /** Hash of the last of them. */
  readonly hash: string | null;
  readonly authority: AuthorityState | undefined;
};

/** Where a vault stood, for a reader without keys. */
export type PublicPlace = ChainPlace & {
  /** Of the backend: where the next line begins, and where the last one did. */
  readonly bookmark: string | undefined;
  readonly lastLineAt: string | undefined;
};

/**
 * What this computer remembers of a log, outside of the vault and its backups: the highest head that it read, who could
 * sign then, and what was denied. Invariant: the copy never names a line that no head reached, and only a restore that
 * an operator confirmed lowers it.
 */
import type { OkpPublicKey, OperatorRole } from '../../shared/model/domain.ts';
import type { ClearDenials } from './domain.ts';

/** A signer as of the head; the removed ones too, so that they cannot sign a restore of their own rights. */
export type HeadSigner = {
  /** `<operatorId>.<keyNo>` */
  readonly kid: string;
  readonly signKey: OkpPublicKey;
  readonly role: OperatorRole;
  readonly removed: boolean;
};

/** The place of a line: its number from 0, and b64u SHA-256 of it. */
export type Place = { readonly seq: number; readonly hash: string };

export type HeadCopy = Place & {
  /** The head as it was read, a JWS. */
  readonly head: string;
  readonly signers: readonly HeadSigner[];
};

/** The clear denials of one effective line. */
export type LineDenials = { readonly seq: number; readonly denies: ClearDenials };

/** Keeps one copy per vault; every process of this user shares it. */
export interface HeadCopyStore {
  /** The copy, or undefined when this computer has none. @throws LatchkeyError VAULT_UNAVAILABLE, VAULT_CORRUPT */
  read(vaultId: string): Promise<HeadCopy | undefined>;
  /**
   * Takes a head that was read, and the denials of the lines up to it that were not noted yet (in order of `seq`; the
   * oldest go when there are too many). A copy that stands higher already stays, whoever wrote it: the store compares
   * and replaces under a lock of its own.
   * @throws LatchkeyError VAULT_UNAVAILABLE
   */
  note(vaultId: string, copy: HeadCopy, denials: readonly LineDenials[]): Promise<void>;
  /** What lines from `seq` on denied, in their order. */
  denialsFrom(vaultId: string, seq: number): Promise<readonly LineDenials[]>;
  /** Puts a lower copy in place, after a confirmed restore; forgets the denials from `droppedFromSeq` on. */
  lower(vaultId: string, copy: HeadCopy, droppedFromSeq: number): Promise<void>;
}

/** What the clear parts of the lines so far amount to. Immutable: a change makes a new one. */
import type { Table } from '../base/table.ts';
import type { OkpPublicKey, OperatorRole } from '../../shared/model/domain.ts';
import type { OperatorId } from '../../shared/model/ids.ts';

export type OperatorAuthority = {
  readonly keyNo: number;
  readonly signKey: OkpPublicKey;
  readonly receiveKey: OkpPublicKey;
  readonly role: OperatorRole;
  readonly teamIds: readonly string[];
  readonly removed: boolean;
};

export type AuthorityState = {
  readonly operators: ReadonlyMap<OperatorId, OperatorAuthority>;
  readonly adminQuorum: 1;
  /** The declared format. */
  readonly format: number;
  /** `<name>/<epoch>` → commitment. */
  readonly keys: ReadonlyMap<string, string>;
  /** The running maximum of `atMs` over effective lines. */
  readonly logTimeMs: number;
  /** kid → key, as void lines named them: serves only to recognise void lines. Persistent, as anybody may add. */
  readonly voidSigners: Table<string, OkpPublicKey>;
};

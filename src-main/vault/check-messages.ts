/** What is said between the vault and the threads that check its lines. */
import type { OkpPublicKey } from '../../shared/model/domain.ts';
import type { CheckedLine } from './line-check.ts';

export type CheckRequest = {
  readonly id: number;
  readonly lines: readonly string[];
  /** kid and key of every operator; only when they changed. */
  readonly signers?: readonly (readonly [string, OkpPublicKey])[];
  readonly orgKey?: Uint8Array;
};
export type CheckAnswer = { readonly id: number; readonly checked: readonly CheckedLine[] };

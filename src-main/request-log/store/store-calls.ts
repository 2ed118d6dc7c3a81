/** What is said between the thread of the store and whoever asks. */
import type { WireError } from '../../../shared/errors.ts';
import type { RowStore } from './row-store.ts';

export type StoreCalls = Omit<RowStore, 'close'>;
export type StoreMethod = keyof StoreCalls;

/** These take as long as they take, and questions are answered between their steps. */
export const takesLong: ReadonlySet<StoreMethod> = new Set(['index', 'prune']);

export type StoreRequest = {
  readonly id: number;
  readonly method: StoreMethod;
  readonly args: readonly unknown[];
};
export type StoreAnswer =
  | { readonly id: number; readonly ok: true; readonly value: unknown }
  | { readonly id: number; readonly ok: false; readonly error: WireError }
  /** A bug: only its kind, as its message may quote what was read. */
  | { readonly id: number; readonly ok: false; readonly kind: string };

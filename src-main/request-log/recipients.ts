/**
 * To whom a segment's keys are sealed. Invariant: the keys of a segment are random and its own, stand nowhere in the
 * clear, and each is in a file of its own: without the file of a personal field's key, that field is nobody's.
 */
import type { LogRecipient } from '../../shared/model/bundle.ts';
import type { Binding, Random } from '../base/seal-text.ts';
import { wrapKeyNow } from '../base/wrap-key.ts';
import type { PersonField, SegmentName } from './segment-files.ts';

export type KeyUse = 'mac' | PersonField;

/** Which key, of which segment, for whom: authenticated with the wrapped key. */
export const keyBinding = (
  use: KeyUse,
  { gateway, run, n }: SegmentName,
  { operatorId, keyNo }: Pick<LogRecipient, 'operatorId' | 'keyNo'>,
): Binding => ({ for: `log-${use}-key`, gateway, run, n, operator: operatorId, keyNo });

/** Of a sealed field of a batch. */
export const fieldBinding = (
  field: PersonField,
  { gateway, run, n }: SegmentName,
  batch: number,
): Binding => ({
  for: `log-${field}`,
  gateway,
  run,
  n,
  batch,
});

/** One key, sealed to one admin. */
export type SealedKey = { readonly operatorId: string; readonly keyNo: number; readonly jwe: string };

/** The text of a file of keys. */
export function sealedKeys(
  use: KeyUse,
  segment: SegmentName,
  key: Uint8Array,
  recipients: readonly LogRecipient[],
  random: Random,
): string {
  const keys = recipients.map((recipient): SealedKey => {
    const { operatorId, keyNo, x } = recipient;
    return { operatorId, keyNo, jwe: wrapKeyNow(x, key, keyBinding(use, segment, recipient), random) };
  });
  return `${JSON.stringify({ v: 1, use, keys })}\n`;
}

/** Of a file of keys; it has some 600 for each admin. */
export const maxKeysBytes = 4 * 1024 * 1024;
/** Admins of an organization; more are no organization's. */
const maxKeys = 1000;

/** What a file of keys says; undefined when it is none. */
export function parseSealedKeys(text: string, use: KeyUse): readonly SealedKey[] | undefined {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return undefined;
  }
  const file = value as { readonly v?: unknown; readonly use?: unknown; readonly keys?: unknown } | null;
  if (file?.v !== 1 || file.use !== use || !Array.isArray(file.keys) || file.keys.length > maxKeys)
    return undefined;
  const isKey = (key: Partial<SealedKey> | null): boolean =>
    typeof key?.operatorId === 'string' && Number.isSafeInteger(key.keyNo) && typeof key.jwe === 'string';
  return file.keys.every(isKey) ? (file.keys as readonly SealedKey[]) : undefined;
}

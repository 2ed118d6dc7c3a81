/** What both sides of the sealed channel hold to. No imports: the preload script takes it in. */

export type SealedMessage = { readonly iv: Uint8Array; readonly body: Uint8Array };

export const ivBytes = 12;
export const tagBytes = 16;
export const keyInfo = 'latchkey page';

/** Whether this may be a sealed message. */
export function isSealedMessage(value: unknown): value is SealedMessage {
  if (typeof value !== 'object' || value === null) return false;
  const { iv, body } = value as Partial<Record<keyof SealedMessage, unknown>>;
  return (
    iv instanceof Uint8Array &&
    iv.byteLength === ivBytes &&
    body instanceof Uint8Array &&
    body.byteLength >= tagBytes
  );
}

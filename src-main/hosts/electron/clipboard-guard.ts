import { createHash } from 'node:crypto';

/** The part of Electron's clipboard that is needed. Newer Electrons answer with promises, older ones at once. */
export type ClipboardLike = {
  writeText(text: string): Promise<void> | void;
  readText(): Promise<string> | string;
  clear(): void;
};

export type ClipboardGuard = {
  /** Copies a secret and takes it out again after `clearAfterSeconds` (0: never), if it is still there. */
  copySecret(text: string, clearAfterSeconds: number): Promise<void>;
  /** Takes the secret out now if the clipboard still holds it: at lock and at quit. */
  clearNow(): Promise<void>;
};

/**
 * Remembers only a digest of what was copied, so that waiting does not keep the secret in memory, and never clears
 * anything that was copied since. A clipboard manager may have kept its own copy: that is outside our reach.
 */
export function createClipboardGuard(
  clipboard: ClipboardLike,
  later: (run: () => void, ms: number) => () => void,
): ClipboardGuard {
  let held: { digest: string; cancel: () => void } | undefined;
  const clearNow = async (): Promise<void> => {
    if (held === undefined) return;
    const { digest, cancel } = held;
    held = undefined;
    cancel();
    if (digestOf(await clipboard.readText()) === digest) clipboard.clear();
  };
  return {
    copySecret: async (text, clearAfterSeconds) => {
      held?.cancel();
      await clipboard.writeText(text);
      const cancel =
        clearAfterSeconds === 0 ? () => undefined : later(() => void clearNow(), clearAfterSeconds * 1000);
      held = { digest: digestOf(text), cancel };
    },
    clearNow,
  };
}

const digestOf = (text: string): string => createHash('sha256').update(text).digest('hex');

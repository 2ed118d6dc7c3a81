import type { WireResult } from '../../shared/errors.ts';
import { texts } from '../../shared/texts/texts.ts';

/** Whether the host answers; listeners hear of changes alone. */
export function reachability() {
  let isReachable = true;
  const listeners = new Set<(isReachable: boolean) => void>();
  return {
    tell: (now: boolean): void => {
      if (now === isReachable) return;
      isReachable = now;
      for (const listener of listeners) listener(now);
    },
    on: (listener: (isReachable: boolean) => void): (() => void) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}

/** What a call gets when the host is gone: not a bug, but an ended program. */
export function hostGone(): WireResult<never> {
  const words = texts.parts.hostGone;
  return {
    ok: false,
    error: {
      code: 'INTERNAL',
      says: 'latchkey' in window ? words.electron : words.browser,
      details: { connection: 'lost' },
    },
  };
}

import { useEffect } from 'react';
import { api } from '../../client/api.ts';
import { useSession } from '../../state/session.ts';
import { tellFailure } from '../../ui/tell.ts';

/** How often the host hears that somebody is here; the idle lock counts in minutes. */
const touchEveryMs = 30_000;

export function lockNow(): void {
  useSession.getState().lock().catch(tellFailure);
}

/** Ctrl+L or Cmd+L locks, wherever the focus is. */
export function useLockShortcut(): void {
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (
        (event.ctrlKey || event.metaKey) &&
        !event.shiftKey &&
        !event.altKey &&
        event.key.toLowerCase() === 'l'
      ) {
        event.preventDefault();
        lockNow();
      }
    };
    window.addEventListener('keydown', onKey);
    return () => window.removeEventListener('keydown', onKey);
  }, []);
}

/** Tells the host about the person's activity, at most once per half a minute. */
export function useIdleTouch(): void {
  useEffect(() => {
    let lastMs = 0;
    const onActivity = () => {
      const nowMs = Date.now();
      if (nowMs - lastMs < touchEveryMs) return;
      lastMs = nowMs;
      // A failure here shows itself with the next real call.
      api.session.touch().catch(() => undefined);
    };
    const events = ['pointerdown', 'pointermove', 'keydown', 'wheel'] as const;
    for (const name of events) window.addEventListener(name, onActivity, { passive: true, capture: true });
    return () => {
      for (const name of events) window.removeEventListener(name, onActivity, { capture: true });
    };
  }, []);
}

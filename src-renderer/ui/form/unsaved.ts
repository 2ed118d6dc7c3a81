import { useEffect } from 'react';

let count = 0;

/** The browser asks before the page goes. The desktop's window is closed by the app itself, which does not wait. */
const hold = (event: BeforeUnloadEvent): void => event.preventDefault();

/** Counts a form as unsaved while it is. */
export function useUnsaved(isDirty: boolean): void {
  useEffect(() => {
    if (!isDirty) return undefined;
    count += 1;
    if (count === 1 && !('latchkey' in window)) window.addEventListener('beforeunload', hold);
    return () => {
      count -= 1;
      if (count === 0) window.removeEventListener('beforeunload', hold);
    };
  }, [isDirty]);
}

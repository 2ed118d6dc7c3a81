/**
 * Where the focus goes when an overlay is gone. Not the browser's business: an opener that was disabled while its action
 * ran, a menu's entry that is no more, or a removed row all leave the focus on <body>, from where nobody finds back.
 */
import { useEffect, useState } from 'react';

/** The last elements that had the focus, newest first. Weakly held: a field of a closed dialog must not live on here. */
let history: readonly WeakRef<Element>[] = [];
const remembered = 12;
/** As long as an opener may stay disabled after the overlay closed, in steps of a frame: its action is still ending. */
const patienceMs = 2000;

const remember = (element: EventTarget | null): void => {
  if (!(element instanceof Element) || element === document.body) return;
  history = [
    new WeakRef(element),
    ...history.filter((entry) => entry.deref() !== undefined && entry.deref() !== element),
  ].slice(0, remembered);
};
document.addEventListener('focusin', ({ target }) => remember(target));

const isFocusLost = (): boolean =>
  document.activeElement === null ||
  document.activeElement === document.body ||
  !document.activeElement.isConnected;
const isDisabled = (element: Element): boolean => element.matches(':disabled');

/** The newest of the earlier elements that is still there, or the screen itself. */
function target(openers: readonly WeakRef<Element>[]): HTMLElement | undefined {
  for (const entry of openers) {
    const element = entry.deref();
    if (element instanceof HTMLElement && element.isConnected) return element;
  }
  const main = document.querySelector('main');
  if (main === null) return undefined;
  main.tabIndex = -1;
  return main;
}

function giveBack(openers: readonly WeakRef<Element>[]): void {
  const untilMs = performance.now() + patienceMs;
  const attempt = (): void => {
    // Somebody else has it by now: the next dialog, or the person.
    if (!isFocusLost()) return;
    const element = target(openers);
    if (element === undefined) return;
    if (isDisabled(element) && performance.now() < untilMs) {
      requestAnimationFrame(attempt);
      return;
    }
    (isDisabled(element) ? target([]) : element)?.focus({ preventScroll: true });
  };
  // After the commit that took the overlay away, and after whatever it opened in its place.
  setTimeout(attempt, 0);
}

/** Gives the focus back to what had it before this component came, when it goes. */
export function useFocusReturn(): void {
  const [openers] = useState(() => {
    remember(document.activeElement);
    return history;
  });
  useEffect(() => () => giveBack(openers), [openers]);
}

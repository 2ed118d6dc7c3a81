/**
 * Edits that leaving would lose, however one leaves: by a link, the way back, a request of the desktop, a reload, or the
 * end of the window. Closing what holds them has its own question (`Overlay`), and says with `letGo` that it was answered.
 */
import { useEffect } from 'react';
import { create } from 'zustand';
import { guardAddress } from '../../client/address.ts';

/** Each with the place of the address at which it began. */
const unsaved = new Map<symbol, string>();
/** Those of them that may go; edits made since then are none of them. */
let mayGo: ReadonlySet<symbol> = new Set();
/** An address is changed in a task of its own; after that nothing may go any more. */
const letGoForMs = 500;

/** The places of those that may not go. */
const heldPlaces = (): readonly string[] =>
  [...unsaved].filter(([edits]) => !mayGo.has(edits)).map(([, place]) => place);

/** Where somebody wants to go, until they have said whether the edits may be lost. */
export const useLeaving = create<{ readonly to: string | undefined }>()(() => ({ to: undefined }));

/** What is unsaved may go with the next change of the address: it was saved, or somebody said so. */
export function letGo(): void {
  const released = new Set(unsaved.keys());
  mayGo = released;
  window.setTimeout(() => {
    if (mayGo === released) mayGo = new Set();
  }, letGoForMs);
}

/** Goes where it was wanted, or stays. */
export function answerLeaving(goes: boolean): void {
  const { to } = useLeaving.getState();
  useLeaving.setState({ to: undefined });
  if (!goes || to === undefined) return;
  letGo();
  window.location.href = to;
}

/** Asks before the page goes: the browser by itself, the desktop by `hosts/electron/unsaved-edits.ts`. */
const hold = (event: BeforeUnloadEvent): void => {
  // Somebody has said already that they may go.
  if (heldPlaces().length === 0) return;
  event.preventDefault();
  // All that Chromium looks at before its version 119, which the oldest desktop has.
  event.returnValue = 'unsaved';
};

/** The part of an address that says where one is; behind `?` stands how it is looked at. */
const placeOf = (url: string): string => new URL(url).hash.split('?')[0] ?? '';

guardAddress((event) => {
  const place = placeOf(event.newURL);
  const isElsewhere = placeOf(event.oldURL) !== place;
  // What began there already did not begin before the change: the address changes at once, and is told of in a task of its
  // own, with the next dialog open in between on a slow computer.
  const isHeld = heldPlaces().some((began) => began !== place);
  if (!isHeld || !isElsewhere || place.startsWith('#launch=')) return true;
  window.history.replaceState(window.history.state, '', event.oldURL);
  useLeaving.setState({ to: event.newURL });
  return false;
});

/** Counts as unsaved while it is. */
export function useUnsaved(isUnsaved: boolean): void {
  useEffect(() => {
    if (!isUnsaved) return undefined;
    const edits = Symbol('edits');
    unsaved.set(edits, placeOf(window.location.href));
    if (unsaved.size === 1) window.addEventListener('beforeunload', hold);
    return () => {
      unsaved.delete(edits);
      if (unsaved.size === 0) window.removeEventListener('beforeunload', hold);
    };
  }, [isUnsaved]);
}

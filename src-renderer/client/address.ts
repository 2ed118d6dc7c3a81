/**
 * The one listener to changes of the address. Listeners of a window are called in the order in which their modules were
 * loaded, which bundling decides; so who may hold a change back is asked here, before anybody is told.
 */
type Guard = (event: HashChangeEvent) => boolean;

let guard: Guard = () => true;
const listeners = new Set<() => void>();

window.addEventListener('hashchange', (event) => {
  if (!guard(event)) return;
  for (const listener of listeners) listener();
});

/** @param mayGoOn whether the others are told of a change; false holds it back */
export function guardAddress(mayGoOn: Guard): void {
  guard = mayGoOn;
}

/** Told of each change that was not held back. */
export function onAddress(listener: () => void): void {
  listeners.add(listener);
}

import { create } from 'zustand';

export const screens = [
  'overview',
  'tokens',
  'channels',
  'teams',
  'environments',
  'policies',
  'gateway',
  'settings',
] as const;
export type Screen = (typeof screens)[number];
/** Where the person is: a screen and, if any, what is open on it (`new`, or an id). */
export type Route = { readonly screen: Screen; readonly open: string | undefined };

/** `#/tokens/new` → screen and what is open on it. Anything unknown is the overview. */
export function parseRoute(hash: string): Route {
  const [name, open, ...rest] = hash.replace(/^#?\/?/, '').split('/');
  const screen = screens.find((entry) => entry === name);
  if (screen === undefined || rest.length > 0) return { screen: 'overview', open: undefined };
  return { screen, open: open !== undefined && /^[0-9A-Za-z_-]{1,64}$/.test(open) ? open : undefined };
}

export function routeHash(screen: Screen, open?: string): string {
  return open === undefined ? `#/${screen}` : `#/${screen}/${open}`;
}

/** The hash is the truth; the store follows it, so that back and forward work. */
export const useRoute = create<Route>()(() => parseRoute(window.location.hash));
window.addEventListener('hashchange', () => useRoute.setState(parseRoute(window.location.hash), true));

export function navigate(screen: Screen, open?: string): void {
  window.location.hash = routeHash(screen, open);
}

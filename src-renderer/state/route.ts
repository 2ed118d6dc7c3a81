import { create } from 'zustand';
import { onAddress } from '../client/address.ts';
import type { Screen } from '../../shared/model/screens.ts';
import { screens } from '../../shared/model/screens.ts';

export type { Screen };
/** Where the person is: a screen, what is open on it if anything (`new`, or an id), and how its list is looked at. */
export type Route = { readonly screen: Screen; readonly open: string | undefined; readonly query: string };

const longestQuery = 8000;

/** `#/tokens/new?search=ada` → screen, what is open on it, and its query. Anything unknown is the overview. */
export function parseRoute(hash: string): Route {
  const [path = '', ...queries] = hash.replace(/^#?\/?/, '').split('?');
  const [name, open, ...rest] = path.split('/');
  const screen = screens.find((entry) => entry === name);
  if (screen === undefined || rest.length > 0) return { screen: 'overview', open: undefined, query: '' };
  return {
    screen,
    open: open !== undefined && /^[0-9A-Za-z_-]{1,64}$/.test(open) ? open : undefined,
    query: queries.join('?').slice(0, longestQuery),
  };
}

export function routeHash(screen: Screen, open?: string, query = ''): string {
  const path = open === undefined ? `#/${screen}` : `#/${screen}/${open}`;
  return query === '' ? path : `${path}?${query}`;
}

/** The hash is the truth; the store follows it, so that back and forward work. */
export const useRoute = create<Route>()(() => parseRoute(window.location.hash));
onAddress(() => useRoute.setState(parseRoute(window.location.hash), true));

/** Goes to a screen. On the screen that is shown its query stays unless another one is given. */
export function navigate(screen: Screen, open?: string, query?: string): void {
  window.location.hash = hashTo(screen, open, query);
}

/** The address that `navigate` goes to, for links. */
export function hashTo(screen: Screen, open?: string, query?: string): string {
  const shown = useRoute.getState();
  return routeHash(screen, open, query ?? (shown.screen === screen ? shown.query : ''));
}

/** Another look at the same list: in the address, but no step of the way back. */
export function replaceQuery(query: string): void {
  const { screen, open } = useRoute.getState();
  try {
    window.history.replaceState(window.history.state, '', routeHash(screen, open, query));
  } catch {
    // A browser may refuse when somebody types long and fast; the list follows all the same, the address a letter later.
  }
  useRoute.setState({ screen, open, query }, true);
}

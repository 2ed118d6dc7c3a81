import type { OrganizationState } from '../organization/state.ts';

/** The kinds of feeds that there are. */
export const feedKindsOf = (state: OrganizationState): ReadonlySet<string> =>
  new Set([...state.feeds.values()].map(({ kind }) => kind));

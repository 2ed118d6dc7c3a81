/** Checks that several aggregates share. Each throws UnfitEvent with a sentence that names the thing, never a secret. */
import type { Token } from '../../shared/model/domain.ts';
import type { Table } from '../base/table.ts';
import type { LineContext } from '../vault/domain.ts';
import { UnfitEvent } from './event-kind.ts';
import type { OrganizationState } from './state.ts';

/** The entry with this id. @throws UnfitEvent */
export function requireEntry<K, V>(table: Table<K, V>, id: K, what: string): V {
  const found = table.get(id);
  if (found === undefined) throw new UnfitEvent(`there is no such ${what}`);
  return found;
}

/** @throws UnfitEvent when the id is taken */
export function requireNewId<K>(table: Table<K, unknown>, id: K, what: string): void {
  if (table.has(id)) throw new UnfitEvent(`there is a ${what} of this id already`);
}

/**
 * Names that are unique, and where: teams, environments, channels (over both kinds) and policies among themselves,
 * holders within their kind (kept by an index, as there are many). Operators may share a name.
 * @throws UnfitEvent when another entry has the name
 */
export function requireFreeName<K>(
  table: Table<K, { readonly id: K; readonly name: string }>,
  name: string,
  ownId: K,
  what: string,
): void {
  for (const entry of table.values()) {
    if (entry.name === name && entry.id !== ownId) {
      throw new UnfitEvent(`there is a ${what} named "${name}" already`);
    }
  }
}

/**
 * Whether a token can still be used, now or later, by the line's own time: one line dated far ahead must not end all
 * tokens for good. A line dated back can treat an expired token as live; what it gives is judged all the same.
 */
export function isLive(token: Token, line: Pick<LineContext, 'atMs'>): boolean {
  return token.revoked === undefined && token.expiresAtMs > line.atMs;
}

/** @throws UnfitEvent when a live token names what is removed; dead ones are evidence and keep their references */
export function requireNoLiveToken(
  state: OrganizationState,
  line: LineContext,
  names: (token: Token) => boolean,
  what: string,
): void {
  for (const token of state.tokens.values()) {
    if (names(token) && isLive(token, line))
      throw new UnfitEvent(`token lk-${token.id} still uses the ${what}`);
  }
}

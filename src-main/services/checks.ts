/** Refusals that several services share: the fold would refuse as well, with fewer words. */
import type { User } from '../../shared/error-details.ts';
import { LatchkeyError } from '../../shared/errors.ts';
import type { Token } from '../../shared/model/domain.ts';
import type { OrganizationState } from '../organization/state.ts';

/** Enough to see what it is about; an error is not a report. */
const maxUsersShown = 20;

/** The entry of a table, or a clear refusal. @throws LatchkeyError NOT_FOUND */
export function requireEntry<K extends string, V>(
  table: { get(id: K): V | undefined },
  id: K,
  what: string,
): V {
  const found = table.get(id);
  if (found === undefined) {
    throw new LatchkeyError('NOT_FOUND', ['notFound', what], {
      details: { what, id },
    });
  }
  return found;
}

/** Refuses a name that another entry has already. @throws LatchkeyError NAME_TAKEN */
export function requireFreeName(
  entries: Iterable<{ readonly id: string; readonly name: string }>,
  name: string,
  ownId: string | undefined,
  what: string,
): void {
  for (const entry of entries) if (entry.name === name && entry.id !== ownId) throw nameTaken(what, name);
}

export function nameTaken(what: string, name: string): LatchkeyError {
  return new LatchkeyError('NAME_TAKEN', ['nameTaken', what, name], {
    details: { what, name },
  });
}

/** Tokens that still work and to which `uses` says yes. */
export function liveTokensThat(
  uses: (token: Token) => boolean,
  state: OrganizationState,
  nowMs: number,
): readonly User[] {
  const users: User[] = [];
  for (const token of state.tokens.values()) {
    if (token.revoked !== undefined || token.expiresAtMs <= nowMs || !uses(token)) continue;
    users.push({ kind: 'token', id: token.id, name: state.holders.get(token.holderId)?.name ?? token.id });
  }
  return users;
}

/** Refuses to remove what others need. @throws LatchkeyError IN_USE with the list */
export function requireUnused(what: string, id: string, users: readonly User[]): void {
  const total = users.length;
  if (total === 0) return;
  const counts = new Map<string, number>();
  for (const { kind } of users) counts.set(kind, (counts.get(kind) ?? 0) + 1);
  throw new LatchkeyError('IN_USE', ['inUse', what, [...counts]], {
    details: { what, id, users: users.slice(0, maxUsersShown), total },
  });
}

import type { User } from '../../shared/errors.ts';
import { LatchkeyError } from '../../shared/errors.ts';
import type { Token } from '../../shared/model/domain.ts';
import type { VaultState } from '../../shared/model/state.ts';

/** Enough to see what it is about; an error is not a report. */
const maxUsersShown = 20;

/** The entry of a map, or a clear refusal. @throws LatchkeyError NOT_FOUND */
export function mustFind<K extends string, V>(map: ReadonlyMap<K, V>, id: K, what: string): V {
  const found = map.get(id);
  if (found === undefined) {
    throw new LatchkeyError(
      'NOT_FOUND',
      `There is no such ${what} (any more). Reload the list and try again.`,
      {
        details: { what, id },
      },
    );
  }
  return found;
}

/** Refuses a name that another entry has already. @throws LatchkeyError NAME_TAKEN */
export function mustBeFree(
  entries: Iterable<{ readonly id: string; readonly name: string }>,
  name: string,
  ownId: string | undefined,
  what: string,
): void {
  for (const entry of entries) {
    if (entry.name === name && entry.id !== ownId) {
      throw new LatchkeyError(
        'NAME_TAKEN',
        `There is a ${what} named "${name}" already. Choose another name.`,
        {
          details: { what, name },
        },
      );
    }
  }
}

/** Tokens that still work and to which `uses` says yes. */
export function validTokensThat(
  uses: (token: Token) => boolean,
  state: VaultState,
  nowMs: number,
): readonly User[] {
  return [...state.tokens.values()]
    .filter((token) => token.revoked === undefined && token.expiresAtMs > nowMs && uses(token))
    .map((token) => ({ kind: 'token', id: token.id, name: token.holder.name }));
}

/** Refuses to remove what tokens still use. @throws LatchkeyError IN_USE */
export function mustBeUnused(what: string, id: string, users: readonly User[]): void {
  const total = users.length;
  if (total > 0) {
    throw new LatchkeyError(
      'IN_USE',
      `This ${what} is still used by ${total} valid token(s). Revoke or change ${total === 1 ? 'it' : 'them'} first.`,
      { details: { what, id, users: users.slice(0, maxUsersShown), total } },
    );
  }
}

import { LatchkeyError } from '../../shared/errors.ts';

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

/** Refuses to remove what tokens or others still use. @throws LatchkeyError IN_USE */
export function mustBeUnused(count: number, users: string, what: string): void {
  if (count > 0) {
    throw new LatchkeyError(
      'IN_USE',
      `This ${what} is still used by ${count} ${users}. Revoke or change ${count === 1 ? 'it' : 'them'} first.`,
      { details: { count, what } },
    );
  }
}

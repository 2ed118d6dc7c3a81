import type { ErrorDetailsByCode } from '../../error-details.ts';

export const errors = {
  /** What still needs something, one line each, and how many more there are. */
  users: ({ users, total }: ErrorDetailsByCode['IN_USE']): readonly string[] => {
    const named = users.map(({ kind, id, name }) =>
      kind === 'token' ? `token lk-${id} of ${name}` : `${kind} ${name}`,
    );
    const more = total - users.length;
    return more > 0 ? [...named, `and ${more.toLocaleString('en-GB')} more`] : named;
  },
};

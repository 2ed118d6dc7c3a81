import type { Column } from '../../ui/table/column.ts';
import type { TokenView } from '../../../shared/contract/token-views.ts';
import { StateBadge } from '../../ui/state-badge.tsx';
import { TokenEnd } from '../../ui/token-end.tsx';
import { exactTime, formatCount } from '../../ui/format.ts';
import text from '../../ui/text.module.css';

/** How a column stands on its own screen. */
type Place = Pick<Column<never>, 'title' | 'priority' | 'width' | 'grow'>;

/** The name, which opens the row and never goes. */
export const nameColumn = (place: Omit<Place, 'priority'>): Column<{ readonly name: string }> => ({
  id: 'name',
  ...place,
  priority: 0,
  sort: 'ascending',
  value: ({ name }) => name,
  cell: (_row, opener) => opener,
});

/** How many tokens of it are active. */
export const tokensColumn = (place: Place): Column<{ readonly activeTokens: number }> => ({
  id: 'tokens',
  ...place,
  isNumber: true,
  sort: 'descending',
  value: ({ activeTokens }) => activeTokens,
  cell: ({ activeTokens }) => formatCount(activeTokens),
});

/** When it was made. */
export const createdColumn = (place: Omit<Place, 'width'>): Column<{ readonly createdAtMs: number }> => ({
  id: 'created',
  ...place,
  width: 10,
  sort: 'descending',
  value: ({ createdAtMs }) => createdAtMs,
  cell: ({ createdAtMs }) => <span className={text.quiet}>{exactTime(createdAtMs)}</span>,
});

/** The state of a token. */
export const stateColumn = (place: Place): Column<TokenView> => ({
  id: 'state',
  ...place,
  sort: 'ascending',
  value: ({ state }) => state,
  cell: ({ state, rotatedTo }) => <StateBadge state={state} rotatedTo={rotatedTo} />,
});

/** When a token ends or ended. */
export const endColumn = (place: Place): Column<TokenView> => ({
  id: 'expires',
  ...place,
  sort: 'ascending',
  value: ({ expiresAtMs }) => expiresAtMs,
  cell: (token) => <TokenEnd token={token} />,
});

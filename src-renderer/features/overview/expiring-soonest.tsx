import { IconKey } from '@tabler/icons-react';
import type { TokenView } from '../../../shared/contract/token-views.ts';
import { routeHash } from '../../state/route.ts';
import { useSummary } from '../../state/summary.ts';
import { EmptyState, SkeletonRows } from '../../ui/page.tsx';
import type { Column } from '../../ui/table/column.ts';
import { DataTable } from '../../ui/table/data-table.tsx';
import card from '../../ui/card.module.css';
import text from '../../ui/text.module.css';
import { endColumn, stateColumn } from '../lists/columns.tsx';
import { texts } from '../../../shared/texts/texts.ts';

const words = texts.overview.expiringSoonest;

const columns: readonly Column<TokenView>[] = [
  {
    id: 'holder',
    title: words.holder,
    priority: 0,
    width: 9,
    grow: 2,
    value: ({ holder }) => holder.name,
    cell: (_token, opener) => opener,
  },
  {
    id: 'environment',
    title: words.environment,
    priority: 3,
    width: 9,
    grow: 2,
    value: ({ environmentName }) => environmentName,
    cell: ({ teamName, environmentName }) => `${teamName} · ${environmentName}`,
  },
  stateColumn({ title: words.state, priority: 2, width: 6.5, grow: 0.2 }),
  endColumn({ title: words.expires, priority: 1, width: 6.5, grow: 0.2 }),
];

/** The tokens that end next, so that nobody learns it from a failed build. */
export function ExpiringSoonest() {
  const { expiringSoonest, countByState } = useSummary();
  return (
    <section className={card.card} aria-labelledby="expiring-soonest">
      <header className={card.head}>
        <h2 id="expiring-soonest">{words.expiringSoonest}</h2>
        <a href={routeHash('tokens')} className={text.small}>
          {words.allTokens}
        </a>
      </header>
      {countByState === undefined ? (
        <SkeletonRows />
      ) : expiringSoonest.length === 0 ? (
        <EmptyState
          icon={<IconKey size={24} />}
          title={words.noActiveTokens}
          text={words.tokensThatEndNext}
        />
      ) : (
        <DataTable
          label={words.expiringSoonest}
          columns={columns}
          rows={{ total: expiringSoonest.length, at: (index) => expiringSoonest[index] }}
          rowId={({ id }) => id}
          rowName={({ holder }) => holder.name}
          href={({ id }) => routeHash('tokens', id)}
        />
      )}
    </section>
  );
}

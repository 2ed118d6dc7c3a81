import { useState } from 'react';
import { NativeSelect } from '@mantine/core';
import { IconUsers } from '@tabler/icons-react';
import type { Ecosystem } from '../../../shared/model/packages.ts';
import { texts } from '../../../shared/texts/texts.ts';
import { api } from '../../client/api.ts';
import type { DayPeriod } from '../../state/activity-question.ts';
import { isPeriod, momentsOf } from '../../state/activity-question.ts';
import { routeHash } from '../../state/route.ts';
import { usePaged } from '../../state/use-paged.ts';
import type { Column } from '../../ui/table/column.ts';
import { RowLink } from '../../ui/table/row-link.tsx';
import text from '../../ui/text.module.css';
import { allPages } from '../activity/all-pages.ts';
import { PagedCard } from '../activity/paged-card.tsx';
import { PeriodField } from '../activity/period-field.tsx';
import { RecordedGate } from '../activity/recorded-gate.tsx';
import { ExportMenu, rowsSource } from '../lists/export-menu.tsx';
import { firstColumn, lastColumn, timesColumn } from '../activity/tally-columns.tsx';

const words = texts.activity;
type Holding = Awaited<ReturnType<typeof api.log.whoHas>>['holdings'][number];

const holderOf = ({ holder, tokenId }: Holding): string => holder ?? `lk-${tokenId}`;
const columns: readonly Column<Holding>[] = [
  {
    id: 'holder',
    title: words.holder,
    priority: 0,
    width: 10,
    grow: 2,
    value: holderOf,
    cell: (holding) => (
      <span className={text.twoLines}>
        <RowLink href={routeHash('activity', holding.tokenId)}>{holderOf(holding)}</RowLink>
        <span>{holding.holder === undefined ? words.whoHas.unknown : `lk-${holding.tokenId}`}</span>
      </span>
    ),
  },
  {
    id: 'version',
    title: words.version,
    priority: 2,
    width: 9,
    value: ({ file }) => file.version,
    cell: ({ file }) => (
      <span className={text.twoLines}>
        <span>{file.version || words.sealed}</span>
        <span>{file.filename}</span>
      </span>
    ),
  },
  {
    id: 'team',
    title: words.team,
    priority: 4,
    width: 7,
    value: ({ team }) => team ?? null,
    cell: ({ team }) => team ?? words.sealed,
  },
  {
    id: 'environment',
    title: words.environment,
    priority: 3,
    width: 7,
    value: ({ environment }) => environment ?? null,
    cell: ({ environment }) => environment ?? words.sealed,
  },
  lastColumn(1),
  timesColumn(5),
  firstColumn(6),
];

type Package = { readonly ecosystem: Ecosystem; readonly name: string; readonly version: string };

/** Which tokens fetched this package whole, and when: those of one version, or of all. */
export function WhoHas(props: Package) {
  const { ecosystem, name } = props;
  return (
    <RecordedGate whose={`${ecosystem} ${name}`} title={words.whoHas.title} text={words.whoHas.gateText}>
      <Holders {...props} />
    </RecordedGate>
  );
}

function Holders(props: Package) {
  const { ecosystem, name, version } = props;
  const [period, setPeriod] = useState<DayPeriod>({ type: 'all' });
  const [onlyThis, setOnlyThis] = useState(true);
  const file = { ecosystem, name, ...(onlyThis && version !== '' ? { version } : {}) };
  const read = (page: { readonly limit?: number; readonly cursor?: string }) =>
    api.log.whoHas({ file, ...momentsOf(period), ...page });
  const pages = usePaged(isPeriod(period) ? JSON.stringify([file, period]) : undefined, read, {
    causes: ['usage', 'tokens', 'holders'],
  });
  const rows = pages.value?.holdings;
  return (
    <PagedCard
      title={words.whoHas.title}
      pages={pages}
      rows={rows}
      columns={columns}
      rowId={({ tokenId, file: of, environment }) => [tokenId, of.filename, of.sha256, environment].join(' ')}
      rowName={holderOf}
      empty={{ icon: <IconUsers size={24} />, title: words.whoHas.nobody, text: words.whoHas.none }}
      tools={
        <>
          <NativeSelect
            size="xs"
            label={words.whoHas.show}
            value={onlyThis ? 'this' : 'all'}
            onChange={(event) => setOnlyThis(event.currentTarget.value === 'this')}
            data={[
              { value: 'this', label: words.whoHas.thisVersion(version) },
              { value: 'all', label: words.whoHas.allVersions },
            ]}
          />
          <PeriodField value={period} onChange={setPeriod} />
        </>
      }
      beside={
        <ExportMenu
          file={{
            name: 'who-has',
            source: async () => rowsSource(columns, await allPages(read, ({ holdings }) => holdings)),
          }}
          many={words.whoHas.many}
          total={rows?.length ?? 0}
          hint={words.saved.whole(words.whoHas.many)}
        />
      }
    />
  );
}

import { useMemo } from 'react';
import { Button } from '@mantine/core';
import { IconBroadcast } from '@tabler/icons-react';
import type { GatewayView } from '../../../shared/contract/gateway-views.ts';
import { requestSubject } from '../../../shared/model/request-subject.ts';
import { texts } from '../../../shared/texts/texts.ts';
import { api } from '../../client/api.ts';
import { hashTo, navigate, routeHash, useRoute } from '../../state/route.ts';
import { useAnswer } from '../../state/use-answer.ts';
import { clockTime } from '../../ui/format.ts';
import { cx } from '../../ui/cx.ts';
import { EmptyState } from '../../ui/page.tsx';
import type { Column } from '../../ui/table/column.ts';
import { FilterSelect } from '../../ui/table/filter-select.tsx';
import text from '../../ui/text.module.css';
import { rowsSource } from '../lists/export-menu.tsx';
import { TableCard } from '../lists/table-card.tsx';
import { useListState, useWholeList } from '../lists/use-list.ts';
import styles from './gateway.module.css';
import { OutcomeBadge } from './outcome-badge.tsx';
import { RequestDrawer } from './request-drawer.tsx';
import { requestKey } from './request-key.ts';

export type GatewayRequest = GatewayView['recent'][number];
const words = texts.requests;

const columnsWith = (holders: ReadonlyMap<string, string>): readonly Column<GatewayRequest>[] => [
  {
    id: 'time',
    title: words.time,
    priority: 0,
    width: 6,
    grow: 0.2,
    sort: 'descending',
    value: ({ atMs }) => atMs,
    cell: (_request, opener) => opener,
  },
  {
    id: 'decision',
    title: words.decision,
    priority: 1,
    width: 7.5,
    grow: 0.2,
    sort: 'ascending',
    value: ({ outcome, status }) => `${words.outcomes[outcome]} ${status}`,
    cell: (request) => <OutcomeBadge request={request} />,
  },
  {
    id: 'package',
    title: words.package,
    priority: 3,
    width: 9,
    sort: 'ascending',
    value: ({ path }) => requestSubject(path).name ?? null,
    cell: ({ path }) => {
      const { name, version } = requestSubject(path);
      if (name === undefined) return '–';
      return (
        <div className={text.twoLines}>
          <span>{name}</span>
          <span>{version}</span>
        </div>
      );
    },
  },
  {
    id: 'request',
    title: words.request,
    priority: 4,
    width: 15,
    grow: 3,
    sort: 'ascending',
    value: ({ method, path }) => `${method} ${path}`,
    cell: ({ method, path }) => (
      <span className={cx(text.mono, text.wrap)}>
        {method === 'GET' ? '' : `${method} `}
        {path}
      </span>
    ),
  },
  {
    id: 'holder',
    title: words.holder,
    priority: 5,
    width: 9,
    sort: 'ascending',
    value: ({ tokenId }) => (tokenId === undefined ? null : (holders.get(tokenId) ?? null)),
    cell: ({ tokenId }) => {
      if (tokenId === undefined) return '–';
      return (
        <div className={text.twoLines}>
          <span>{holders.get(tokenId) ?? ''}</span>
          <span className={text.mono}>lk-{tokenId}</span>
        </div>
      );
    },
  },
  {
    id: 'client',
    title: words.client,
    priority: 6,
    width: 8,
    sort: 'ascending',
    value: ({ client }) => client,
    cell: ({ client, address }) => (
      <div className={text.twoLines}>
        <span>{client || '–'}</span>
        <span>{address}</span>
      </div>
    ),
  },
  {
    id: 'reason',
    title: words.reason,
    priority: 2,
    width: 10,
    grow: 2,
    sort: 'ascending',
    value: ({ reason }) => reason,
    cell: ({ reason }) => <span className={text.small}>{reason || '–'}</span>,
  },
  {
    id: 'address',
    title: words.address,
    priority: 7,
    width: 8,
    isExtra: true,
    sort: 'ascending',
    value: ({ address }) => address,
    cell: ({ address }) => address,
  },
  {
    id: 'token',
    title: words.token,
    priority: 8,
    width: 7,
    isExtra: true,
    sort: 'ascending',
    value: ({ tokenId }) => (tokenId === undefined ? null : `lk-${tokenId}`),
    cell: ({ tokenId }) => (tokenId === undefined ? '–' : <span className={text.mono}>lk-{tokenId}</span>),
  },
];

const outcomes = Object.entries(words.outcomes).map(([id, name]) => ({ id, name }));

/** The newest requests as they come in. Paths stand here without the token; a row opens to the whole story. */
export function RequestTable(props: {
  readonly requests: readonly GatewayRequest[];
  readonly isRunning: boolean;
}) {
  const { requests } = props;
  const state = useListState('requests');
  const open = useRoute((route) => route.open);
  const holders = useHolderNames(requests);
  const columns = useMemo(() => columnsWith(holders), [holders]);
  const { model, rows } = useWholeList(state, columns, requests, isLetThrough);
  const channels = useMemo(() => {
    const names = new Set(requests.flatMap(({ channel }) => channel ?? []));
    return [...names].sort().map((name) => ({ id: name, name }));
  }, [requests]);
  const filter = (name: string) => state.query.filters[name] ?? [];
  return (
    <section className={styles.requests} aria-labelledby="recent">
      <header className={styles.head}>
        <h2 id="recent" className={styles.title}>
          {words.title}
        </h2>
        <a href={routeHash('activity', undefined, 'view=requests')}>{texts.activity.requests.older}</a>
      </header>
      <div className={styles.tall}>
        <TableCard<GatewayRequest>
          state={state}
          model={model}
          label={words.title}
          many={words.many}
          search={words.search}
          total={requests.length}
          isLoading={false}
          rows={rows}
          rowId={requestKey}
          rowName={({ atMs }) => clockTime(atMs)}
          href={(request) => hashTo('gateway', requestKey(request))}
          filters={
            <>
              <FilterSelect
                label={words.outcome}
                entries={outcomes}
                value={filter('outcome')}
                onChange={(values) => state.setFilter('outcome', values)}
              />
              <FilterSelect
                label={words.channel}
                entries={channels}
                value={filter('channel')}
                onChange={(values) => state.setFilter('channel', values)}
              />
              {filter('token').length > 0 && (
                <Button size="xs" variant="light" onClick={() => state.setFilter('token', [])}>
                  {texts.tables.clear(words.ofToken)}
                </Button>
              )}
            </>
          }
          file={{ name: 'requests', source: () => rowsSource(model.columns, model.rows) }}
          empty={
            <EmptyState
              icon={<IconBroadcast size={24} />}
              title={words.none}
              text={props.isRunning ? words.waiting : words.stopped}
            />
          }
        />
      </div>
      {open !== undefined && (
        <RequestDrawer
          key={open}
          request={requests.find((request) => requestKey(request) === open)}
          onClose={() => navigate('gateway')}
        />
      )}
    </section>
  );
}

function isLetThrough(
  { outcome, channel, tokenId }: GatewayRequest,
  filters: Readonly<Record<string, readonly string[]>>,
): boolean {
  const has = (name: string, value: string | undefined) => {
    const wanted = filters[name] ?? [];
    return wanted.length === 0 || (value !== undefined && wanted.includes(value));
  };
  return has('outcome', outcome) && has('channel', channel) && has('token', tokenId);
}

/** Whose tokens were used: main tells requests by the token's id alone, as they are also told while it is locked. */
function useHolderNames(requests: readonly GatewayRequest[]): ReadonlyMap<string, string> {
  const ids = [...new Set(requests.flatMap(({ tokenId }) => tokenId ?? []))].sort();
  const { value } = useAnswer(
    ids.length === 0 ? undefined : ids.join(' '),
    () => api.tokens.list({ ids, limit: 1000 }),
    { causes: ['holders', 'tokens'], delayMs: 500 },
  );
  return useMemo(() => new Map((value?.rows ?? []).map(({ id, holder }) => [id, holder.name])), [value]);
}

import type { ReactNode } from 'react';
import { IconDevices } from '@tabler/icons-react';
import type { TokenId } from '../../../shared/model/ids.ts';
import { texts } from '../../../shared/texts/texts.ts';
import { api } from '../../client/api.ts';
import type { DayPeriod } from '../../state/activity-question.ts';
import { isPeriod, momentsOf } from '../../state/activity-question.ts';
import { usePaged } from '../../state/use-paged.ts';
import { formatCount } from '../../ui/format.ts';
import type { Column } from '../../ui/table/column.ts';
import text from '../../ui/text.module.css';
import { ExportMenu, rowsSource } from '../lists/export-menu.tsx';
import { allPages } from './all-pages.ts';
import { PagedCard } from './paged-card.tsx';
import { firstColumn, lastColumn } from './tally-columns.tsx';

const words = texts.activity;
type ClientUse = Awaited<ReturnType<typeof api.log.clients>>['clients'][number];
const wide = (value: string) => <span className={text.wrap}>{value || words.sealed}</span>;

const columns: readonly Column<ClientUse>[] = [
  {
    id: 'client',
    title: words.client,
    priority: 0,
    width: 10,
    grow: 2,
    value: ({ client }) => client,
    cell: (_client, opener) => opener,
  },
  {
    id: 'project',
    title: words.ciProject,
    priority: 3,
    width: 9,
    grow: 1.5,
    value: ({ ciProject }) => ciProject,
    cell: ({ ciProject }) => wide(ciProject),
  },
  {
    id: 'job',
    title: words.ciJob,
    priority: 4,
    width: 9,
    grow: 1.5,
    value: ({ ciJob }) => ciJob,
    cell: ({ ciJob }) => wide(ciJob),
  },
  lastColumn(1),
  firstColumn(6),
  {
    id: 'requests',
    title: words.ofToken.views.requests,
    priority: 2,
    width: 6,
    grow: 0.3,
    isNumber: true,
    value: ({ requests }) => requests,
    cell: ({ requests }) => formatCount(requests),
  },
  {
    id: 'refused',
    title: words.kinds.refusal,
    priority: 5,
    width: 5,
    grow: 0.3,
    isNumber: true,
    value: ({ refused }) => refused,
    cell: ({ refused }) => formatCount(refused),
  },
];

/** Which programs used a token, and for which jobs. */
export function ClientsCard(props: {
  readonly tokenId: TokenId;
  readonly period: DayPeriod;
  readonly tools: ReactNode;
}) {
  const { tokenId, period } = props;
  const read = (page: { readonly limit?: number; readonly cursor?: string }) =>
    api.log.clients({ tokenId, ...momentsOf(period), ...page });
  const pages = usePaged(isPeriod(period) ? JSON.stringify([tokenId, period]) : undefined, read, {
    causes: ['usage'],
  });
  const rows = pages.value?.clients;
  return (
    <PagedCard
      title={words.ofToken.views.clients}
      pages={pages}
      rows={rows}
      columns={columns}
      tools={props.tools}
      rowId={({ client, ciProject, ciJob }) => [client, ciProject, ciJob].join(' ')}
      rowName={({ client }) => client || words.sealed}
      inTime
      empty={{
        icon: <IconDevices size={24} />,
        title: words.ofToken.noClients,
        text: words.ofToken.noClientsText,
      }}
      beside={
        <ExportMenu
          file={{
            name: 'clients',
            source: async () => rowsSource(columns, await allPages(read, ({ clients }) => clients)),
          }}
          many={words.ofToken.clients}
          total={rows?.length ?? 0}
          hint={words.saved.whole(words.ofToken.clients)}
        />
      }
    />
  );
}

import type { TokenUsage } from '../../../shared/contract/token-views.ts';
import type { Column } from '../../ui/table/column.ts';
import { DataTable } from '../../ui/table/data-table.tsx';
import facts from '../../ui/facts.module.css';
import text from '../../ui/text.module.css';
import { useNow } from '../../ui/use-now.ts';
import { exactTime, formatBytes, formatCount, relativeTime } from '../../ui/format.ts';

type Client = TokenUsage['clients'][number];

function When({ atMs }: { readonly atMs: number }) {
  return relativeTime(atMs, useNow());
}

const columns: readonly Column<Client>[] = [
  {
    id: 'client',
    title: 'Client',
    priority: 0,
    width: 8,
    grow: 2,
    value: ({ client }) => client,
    cell: (_client, opener) => opener,
  },
  {
    id: 'address',
    title: 'Address',
    priority: 2,
    width: 8,
    value: ({ address }) => address,
    cell: ({ address }) => <span className={text.mono}>{address}</span>,
  },
  {
    id: 'last-seen',
    title: 'Last seen',
    priority: 1,
    width: 7,
    value: ({ lastAtMs }) => lastAtMs,
    cell: ({ lastAtMs }) => <When atMs={lastAtMs} />,
  },
  {
    id: 'requests',
    title: 'Requests',
    priority: 3,
    width: 5.5,
    isNumber: true,
    value: ({ requests }) => requests,
    cell: ({ requests }) => formatCount(requests),
  },
];

/** Which clients use a token, from where; during a rotation it tells who still has the old one. */
export function TokenUsageView(props: { readonly usage: TokenUsage | undefined; readonly nowMs: number }) {
  const { usage, nowMs } = props;
  return (
    <section aria-labelledby="token-usage">
      <h2 id="token-usage" className={text.label}>
        Usage
      </h2>
      {usage === undefined ? (
        <p className={text.quiet}>Not used yet. After the first install, clients and addresses stand here.</p>
      ) : (
        <>
          <dl className={facts.facts}>
            <dt>Last used</dt>
            <dd>
              {relativeTime(usage.lastUsedAtMs, nowMs)} by {usage.lastClient} from{' '}
              <span className={text.mono}>{usage.lastAddress}</span>
            </dd>
            <dt>First used</dt>
            <dd>{exactTime(usage.firstUsedAtMs)}</dd>
            <dt>Requests</dt>
            <dd>
              {formatCount(usage.allowed)} allowed, {formatCount(usage.denied)} denied,{' '}
              {formatBytes(usage.bytes)} sent
            </dd>
          </dl>
          {usage.clients.length > 0 && (
            <DataTable
              label="Clients"
              columns={columns}
              rows={{ total: usage.clients.length, at: (index) => usage.clients[index] }}
              rowId={({ client, address }) => `${client} ${address}`}
              rowName={({ client }) => client}
            />
          )}
        </>
      )}
    </section>
  );
}

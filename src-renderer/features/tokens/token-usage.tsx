import type { TokenUsage } from '../../../shared/contract/token-views.ts';
import type { Column } from '../../ui/table/column.ts';
import { DataTable } from '../../ui/table/data-table.tsx';
import facts from '../../ui/facts.module.css';
import text from '../../ui/text.module.css';
import { PolicyUses } from '../../ui/policy-uses.tsx';
import { usePolicyHref } from '../policies/use-policy-href.ts';
import styles from './tokens.module.css';
import { cx } from '../../ui/cx.ts';
import { useNow } from '../../ui/use-now.ts';
import { exactTime, formatBytes, formatCount, relativeTime } from '../../ui/format.ts';
import { texts } from '../../../shared/texts/texts.ts';

const words = texts.tokenPage.usage;

type Client = TokenUsage['clients'][number];

function When({ atMs }: { readonly atMs: number }) {
  return relativeTime(atMs, useNow());
}

const columns: readonly Column<Client>[] = [
  {
    id: 'client',
    title: words.client,
    priority: 0,
    width: 8,
    grow: 2,
    value: ({ client }) => client,
    cell: (_client, opener) => opener,
  },
  {
    id: 'address',
    title: words.address,
    priority: 2,
    width: 8,
    value: ({ address }) => address,
    cell: ({ address }) => <span className={text.mono}>{address || '–'}</span>,
  },
  {
    id: 'last-seen',
    title: words.lastSeen,
    priority: 1,
    width: 7,
    value: ({ lastAtMs }) => lastAtMs,
    cell: ({ lastAtMs }) => <When atMs={lastAtMs} />,
  },
  {
    id: 'requests',
    title: words.requests,
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
  const policyHref = usePolicyHref();
  return (
    <section aria-labelledby="token-usage">
      <h2 id="token-usage" className={text.label}>
        {words.title}
      </h2>
      {usage === undefined ? (
        <p className={text.quiet}>{words.none}</p>
      ) : (
        <>
          <dl className={facts.facts}>
            <dt>{words.lastUsed}</dt>
            <dd>
              {words.lastBy(relativeTime(usage.lastUsedAtMs, nowMs), usage.lastClient)}
              {usage.lastAddress !== '' && (
                <>
                  {words.from}
                  <span className={text.mono}>{usage.lastAddress}</span>
                </>
              )}
            </dd>
            <dt>{words.firstUsed}</dt>
            <dd>{exactTime(usage.firstUsedAtMs)}</dd>
            <dt>{words.requests}</dt>
            <dd>
              {words.counts(formatCount(usage.allowed), formatCount(usage.denied), formatBytes(usage.bytes))}
            </dd>
          </dl>
          {usage.policies !== undefined && usage.policies.length > 0 && (
            <>
              <h3 className={cx(text.label, styles.part)}>{texts.policyUses.title}</h3>
              <PolicyUses uses={usage.policies} href={policyHref} />
            </>
          )}
          {usage.clients.length > 0 && (
            <>
              <h3 className={cx(text.label, styles.part)}>{words.clients}</h3>
              <DataTable
                label={words.clients}
                columns={columns}
                rows={{ total: usage.clients.length, at: (index) => usage.clients[index] }}
                rowId={({ client, address }) => `${client} ${address}`}
                rowName={({ client }) => client}
              />
            </>
          )}
        </>
      )}
    </section>
  );
}

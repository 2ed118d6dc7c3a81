import { IconBan } from '@tabler/icons-react';
import { texts } from '../../../shared/texts/texts.ts';
import { api } from '../../client/api.ts';
import type { ActivityQuestion } from '../../state/activity-question.ts';
import { dayOf, formatActivityQuestion, isPeriod, momentsOf } from '../../state/activity-question.ts';
import { routeHash } from '../../state/route.ts';
import { usePaged } from '../../state/use-paged.ts';
import type { Column } from '../../ui/table/column.ts';
import { RowLink } from '../../ui/table/row-link.tsx';
import { ExportMenu, rowsSource } from '../lists/export-menu.tsx';
import { usePolicyHref } from '../policies/use-policy-href.ts';
import { allPages } from './all-pages.ts';
import { PagedCard } from './paged-card.tsx';
import { PeriodField } from './period-field.tsx';
import { PolicyFilter } from './request-filters.tsx';
import { lastColumn, timesColumn } from './tally-columns.tsx';

const words = texts.activity;
type Refusal = Awaited<ReturnType<typeof api.log.refusals>>['refusals'][number];

const columnsWith = (
  policyHref: (use: { readonly policyName: string }) => string,
): readonly Column<Refusal>[] => [
  {
    id: 'day',
    title: words.day,
    priority: 0,
    width: 8.5,
    grow: 0.3,
    value: ({ dayMs }) => dayOf(dayMs),
    cell: (_row, opener) => opener,
  },
  {
    id: 'policy',
    title: words.policy,
    priority: 2,
    width: 9,
    value: ({ policyName }) => policyName,
    cell: ({ policyName }) =>
      policyName === '' ? (
        words.refusals.noPolicy
      ) : (
        <RowLink href={policyHref({ policyName })}>{policyName}</RowLink>
      ),
  },
  {
    id: 'reason',
    title: words.reason,
    priority: 1,
    width: 11,
    grow: 2,
    value: ({ cause }) => cause,
    cell: ({ cause }) => texts.causes.of(cause),
  },
  {
    id: 'environment',
    title: words.environment,
    priority: 3,
    width: 8,
    value: ({ environment }) => environment ?? null,
    cell: ({ environment }) => environment ?? words.sealed,
  },
  timesColumn(1),
  lastColumn(4),
];

/** The refused requests of a day and a policy, one by one. */
const requestsOf = (day: string, policy: string): string =>
  routeHash(
    'activity',
    undefined,
    formatActivityQuestion({
      view: 'requests',
      kind: 'refusal',
      period: { type: 'chosen', from: day, to: day },
      policy,
    }),
  );

/** What was refused, by day, policy and rule. */
export function RefusalsView(props: {
  readonly question: ActivityQuestion;
  readonly onChange: (part: Partial<ActivityQuestion>) => void;
}) {
  const { period, policy } = props.question;
  const columns = columnsWith(usePolicyHref());
  const read = (page: { readonly limit?: number; readonly cursor?: string }) =>
    api.log.refusals({ ...momentsOf(period), ...(policy === '' ? {} : { policyName: policy }), ...page });
  const pages = usePaged(isPeriod(period) ? JSON.stringify([period, policy]) : undefined, read, {
    causes: ['usage'],
  });
  const rows = pages.value?.refusals;
  return (
    <PagedCard
      title={words.refusals.title}
      pages={pages}
      rows={rows}
      columns={columns}
      rowId={({ dayMs, policyName, cause, environment }) => [dayMs, policyName, cause, environment].join(' ')}
      rowName={({ dayMs }) => dayOf(dayMs)}
      href={({ dayMs, policyName }) => requestsOf(dayOf(dayMs), policyName)}
      inTime
      empty={{
        icon: <IconBan size={24} />,
        ...(policy === ''
          ? { title: words.refusals.none, text: words.refusals.noneText }
          : { title: words.refusals.noneOf(policy), text: words.refusals.noneOfText }),
      }}
      tools={
        <>
          <PolicyFilter value={policy} onChange={(next) => props.onChange({ policy: next })} />
          <PeriodField value={period} onChange={(next) => props.onChange({ period: next })} />
        </>
      }
      beside={
        <ExportMenu
          file={{
            name: 'refusals',
            source: async () => rowsSource(columns, await allPages(read, ({ refusals }) => refusals)),
          }}
          many={words.refusals.many}
          total={rows?.length ?? 0}
          hint={words.saved.whole(words.refusals.many)}
        />
      }
    />
  );
}

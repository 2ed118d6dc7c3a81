import type { GatewayView } from '../../shared/contract/gateway-views.ts';
import { texts } from '../../shared/texts/texts.ts';
import { exactTime, formatCount } from './format.ts';
import type { Column } from './table/column.ts';
import { DataTable } from './table/data-table.tsx';

const words = texts.policyUses;
type Use = GatewayView['policies'][number];

const columns: readonly Column<Use>[] = [
  {
    id: 'policy',
    title: words.policy,
    priority: 0,
    width: 9,
    grow: 2,
    value: ({ policyName }) => policyName,
    cell: (_use, opener) => opener,
  },
  {
    id: 'what',
    title: words.what,
    priority: 1,
    width: 7,
    value: ({ what }) => words.whats[what],
    cell: ({ what }) => words.whats[what],
  },
  {
    id: 'rule',
    title: words.rule,
    priority: 4,
    width: 9,
    grow: 1,
    value: ({ rule }) => texts.causes.of(rule),
    cell: ({ rule }) => texts.causes.of(rule),
  },
  {
    id: 'packages',
    title: words.packages,
    priority: 3,
    width: 10,
    grow: 2,
    value: ({ packages }) => packages.join(', '),
    cell: ({ packages }) => packages.join(', '),
  },
  {
    id: 'count',
    title: words.count,
    priority: 2,
    width: 6,
    isNumber: true,
    value: ({ count }) => count,
    cell: ({ count }) => formatCount(count),
  },
  {
    id: 'last',
    title: words.last,
    priority: 5,
    width: 9,
    value: ({ lastAtMs }) => lastAtMs,
    cell: ({ lastAtMs }) => exactTime(lastAtMs),
  },
];

/** Which rules blocked requests, would have, or hid a newer version: for the gateway as a whole, or for one token. */
export function PolicyUses(props: {
  readonly uses: readonly Use[];
  /** Where its policy is. */
  readonly href?: (use: Use) => string;
}) {
  const { uses, href } = props;
  return (
    <DataTable
      label={words.title}
      columns={columns}
      rows={{ total: uses.length, at: (index) => uses[index] }}
      rowId={({ what, policyName, rule }) => `${what} ${policyName} ${rule}`}
      rowName={({ policyName }) => policyName}
      {...(href === undefined ? {} : { href })}
    />
  );
}

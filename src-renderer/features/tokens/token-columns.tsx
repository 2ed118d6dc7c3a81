import { IconRobot, IconServer2, IconUser } from '@tabler/icons-react';
import type { TokenColumn } from '../../../shared/contract/table-views.ts';
import type { TokenView } from '../../../shared/contract/token-views.ts';
import { texts } from '../../../shared/texts/texts.ts';
import { formatCount } from '../../ui/format.ts';
import { When } from '../../ui/relative-time.tsx';
import type { Column } from '../../ui/table/column.ts';
import text from '../../ui/text.module.css';
import { endColumn, stateColumn } from '../lists/columns.tsx';
import styles from './tokens.module.css';

const words = texts.tokenTable;
const holderIcons = { person: IconUser, service: IconServer2, agent: IconRobot } as const;

/** What a column of the table is in a file. */
export const fileColumns: Readonly<Record<string, readonly TokenColumn[]>> = {
  holder: ['holder', 'holder-kind', 'id'],
  team: ['team'],
  environment: ['environment'],
  channels: ['channels'],
  state: ['state'],
  expires: ['expires'],
  'last-used': ['last-used', 'last-client'],
  issued: ['issued'],
  'issued-by': ['issued-by'],
  networks: ['networks'],
  requests: ['requests'],
  note: ['note'],
};

function HolderKind({ kind }: Pick<TokenView['holder'], 'kind'>) {
  const Icon = holderIcons[kind];
  return <Icon size={16} className={styles.kind} role="img" aria-label={kind} />;
}

/** Sorted and filtered by main: the values are for files of the page alone, which tokens have none of. */
export const tokenColumns: readonly Column<TokenView>[] = [
  {
    id: 'holder',
    title: words.holder,
    priority: 0,
    width: 12,
    grow: 3,
    sort: 'ascending',
    value: ({ holder }) => holder.name,
    cell: ({ holder, id }, opener) => (
      <div className={styles.holder}>
        <HolderKind kind={holder.kind} />
        <div className={text.twoLines}>
          {opener}
          <span className={text.mono}>lk-{id}</span>
        </div>
      </div>
    ),
  },
  {
    id: 'team',
    title: words.team,
    priority: 4,
    width: 7.5,
    sort: 'ascending',
    value: ({ teamName }) => teamName,
    cell: ({ teamName }) => teamName,
  },
  {
    id: 'environment',
    title: words.environment,
    priority: 2,
    width: 7,
    grow: 0.5,
    sort: 'ascending',
    value: ({ environmentName }) => environmentName,
    cell: ({ environmentName }) => environmentName,
  },
  {
    id: 'channels',
    title: words.channels,
    priority: 6,
    width: 9,
    grow: 1.5,
    value: ({ channelNames }) => channelNames.join(', '),
    cell: ({ channelNames }) => <span className={text.quiet}>{channelNames.join(', ')}</span>,
  },
  stateColumn({ title: words.state, priority: 1, width: 7, grow: 0.3 }),
  endColumn({ title: words.expires, priority: 3, width: 7.5, grow: 0.5 }),
  {
    id: 'last-used',
    title: words.lastUsed,
    priority: 5,
    width: 8.5,
    sort: 'descending',
    value: ({ usage }) => usage?.lastUsedAtMs ?? null,
    cell: ({ usage }) =>
      usage === undefined ? (
        <span className={text.quiet}>{words.never}</span>
      ) : (
        <div className={text.twoLines}>
          <span>
            <When atMs={usage.lastUsedAtMs} />
          </span>
          <span>{usage.lastClient}</span>
        </div>
      ),
  },
  {
    id: 'issued',
    title: words.issued,
    priority: 7,
    width: 7.5,
    grow: 0.5,
    sort: 'descending',
    isExtra: true,
    value: ({ issuedAtMs }) => issuedAtMs,
    cell: ({ issuedAtMs }) => <When atMs={issuedAtMs} />,
  },
  {
    id: 'issued-by',
    title: words.issuedBy,
    priority: 8,
    width: 8,
    sort: 'ascending',
    isExtra: true,
    value: ({ issuedByName }) => issuedByName,
    cell: ({ issuedByName }) => issuedByName,
  },
  {
    id: 'networks',
    title: words.networks,
    priority: 9,
    width: 9,
    isExtra: true,
    value: ({ networks }) => String(networks),
    cell: ({ networks }) =>
      networks === 'anywhere' ? words.anywhere : <span className={text.mono}>{networks.join(', ')}</span>,
  },
  {
    id: 'requests',
    title: words.requests,
    priority: 10,
    width: 6,
    grow: 0.3,
    isNumber: true,
    isExtra: true,
    value: ({ usage }) => (usage === undefined ? 0 : usage.allowed + usage.denied),
    cell: ({ usage }) => formatCount(usage === undefined ? 0 : usage.allowed + usage.denied),
  },
  {
    id: 'note',
    title: words.note,
    priority: 11,
    width: 10,
    sort: 'ascending',
    isExtra: true,
    value: ({ note }) => note,
    cell: ({ note }) => note || '–',
  },
];

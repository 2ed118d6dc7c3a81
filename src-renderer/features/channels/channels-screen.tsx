import { useEffect, useState } from 'react';
import { Badge, Button, Tooltip } from '@mantine/core';
import { IconAlertTriangle, IconFolder, IconLock, IconPackages, IconWorld } from '@tabler/icons-react';
import type { ChannelProblem, ChannelView } from '../../../shared/contract/channel-views.ts';
import { api } from '../../client/api.ts';
import { useDirectory } from '../../state/directory.ts';
import { useGateway } from '../../state/gateway.ts';
import { navigate } from '../../state/route.ts';
import { tellFailure } from '../../ui/tell.ts';
import type { Column } from '../../ui/table/column.ts';
import { FilterSelect } from '../../ui/table/filter-select.tsx';
import { ListScreen } from '../lists/list-screen.tsx';
import styles from './channels-screen.module.css';
import { ChannelDialog } from './channel-dialog.tsx';
import { ChannelHealth } from './channel-health.tsx';
import { MapFolderDialog } from './map-folder-dialog.tsx';
import { cx } from '../../ui/cx.ts';
import text from '../../ui/text.module.css';
import { texts } from '../../../shared/texts/texts.ts';
import { nameColumn, tokensColumn } from '../lists/columns.tsx';

const words = texts.channels.channelsScreen;

const columns: readonly Column<ChannelView>[] = [
  nameColumn({ title: words.name, width: 9 }),
  {
    id: 'kind',
    title: words.kind,
    priority: 2,
    width: 5,
    grow: 0.2,
    sort: 'ascending',
    value: ({ kind }) => kind,
    cell: ({ kind }) => (
      <Badge size="sm" tt="none" color={kind === 'conda' ? 'green' : 'blue'}>
        {kind === 'conda' ? words.conda : words.pypi}
      </Badge>
    ),
  },
  {
    id: 'upstream',
    title: words.upstream,
    priority: 1,
    width: 14,
    grow: 3,
    sort: 'ascending',
    value: ({ upstream }) => (upstream.type === 'url' ? upstream.url : upstream.label),
    cell: (channel) => <UpstreamPlace channel={channel} />,
  },
  {
    id: 'environments',
    title: words.environments,
    priority: 3,
    width: 9,
    value: (channel) => environmentsOf(channel).join(', '),
    cell: (channel) => <AvailableIn channel={channel} />,
  },
  tokensColumn({ title: words.tokens, priority: 4, width: 6, grow: 0.2 }),
];

function UpstreamPlace({ channel }: { readonly channel: ChannelView }) {
  const { upstream, folderPath, problem } = channel;
  const Icon = upstream.type === 'url' ? IconWorld : IconFolder;
  const place = upstream.type === 'url' ? upstream.url : (folderPath ?? upstream.label);
  return (
    <div className={styles.upstream}>
      <span className={styles.place}>
        <Icon size={15} aria-hidden="true" />
        <span
          className={cx(text.oneLine, text.mono)}
          title={upstream.type === 'url' ? place : `${upstream.label}: ${folderPath ?? words.folderNotSet}`}
        >
          {place}
        </span>
        {channel.hasCredentials && problem?.code !== 'credentials' && (
          <Tooltip label={words.credentialsAreStoredSealed}>
            <IconLock size={14} role="img" aria-label={words.credentialsStored} />
          </Tooltip>
        )}
      </span>
      {problem !== undefined && <Problem channel={channel} problem={problem} />}
      <ChannelHealth channelId={channel.id} />
    </div>
  );
}

/** Why the gateway answers 502 for the channel, and the way to mend it. */
function Problem(props: { readonly channel: ChannelView; readonly problem: ChannelProblem }) {
  const { channel, problem } = props;
  const { upstream } = channel;
  const [mapping, setMapping] = useState(false);
  const [own, mend] =
    problem.code === 'credentials'
      ? ([words.problems.credentials, () => navigate('channels', channel.id)] as const)
      : ([words.problems.folder, () => setMapping(true)] as const);
  return (
    <span className={styles.problem}>
      <span className={cx(text.small, text.error)} title={problem.message}>
        <IconAlertTriangle size={13} aria-hidden="true" className={styles.sign} />
        {own.what}
      </span>
      <Button size="compact-xs" variant="default" aria-label={own.actionFor(channel.name)} onClick={mend}>
        {own.action}
      </Button>
      {mapping && upstream.type === 'folder' && (
        <MapFolderDialog label={upstream.label} onClose={() => setMapping(false)} />
      )}
    </span>
  );
}

/** Names of the environments that it is available in, as they are now. */
const environmentsOf = ({ environmentIds }: ChannelView): readonly string[] =>
  useDirectory
    .getState()
    .environments.filter(({ id }) => environmentIds.includes(id))
    .map(({ name }) => name);

function AvailableIn({ channel }: { readonly channel: ChannelView }) {
  // Shown again when a name changes.
  useDirectory((state) => state.environments);
  const names = environmentsOf(channel);
  return names.length === 0 ? <span>{words.noneNoTokenCan}</span> : names.join(', ');
}

const kinds = [
  { id: 'conda', name: words.conda },
  { id: 'pypi', name: words.pypi },
] as const;

const isOfKind = (
  { kind }: ChannelView,
  { kind: wanted = [] }: Readonly<Record<string, readonly string[]>>,
) => wanted.length === 0 || wanted.includes(kind);

/** Sources of packages that the gateway serves. */
export function ChannelsScreen() {
  const channels = useDirectory((state) => state.channels);
  const loadGateway = useGateway((state) => state.load);
  // For what it found out about the channels; changes come by themselves.
  useEffect(() => void loadGateway().catch(tellFailure), [loadGateway]);
  return (
    <ListScreen
      screen="channels"
      title={words.channels}
      lead={words.condaChannelsAndPython}
      empty={{
        icon: <IconPackages size={24} />,
        title: words.noChannelsYet,
        text: words.aChannelIsWhere,
        action: words.createFirst,
      }}
      entries={channels}
      columns={columns}
      search={words.search}
      filters={(state) => (
        <FilterSelect
          label={words.kind}
          entries={kinds}
          value={state.query.filters['kind'] ?? []}
          onChange={(values) => state.setFilter('kind', values)}
        />
      )}
      isLetThrough={isOfKind}
      remove={({ id }) => api.channels.remove({ id })}
      dialog={(channel, close) => <ChannelDialog channel={channel} onClose={close} />}
    />
  );
}

import { useEffect, useState } from 'react';
import { Badge, Button, Tooltip } from '@mantine/core';
import { IconAlertTriangle, IconFolder, IconLock, IconPackages, IconWorld } from '@tabler/icons-react';
import type { ChannelProblem, ChannelView } from '../../../shared/contract/channel-views.ts';
import { api } from '../../client/api.ts';
import { useDirectory } from '../../state/directory.ts';
import { useGateway } from '../../state/gateway.ts';
import { navigate } from '../../state/route.ts';
import { formatCount } from '../../ui/format.ts';
import { tellFailure } from '../../ui/tell.ts';
import type { Column } from '../lists/list-screen.tsx';
import { ListScreen, NameButton } from '../lists/list-screen.tsx';
import styles from './channels-screen.module.css';
import { ChannelDialog } from './channel-dialog.tsx';
import { ChannelHealth } from './channel-health.tsx';
import { MapFolderDialog } from './map-folder-dialog.tsx';
import { cx } from '../../ui/cx.ts';
import text from '../../ui/text.module.css';
import { texts } from '../../../shared/texts/texts.ts';

const words = texts.channels.channelsScreen;

const columns: readonly Column<ChannelView>[] = [
  {
    title: words.name,
    width: '17%',
    cell: (channel) => <NameButton screen="channels" id={channel.id} name={channel.name} />,
  },
  {
    title: words.kind,
    width: 78,
    cell: (channel) => (
      <Badge size="sm" tt="none" color={channel.kind === 'conda' ? 'green' : 'blue'}>
        {channel.kind === 'conda' ? words.conda : words.pypi}
      </Badge>
    ),
  },
  { title: words.upstream, cell: (channel) => <UpstreamPlace channel={channel} /> },
  { title: words.environments, width: '18%', cell: (channel) => <AvailableIn channel={channel} /> },
  {
    title: words.tokens,
    width: 78,
    isNumber: true,
    cell: (channel) => formatCount(channel.activeTokens),
  },
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
          title={upstream.type === 'url' ? place : `${upstream.label}: ${folderPath ?? 'not set'}`}
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
  const [what, action, mend] =
    problem.code === 'credentials'
      ? (['Credentials broken', 'Enter again…', () => navigate('channels', channel.id)] as const)
      : (['Folder not set on this computer', 'Set folder…', () => setMapping(true)] as const);
  return (
    <span className={styles.problem}>
      <span className={cx(text.small, text.error)} title={problem.message}>
        <IconAlertTriangle size={13} aria-hidden="true" className={styles.sign} />
        {what}
      </span>
      <Button
        size="compact-xs"
        variant="default"
        aria-label={words.ofWord(action.replace('…', ''), channel.name)}
        onClick={mend}
      >
        {action}
      </Button>
      {mapping && upstream.type === 'folder' && (
        <MapFolderDialog label={upstream.label} onClose={() => setMapping(false)} />
      )}
    </span>
  );
}

function AvailableIn({ channel }: { readonly channel: ChannelView }) {
  const environments = useDirectory((state) => state.environments);
  const available = environments.filter((entry) => channel.environmentIds.includes(entry.id));
  return available.length === 0 ? (
    <span className={text.quiet}>{words.noneNoTokenCan}</span>
  ) : (
    <span className={text.oneLine}>{available.map((entry) => entry.name).join(', ')}</span>
  );
}

/** Sources of packages that the gateway serves. */
export function ChannelsScreen() {
  const channels = useDirectory((state) => state.channels);
  const loadGateway = useGateway((state) => state.load);
  // For what it found out about the channels; changes come by themselves.
  useEffect(() => void loadGateway().catch(tellFailure), [loadGateway]);
  return (
    <ListScreen
      screen="channels"
      what="channel"
      title={words.channels}
      lead={words.condaChannelsAndPython}
      empty={{
        icon: <IconPackages size={24} />,
        title: words.noChannelsYet,
        text: words.aChannelIsWhere,
        action: 'Create the first channel',
      }}
      entries={channels}
      columns={columns}
      remove={({ id }) => api.channels.remove({ id })}
      dialog={(channel, close) => <ChannelDialog channel={channel} onClose={close} />}
    />
  );
}

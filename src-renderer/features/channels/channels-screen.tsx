import { Badge, Tooltip } from '@mantine/core';
import { IconFolder, IconLock, IconPackages, IconWorld } from '@tabler/icons-react';
import type { ChannelView } from '../../../shared/contract/views.ts';
import { api } from '../../client/api.ts';
import { useDirectory } from '../../state/directory.ts';
import { formatCount } from '../../ui/format.ts';
import type { Column } from '../lists/list-screen.tsx';
import { ListScreen, NameButton } from '../lists/list-screen.tsx';
import { ChannelDialog } from './channel-dialog.tsx';

const columns: readonly Column<ChannelView>[] = [
  {
    title: 'Name',
    width: '18%',
    cell: (channel) => <NameButton screen="channels" id={channel.id} name={channel.name} />,
  },
  {
    title: 'Kind',
    width: 88,
    cell: (channel) => (
      <Badge size="sm" tt="none" color={channel.kind === 'conda' ? 'green' : 'blue'}>
        {channel.kind === 'conda' ? 'conda' : 'PyPI'}
      </Badge>
    ),
  },
  { title: 'Upstream', cell: (channel) => <UpstreamPlace channel={channel} /> },
  { title: 'Environments', width: '22%', cell: (channel) => <AvailableIn channel={channel} /> },
  {
    title: 'Active tokens',
    width: 118,
    isNumber: true,
    cell: (channel) => formatCount(channel.activeTokens),
  },
];

function UpstreamPlace({ channel }: { readonly channel: ChannelView }) {
  const place = channel.upstream.type === 'url' ? channel.upstream.url : channel.upstream.path;
  const Icon = channel.upstream.type === 'url' ? IconWorld : IconFolder;
  return (
    <span style={{ display: 'flex', alignItems: 'center', gap: 7, minWidth: 0 }}>
      <Icon size={15} aria-hidden="true" color="var(--lk-quiet)" style={{ flex: 'none' }} />
      <span className="lk-nowrap lk-mono" title={place}>
        {place}
      </span>
      {channel.hasCredentials && (
        <Tooltip label="Credentials are stored, sealed in the vault">
          <IconLock
            size={14}
            role="img"
            aria-label="Credentials stored"
            color="var(--lk-quiet)"
            style={{ flex: 'none' }}
          />
        </Tooltip>
      )}
    </span>
  );
}

function AvailableIn({ channel }: { readonly channel: ChannelView }) {
  const environments = useDirectory((state) => state.environments);
  const available = environments.filter((entry) => channel.environmentIds.includes(entry.id));
  return available.length === 0 ? (
    <span className="lk-quiet">None: no token can use it</span>
  ) : (
    <span className="lk-nowrap">{available.map((entry) => entry.name).join(', ')}</span>
  );
}

/** Sources of packages that the gateway stands before. */
export function ChannelsScreen() {
  const channels = useDirectory((state) => state.channels);
  return (
    <ListScreen
      screen="channels"
      what="channel"
      title="Channels"
      lead="Conda channels and Python indexes that the gateway stands before. Clients never see the upstream’s credentials."
      empty={{
        icon: <IconPackages size={24} />,
        title: 'No channels yet',
        text: 'A channel is where packages come from: a URL that you have access to, or a folder on this computer. Tokens are scoped to channels.',
        action: 'Create the first channel',
      }}
      entries={channels}
      columns={columns}
      remove={({ id }) => api.channels.remove({ id })}
      dialog={(channel, close) => <ChannelDialog channel={channel} onClose={close} />}
    />
  );
}

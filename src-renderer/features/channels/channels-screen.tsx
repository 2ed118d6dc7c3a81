import { useState } from 'react';
import { Badge, Button, Tooltip } from '@mantine/core';
import { IconFolder, IconLock, IconPackages, IconPlus, IconWorld } from '@tabler/icons-react';
import type { ChannelView } from '../../../shared/contract/views.ts';
import { api } from '../../client/api.ts';
import { useDirectory } from '../../state/directory.ts';
import { navigate, useRoute } from '../../state/route.ts';
import { ErrorAlert } from '../../ui/error-alert.tsx';
import { formatCount } from '../../ui/format.ts';
import { EmptyState, Page, SkeletonRows } from '../../ui/page.tsx';
import { RemoveDialog } from '../../ui/remove-dialog.tsx';
import { RowActions } from '../../ui/row-actions.tsx';
import { ChannelDialog } from './channel-dialog.tsx';

/** Sources of packages that the gateway stands before. */
export function ChannelsScreen() {
  const { channels, loaded, problem, load } = useDirectory();
  const open = useRoute((route) => route.open);
  const [removing, setRemoving] = useState<ChannelView>();
  const edited = channels.find((channel) => channel.id === open);
  const create = () => navigate('channels', 'new');

  return (
    <Page
      title="Channels"
      lead="Conda channels and Python indexes that the gateway stands before. Clients never see the upstream’s credentials."
      action={
        <Button leftSection={<IconPlus size={17} />} onClick={create}>
          New channel
        </Button>
      }
    >
      {problem !== undefined && <ErrorAlert error={problem} onRetry={() => void load()} />}
      <div className="lk-card">
        {!loaded ? (
          <SkeletonRows />
        ) : channels.length === 0 ? (
          <EmptyState
            icon={<IconPackages size={24} />}
            title="No channels yet"
            text="A channel is where packages come from: a URL that you have access to, or a folder on this computer. Tokens are scoped to channels."
            action={<Button onClick={create}>Create the first channel</Button>}
          />
        ) : (
          <table className="lk-table" aria-label="Channels">
            <thead>
              <tr>
                <th scope="col" style={{ width: '18%' }}>
                  Name
                </th>
                <th scope="col" style={{ width: 88 }}>
                  Kind
                </th>
                <th scope="col">Upstream</th>
                <th scope="col" style={{ width: '22%' }}>
                  Environments
                </th>
                <th scope="col" className="lk-number" style={{ width: 118 }}>
                  Active tokens
                </th>
                <th scope="col" style={{ width: 96 }}>
                  <span className="lk-visually-hidden">Actions</span>
                </th>
              </tr>
            </thead>
            <tbody>
              {channels.map((channel) => (
                <ChannelRow key={channel.id} channel={channel} onRemove={() => setRemoving(channel)} />
              ))}
            </tbody>
          </table>
        )}
      </div>
      {(open === 'new' || edited) && (
        <ChannelDialog key={open} channel={edited} onClose={() => navigate('channels')} />
      )}
      {removing && (
        <RemoveDialog
          what="channel"
          name={removing.name}
          remove={() => api.channels.remove({ id: removing.id })}
          onClose={() => setRemoving(undefined)}
        />
      )}
    </Page>
  );
}

function ChannelRow({ channel, onRemove }: { readonly channel: ChannelView; readonly onRemove: () => void }) {
  const environments = useDirectory((state) => state.environments);
  const available = environments.filter((entry) => channel.environmentIds.includes(entry.id));
  const place = channel.upstream.type === 'url' ? channel.upstream.url : channel.upstream.path;
  const Icon = channel.upstream.type === 'url' ? IconWorld : IconFolder;
  return (
    <tr>
      <td>
        <button type="button" className="lk-row-button" onClick={() => navigate('channels', channel.id)}>
          {channel.name}
        </button>
      </td>
      <td>
        <Badge size="sm" tt="none" color={channel.kind === 'conda' ? 'green' : 'blue'}>
          {channel.kind === 'conda' ? 'conda' : 'PyPI'}
        </Badge>
      </td>
      <td>
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
      </td>
      <td>
        {available.length === 0 ? (
          <span className="lk-quiet">None: no token can use it</span>
        ) : (
          <span className="lk-nowrap">{available.map((entry) => entry.name).join(', ')}</span>
        )}
      </td>
      <td className="lk-number">{formatCount(channel.activeTokens)}</td>
      <td>
        <RowActions name={channel.name} onEdit={() => navigate('channels', channel.id)} onRemove={onRemove} />
      </td>
    </tr>
  );
}

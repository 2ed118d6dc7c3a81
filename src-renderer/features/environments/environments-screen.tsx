import { useState } from 'react';
import { Badge, Button } from '@mantine/core';
import { IconPlus, IconShieldLock, IconStack2 } from '@tabler/icons-react';
import type { EnvironmentView } from '../../../shared/contract/views.ts';
import { api } from '../../client/api.ts';
import { useDirectory } from '../../state/directory.ts';
import { navigate, useRoute } from '../../state/route.ts';
import { ErrorAlert } from '../../ui/error-alert.tsx';
import { formatCount } from '../../ui/format.ts';
import { EmptyState, Page, SkeletonRows } from '../../ui/page.tsx';
import { RemoveDialog } from '../../ui/remove-dialog.tsx';
import { RowActions } from '../../ui/row-actions.tsx';
import { EnvironmentDialog } from './environment-dialog.tsx';

/** Where packages are used, from least to most trusted. */
export function EnvironmentsScreen() {
  const { environments, loaded, problem, load } = useDirectory();
  const open = useRoute((route) => route.open);
  const [removing, setRemoving] = useState<EnvironmentView>();
  const edited = environments.find((entry) => entry.id === open);
  const create = () => navigate('environments', 'new');

  return (
    <Page
      title="Environments"
      lead="Where packages are used, in order from least to most trusted. A token works in one environment only."
      action={
        <Button leftSection={<IconPlus size={17} />} onClick={create}>
          New environment
        </Button>
      }
    >
      {problem !== undefined && <ErrorAlert error={problem} onRetry={() => void load()} />}
      <div className="lk-card">
        {!loaded ? (
          <SkeletonRows />
        ) : environments.length === 0 ? (
          <EmptyState
            icon={<IconStack2 size={24} />}
            title="No environments"
            text="Environments separate what developers may try from what production may run. The usual three are dev, staging and prod."
            action={<Button onClick={create}>Create an environment</Button>}
          />
        ) : (
          <table className="lk-table" aria-label="Environments">
            <thead>
              <tr>
                <th scope="col" className="lk-number" style={{ width: 80 }}>
                  Rank
                </th>
                <th scope="col">Name</th>
                <th scope="col" style={{ width: 160 }}>
                  Protection
                </th>
                <th scope="col" className="lk-number" style={{ width: 130 }}>
                  Channels
                </th>
                <th scope="col" className="lk-number" style={{ width: 130 }}>
                  Active tokens
                </th>
                <th scope="col" style={{ width: 96 }}>
                  <span className="lk-visually-hidden">Actions</span>
                </th>
              </tr>
            </thead>
            <tbody>
              {environments.map((entry) => (
                <tr key={entry.id}>
                  <td className="lk-number lk-quiet">{entry.rank}</td>
                  <td>
                    <button
                      type="button"
                      className="lk-row-button"
                      onClick={() => navigate('environments', entry.id)}
                    >
                      {entry.name}
                    </button>
                  </td>
                  <td>
                    {entry.isProtected ? (
                      <Badge size="sm" tt="none" color="latch" leftSection={<IconShieldLock size={12} />}>
                        Protected
                      </Badge>
                    ) : (
                      <span className="lk-quiet">–</span>
                    )}
                  </td>
                  <td className="lk-number">{formatCount(entry.channels)}</td>
                  <td className="lk-number">{formatCount(entry.activeTokens)}</td>
                  <td>
                    <RowActions
                      name={entry.name}
                      onEdit={() => navigate('environments', entry.id)}
                      onRemove={() => setRemoving(entry)}
                    />
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        )}
      </div>
      {(open === 'new' || edited) && (
        <EnvironmentDialog key={open} environment={edited} onClose={() => navigate('environments')} />
      )}
      {removing && (
        <RemoveDialog
          what="environment"
          name={removing.name}
          remove={() => api.environments.remove({ id: removing.id })}
          onClose={() => setRemoving(undefined)}
        />
      )}
    </Page>
  );
}

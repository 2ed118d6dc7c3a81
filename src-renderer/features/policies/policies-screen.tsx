import { useState } from 'react';
import { Badge, Button } from '@mantine/core';
import { IconPlus, IconScale } from '@tabler/icons-react';
import type { PolicyView } from '../../../shared/contract/views.ts';
import { api } from '../../client/api.ts';
import { useDirectory } from '../../state/directory.ts';
import { navigate, useRoute } from '../../state/route.ts';
import { ErrorAlert } from '../../ui/error-alert.tsx';
import { EmptyState, Page, SkeletonRows } from '../../ui/page.tsx';
import { RemoveDialog } from '../../ui/remove-dialog.tsx';
import { RowActions } from '../../ui/row-actions.tsx';
import { PolicyDialog } from './policy-dialog.tsx';

/** Rules that apply to teams and environments. */
export function PoliciesScreen() {
  const { policies, teams, environments, loaded, problem, load } = useDirectory();
  const open = useRoute((route) => route.open);
  const [removing, setRemoving] = useState<PolicyView>();
  const edited = policies.find((policy) => policy.id === open);
  const create = () => navigate('policies', 'new');
  const names = (ids: readonly string[], list: readonly { id: string; name: string }[], all: string) =>
    ids.length === 0
      ? all
      : ids.map((id) => list.find((entry) => entry.id === id)?.name ?? 'removed').join(', ');

  return (
    <Page
      title="Policies"
      lead="Rules for what tokens may be like. Every policy that fits applies; the strictest wins."
      action={
        <Button leftSection={<IconPlus size={17} />} onClick={create}>
          New policy
        </Button>
      }
    >
      {problem !== undefined && <ErrorAlert error={problem} onRetry={() => void load()} />}
      <div className="lk-card">
        {!loaded ? (
          <SkeletonRows />
        ) : policies.length === 0 ? (
          <EmptyState
            icon={<IconScale size={24} />}
            title="No policies yet"
            text="Without a policy any lifetime and any network is allowed. A good first one: in prod, tokens live at most 90 days and work from named networks only."
            action={<Button onClick={create}>Create the first policy</Button>}
          />
        ) : (
          <table className="lk-table" aria-label="Policies">
            <thead>
              <tr>
                <th scope="col" style={{ width: '19%' }}>
                  Name
                </th>
                <th scope="col" style={{ width: 110 }}>
                  Mode
                </th>
                <th scope="col" style={{ width: '20%' }}>
                  Applies to
                </th>
                <th scope="col">Reads as</th>
                <th scope="col" style={{ width: 96 }}>
                  <span className="lk-visually-hidden">Actions</span>
                </th>
              </tr>
            </thead>
            <tbody>
              {policies.map((policy) => (
                <tr key={policy.id}>
                  <td>
                    <button
                      type="button"
                      className="lk-row-button"
                      onClick={() => navigate('policies', policy.id)}
                    >
                      {policy.name}
                    </button>
                  </td>
                  <td>
                    <Badge size="sm" tt="none" color={policy.mode === 'enforce' ? 'latch' : 'gray'}>
                      {policy.mode === 'enforce' ? 'Enforced' : 'Observed'}
                    </Badge>
                  </td>
                  <td className="lk-small">
                    <div className="lk-two-lines">
                      <span>{names(policy.teamIds, teams, 'All teams')}</span>
                      <span>{names(policy.environmentIds, environments, 'All environments')}</span>
                    </div>
                  </td>
                  <td className="lk-small">{policy.readsAs}</td>
                  <td>
                    <RowActions
                      name={policy.name}
                      onEdit={() => navigate('policies', policy.id)}
                      onRemove={() => setRemoving(policy)}
                    />
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        )}
      </div>
      {(open === 'new' || edited) && (
        <PolicyDialog key={open} policy={edited} onClose={() => navigate('policies')} />
      )}
      {removing && (
        <RemoveDialog
          what="policy"
          name={removing.name}
          remove={() => api.policies.remove({ id: removing.id })}
          onClose={() => setRemoving(undefined)}
        />
      )}
    </Page>
  );
}

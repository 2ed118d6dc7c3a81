import { useState } from 'react';
import { Button } from '@mantine/core';
import { IconPlus, IconUsersGroup } from '@tabler/icons-react';
import type { TeamView } from '../../../shared/contract/views.ts';
import { api } from '../../client/api.ts';
import { useDirectory } from '../../state/directory.ts';
import { navigate, useRoute } from '../../state/route.ts';
import { ErrorAlert } from '../../ui/error-alert.tsx';
import { exactTime, formatCount } from '../../ui/format.ts';
import { EmptyState, Page, SkeletonRows } from '../../ui/page.tsx';
import { RemoveDialog } from '../../ui/remove-dialog.tsx';
import { RowActions } from '../../ui/row-actions.tsx';
import { TeamDialog } from './team-dialog.tsx';

/** Groups of people and machines that get tokens. */
export function TeamsScreen() {
  const { teams, loaded, problem, load } = useDirectory();
  const open = useRoute((route) => route.open);
  const [removing, setRemoving] = useState<TeamView>();
  const edited = teams.find((team) => team.id === open);
  const create = () => navigate('teams', 'new');
  const close = () => navigate('teams');

  return (
    <Page
      title="Teams"
      lead="Groups of people and machines that get tokens."
      action={
        <Button leftSection={<IconPlus size={17} />} onClick={create}>
          New team
        </Button>
      }
    >
      {problem !== undefined && <ErrorAlert error={problem} onRetry={() => void load()} />}
      <div className="lk-card">
        {!loaded ? (
          <SkeletonRows />
        ) : teams.length === 0 ? (
          <EmptyState
            icon={<IconUsersGroup size={24} />}
            title="No teams yet"
            text="A token belongs to one team. Start with the group that installs packages first, for example data-science or ci."
            action={<Button onClick={create}>Create the first team</Button>}
          />
        ) : (
          <table className="lk-table" aria-label="Teams">
            <thead>
              <tr>
                <th scope="col" style={{ width: '24%' }}>
                  Name
                </th>
                <th scope="col">Description</th>
                <th scope="col" className="lk-number" style={{ width: 130 }}>
                  Active tokens
                </th>
                <th scope="col" style={{ width: 160 }}>
                  Created
                </th>
                <th scope="col" style={{ width: 96 }}>
                  <span className="lk-visually-hidden">Actions</span>
                </th>
              </tr>
            </thead>
            <tbody>
              {teams.map((team) => (
                <tr key={team.id}>
                  <td>
                    <button
                      type="button"
                      className="lk-row-button"
                      onClick={() => navigate('teams', team.id)}
                    >
                      {team.name}
                    </button>
                  </td>
                  <td className="lk-quiet lk-nowrap" title={team.description}>
                    {team.description || '–'}
                  </td>
                  <td className="lk-number">{formatCount(team.activeTokens)}</td>
                  <td className="lk-quiet">{exactTime(team.createdAtMs)}</td>
                  <td>
                    <RowActions
                      name={team.name}
                      onEdit={() => navigate('teams', team.id)}
                      onRemove={() => setRemoving(team)}
                    />
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        )}
      </div>
      {(open === 'new' || edited) && <TeamDialog key={open} team={edited} onClose={close} />}
      {removing && (
        <RemoveDialog
          what="team"
          name={removing.name}
          remove={() => api.teams.remove({ id: removing.id })}
          onClose={() => setRemoving(undefined)}
        />
      )}
    </Page>
  );
}

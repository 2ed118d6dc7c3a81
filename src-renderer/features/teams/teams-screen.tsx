import { IconUsersGroup } from '@tabler/icons-react';
import type { TeamView } from '../../../shared/contract/directory-views.ts';
import { api } from '../../client/api.ts';
import { useDirectory } from '../../state/directory.ts';
import type { Column } from '../../ui/table/column.ts';
import text from '../../ui/text.module.css';
import { ListScreen } from '../lists/list-screen.tsx';
import { usesOfTeam } from '../lists/uses.ts';
import { TeamDialog } from './team-dialog.tsx';
import { texts } from '../../../shared/texts/texts.ts';
import { createdColumn, nameColumn, tokensColumn } from '../lists/columns.tsx';

const words = texts.teams.teamsScreen;

const columns: readonly Column<TeamView>[] = [
  nameColumn({ title: words.name, width: 10 }),
  {
    id: 'description',
    title: words.description,
    priority: 2,
    width: 12,
    grow: 3,
    sort: 'ascending',
    value: ({ description }) => description,
    cell: ({ description }) => <span className={text.quiet}>{description || '–'}</span>,
  },
  tokensColumn({ title: words.activeTokens, priority: 1, width: 7, grow: 0.3 }),
  createdColumn({ title: words.created, priority: 3, grow: 0.5 }),
];

/** Groups of people and machines that get tokens. */
export function TeamsScreen() {
  const { teams, policies } = useDirectory();
  return (
    <ListScreen
      screen="teams"
      title={words.teams}
      lead={words.groupsOfPeopleAnd}
      empty={{
        icon: <IconUsersGroup size={24} />,
        title: words.noTeamsYet,
        text: words.aTokenBelongsTo,
        action: words.createFirst,
      }}
      entries={teams}
      columns={columns}
      search={words.search}
      remove={({ id }) => api.teams.remove({ id })}
      uses={({ id }) => usesOfTeam(id, policies)}
      dialog={(team, close) => <TeamDialog team={team} onClose={close} />}
    />
  );
}

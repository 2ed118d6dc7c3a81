import { IconUsersGroup } from '@tabler/icons-react';
import type { TeamView } from '../../../shared/contract/directory-views.ts';
import { api } from '../../client/api.ts';
import { useDirectory } from '../../state/directory.ts';
import { exactTime, formatCount } from '../../ui/format.ts';
import { cx } from '../../ui/cx.ts';
import text from '../../ui/text.module.css';
import type { Column } from '../lists/list-screen.tsx';
import { ListScreen, NameButton } from '../lists/list-screen.tsx';
import { usesOfTeam } from '../lists/uses.ts';
import { TeamDialog } from './team-dialog.tsx';
import { texts } from '../../../shared/texts/texts.ts';

const words = texts.teams.teamsScreen;

const columns: readonly Column<TeamView>[] = [
  {
    title: words.name,
    width: '24%',
    cell: (team) => <NameButton screen="teams" id={team.id} name={team.name} />,
  },
  {
    title: words.description,
    className: cx(text.quiet, text.oneLine),
    cell: (team) => <span title={team.description}>{team.description || '–'}</span>,
  },
  { title: words.activeTokens, width: 130, isNumber: true, cell: (team) => formatCount(team.activeTokens) },
  {
    title: words.created,
    width: 160,
    className: cx(text.quiet),
    cell: (team) => exactTime(team.createdAtMs),
  },
];

/** Groups of people and machines that get tokens. */
export function TeamsScreen() {
  const { teams, policies } = useDirectory();
  return (
    <ListScreen
      screen="teams"
      what="team"
      title={words.teams}
      lead={words.groupsOfPeopleAnd}
      empty={{
        icon: <IconUsersGroup size={24} />,
        title: words.noTeamsYet,
        text: words.aTokenBelongsTo,
        action: 'Create the first team',
      }}
      entries={teams}
      columns={columns}
      remove={({ id }) => api.teams.remove({ id })}
      uses={({ id }) => usesOfTeam(id, policies)}
      dialog={(team, close) => <TeamDialog team={team} onClose={close} />}
    />
  );
}

import { Badge } from '@mantine/core';
import { IconShieldLock, IconStack2 } from '@tabler/icons-react';
import type { EnvironmentView } from '../../../shared/contract/directory-views.ts';
import { api } from '../../client/api.ts';
import { useDirectory } from '../../state/directory.ts';
import { formatCount } from '../../ui/format.ts';
import type { Column } from '../../ui/table/column.ts';
import text from '../../ui/text.module.css';
import { ListScreen } from '../lists/list-screen.tsx';
import { usesOfEnvironment } from '../lists/uses.ts';
import { EnvironmentDialog } from './environment-dialog.tsx';
import { texts } from '../../../shared/texts/texts.ts';
import { nameColumn, tokensColumn } from '../lists/columns.tsx';

const words = texts.environments.environmentsScreen;

const columns: readonly Column<EnvironmentView>[] = [
  nameColumn({ title: words.name, width: 10, grow: 3 }),
  {
    id: 'rank',
    title: words.rank,
    priority: 1,
    width: 4.5,
    grow: 0.3,
    isNumber: true,
    sort: 'ascending',
    value: ({ rank }) => rank,
    cell: ({ rank }) => <span className={text.quiet}>{rank}</span>,
  },
  {
    id: 'protection',
    title: words.protection,
    priority: 3,
    width: 8,
    sort: 'descending',
    value: ({ isProtected }) => isProtected,
    cell: ({ isProtected }) =>
      isProtected ? (
        <Badge size="sm" tt="none" color="latch" leftSection={<IconShieldLock size={12} />}>
          {words.protected}
        </Badge>
      ) : (
        <span className={text.quiet}>–</span>
      ),
  },
  {
    id: 'channels',
    title: words.channels,
    priority: 4,
    width: 6,
    grow: 0.3,
    isNumber: true,
    sort: 'descending',
    value: ({ channels }) => channels,
    cell: ({ channels }) => formatCount(channels),
  },
  tokensColumn({ title: words.activeTokens, priority: 2, width: 7, grow: 0.3 }),
];

/** Where packages are used, from least to most trusted. */
export function EnvironmentsScreen() {
  const { environments, policies, channels } = useDirectory();
  return (
    <ListScreen
      screen="environments"
      title={words.environments}
      lead={words.wherePackagesAreUsed}
      empty={{
        icon: <IconStack2 size={24} />,
        title: words.noEnvironments,
        text: words.environmentsSeparateWhatDevelopers,
        action: words.createFirst,
      }}
      entries={environments}
      columns={columns}
      search={words.search}
      remove={({ id }) => api.environments.remove({ id })}
      uses={({ id }) => usesOfEnvironment(id, policies, channels)}
      dialog={(environment, close) => <EnvironmentDialog environment={environment} onClose={close} />}
    />
  );
}

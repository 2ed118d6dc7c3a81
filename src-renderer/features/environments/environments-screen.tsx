import { Badge } from '@mantine/core';
import { IconShieldLock, IconStack2 } from '@tabler/icons-react';
import type { EnvironmentView } from '../../../shared/contract/directory-views.ts';
import { api } from '../../client/api.ts';
import { useDirectory } from '../../state/directory.ts';
import { formatCount } from '../../ui/format.ts';
import { cx } from '../../ui/cx.ts';
import type { Column } from '../lists/list-screen.tsx';
import { ListScreen, NameButton } from '../lists/list-screen.tsx';
import { usesOfEnvironment } from '../lists/uses.ts';
import { EnvironmentDialog } from './environment-dialog.tsx';
import text from '../../ui/text.module.css';
import { texts } from '../../../shared/texts/texts.ts';

const words = texts.environments.environmentsScreen;

const columns: readonly Column<EnvironmentView>[] = [
  { title: words.rank, width: 68, isNumber: true, className: cx(text.quiet), cell: (entry) => entry.rank },
  {
    title: words.name,
    cell: (entry) => <NameButton screen="environments" id={entry.id} name={entry.name} />,
  },
  {
    title: words.protection,
    width: 122,
    cell: (entry) =>
      entry.isProtected ? (
        <Badge size="sm" tt="none" color="latch" leftSection={<IconShieldLock size={12} />}>
          {words.protected}
        </Badge>
      ) : (
        <span className={text.quiet}>–</span>
      ),
  },
  { title: words.channels, width: 96, isNumber: true, cell: (entry) => formatCount(entry.channels) },
  { title: words.activeTokens, width: 122, isNumber: true, cell: (entry) => formatCount(entry.activeTokens) },
];

/** Where packages are used, from least to most trusted. */
export function EnvironmentsScreen() {
  const { environments, policies, channels } = useDirectory();
  return (
    <ListScreen
      screen="environments"
      what="environment"
      title={words.environments}
      lead={words.wherePackagesAreUsed}
      empty={{
        icon: <IconStack2 size={24} />,
        title: words.noEnvironments,
        text: words.environmentsSeparateWhatDevelopers,
        action: 'Create an environment',
      }}
      entries={environments}
      columns={columns}
      remove={({ id }) => api.environments.remove({ id })}
      uses={({ id }) => usesOfEnvironment(id, policies, channels)}
      dialog={(environment, close) => <EnvironmentDialog environment={environment} onClose={close} />}
    />
  );
}

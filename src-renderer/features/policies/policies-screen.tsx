import { Badge } from '@mantine/core';
import { IconScale } from '@tabler/icons-react';
import type { PolicyView } from '../../../shared/contract/policy-views.ts';
import { api } from '../../client/api.ts';
import { useDirectory } from '../../state/directory.ts';
import type { Column } from '../../ui/table/column.ts';
import text from '../../ui/text.module.css';
import { ListScreen } from '../lists/list-screen.tsx';
import { PolicyDialog } from './policy-dialog.tsx';
import { texts } from '../../../shared/texts/texts.ts';
import { nameColumn } from '../lists/columns.tsx';

const words = texts.policies.policiesScreen;

const columns: readonly Column<PolicyView>[] = [
  nameColumn({ title: words.name, width: 10 }),
  {
    id: 'mode',
    title: words.mode,
    priority: 1,
    width: 6.5,
    grow: 0.2,
    sort: 'ascending',
    value: ({ mode }) => mode,
    cell: ({ mode }) => (
      <Badge size="sm" tt="none" color={mode === 'enforce' ? 'latch' : 'gray'}>
        {mode === 'enforce' ? words.enforced : words.observed}
      </Badge>
    ),
  },
  {
    id: 'applies-to',
    title: words.appliesTo,
    priority: 3,
    width: 11,
    value: (policy) => scopesOf(policy).join(' · '),
    cell: (policy) => <AppliesTo policy={policy} />,
  },
  {
    id: 'reads-as',
    title: words.readsAs,
    priority: 2,
    width: 16,
    grow: 3,
    value: ({ readsAs }) => readsAs,
    cell: ({ readsAs }) => <span className={text.small}>{readsAs}</span>,
  },
];

/** Teams and environments by name, as they are now. */
function scopesOf(policy: PolicyView): readonly [string, string] {
  const { teams, environments } = useDirectory.getState();
  const names = (
    ids: 'all' | readonly string[],
    list: readonly { id: string; name: string }[],
    everything: string,
  ) =>
    ids === 'all'
      ? everything
      : ids.map((id) => list.find((entry) => entry.id === id)?.name ?? words.removed).join(', ');
  return [
    names(policy.teams, teams, words.allTeams),
    names(policy.environments, environments, words.allEnvironments),
  ];
}

function AppliesTo({ policy }: { readonly policy: PolicyView }) {
  // Shown again when a name changes.
  useDirectory();
  const [teams, environments] = scopesOf(policy);
  return (
    <div className={text.twoLines}>
      <span>{teams}</span>
      <span>{environments}</span>
    </div>
  );
}

/** Rules that apply to teams and environments. */
export function PoliciesScreen() {
  const policies = useDirectory((state) => state.policies);
  return (
    <ListScreen
      screen="policies"
      title={words.policies}
      lead={words.rulesForWhatTokens}
      empty={{
        icon: <IconScale size={24} />,
        title: words.noPoliciesYet,
        text: words.withoutAPolicyAny,
        action: words.createFirst,
      }}
      entries={policies}
      columns={columns}
      search={words.search}
      remove={({ id }) => api.policies.remove({ id })}
      dialog={(policy, close) => <PolicyDialog policy={policy} onClose={close} />}
    />
  );
}

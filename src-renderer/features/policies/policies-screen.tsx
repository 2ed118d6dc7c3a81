import { Badge } from '@mantine/core';
import { IconScale } from '@tabler/icons-react';
import type { PolicyView } from '../../../shared/contract/policy-views.ts';
import { api } from '../../client/api.ts';
import { useDirectory } from '../../state/directory.ts';
import { cx } from '../../ui/cx.ts';
import type { Column } from '../lists/list-screen.tsx';
import { ListScreen, NameButton } from '../lists/list-screen.tsx';
import { PolicyDialog } from './policy-dialog.tsx';
import text from '../../ui/text.module.css';
import { texts } from '../../../shared/texts/texts.ts';

const words = texts.policies.policiesScreen;

const columns: readonly Column<PolicyView>[] = [
  {
    title: words.name,
    width: '19%',
    cell: (policy) => <NameButton screen="policies" id={policy.id} name={policy.name} />,
  },
  {
    title: words.mode,
    width: 110,
    cell: (policy) => (
      <Badge size="sm" tt="none" color={policy.mode === 'enforce' ? 'latch' : 'gray'}>
        {policy.mode === 'enforce' ? words.enforced : words.observed}
      </Badge>
    ),
  },
  {
    title: words.appliesTo,
    width: '20%',
    className: cx(text.small),
    cell: (policy) => <AppliesTo policy={policy} />,
  },
  { title: words.readsAs, className: cx(text.small), cell: (policy) => policy.readsAs },
];

function AppliesTo({ policy }: { readonly policy: PolicyView }) {
  const { teams, environments } = useDirectory();
  const names = (
    ids: 'all' | readonly string[],
    list: readonly { id: string; name: string }[],
    everything: string,
  ) =>
    ids === 'all'
      ? everything
      : ids.map((id) => list.find((entry) => entry.id === id)?.name ?? 'removed').join(', ');
  return (
    <div className={text.twoLines}>
      <span>{names(policy.teams, teams, 'All teams')}</span>
      <span>{names(policy.environments, environments, 'All environments')}</span>
    </div>
  );
}

/** Rules that apply to teams and environments. */
export function PoliciesScreen() {
  const policies = useDirectory((state) => state.policies);
  return (
    <ListScreen
      screen="policies"
      what="policy"
      title={words.policies}
      lead={words.rulesForWhatTokens}
      empty={{
        icon: <IconScale size={24} />,
        title: words.noPoliciesYet,
        text: words.withoutAPolicyAny,
        action: 'Create the first policy',
      }}
      entries={policies}
      columns={columns}
      remove={({ id }) => api.policies.remove({ id })}
      dialog={(policy, close) => <PolicyDialog policy={policy} onClose={close} />}
    />
  );
}

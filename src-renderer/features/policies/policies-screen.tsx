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

const columns: readonly Column<PolicyView>[] = [
  {
    title: 'Name',
    width: '19%',
    cell: (policy) => <NameButton screen="policies" id={policy.id} name={policy.name} />,
  },
  {
    title: 'Mode',
    width: 110,
    cell: (policy) => (
      <Badge size="sm" tt="none" color={policy.mode === 'enforce' ? 'latch' : 'gray'}>
        {policy.mode === 'enforce' ? 'Enforced' : 'Observed'}
      </Badge>
    ),
  },
  {
    title: 'Applies to',
    width: '20%',
    className: cx(text.small),
    cell: (policy) => <AppliesTo policy={policy} />,
  },
  { title: 'Reads as', className: cx(text.small), cell: (policy) => policy.readsAs },
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
      title="Policies"
      lead="Rules for what tokens may be like. Every policy that fits applies; the strictest wins."
      empty={{
        icon: <IconScale size={24} />,
        title: 'No policies yet',
        text: 'Without a policy any lifetime and any network is allowed. A good first one: in prod, tokens live at most 90 days and work from named networks only.',
        action: 'Create the first policy',
      }}
      entries={policies}
      columns={columns}
      remove={({ id }) => api.policies.remove({ id })}
      dialog={(policy, close) => <PolicyDialog policy={policy} onClose={close} />}
    />
  );
}

import { useState } from 'react';
import { Fieldset, NumberInput, Radio, Stack, Switch, TextInput } from '@mantine/core';
import type { PolicyView } from '../../../shared/contract/views.ts';
import { api } from '../../client/api.ts';
import { useDirectory } from '../../state/directory.ts';
import { reloadVault } from '../../state/live.ts';
import { FormModal } from '../../ui/form-modal.tsx';
import { nameProblem } from '../../ui/name-check.ts';
import { ScopeSelect } from '../../ui/scope-select.tsx';
import { tellSuccess } from '../../ui/tell.ts';

/** Makes a policy, or changes one. */
export function PolicyDialog(props: {
  readonly policy: PolicyView | undefined;
  readonly onClose: () => void;
}) {
  const { policy } = props;
  const { teams, environments } = useDirectory();
  const rule = policy?.rules.find((entry) => entry.type === 'tokens');
  const [name, setName] = useState(policy?.name ?? '');
  const [mode, setMode] = useState<'enforce' | 'observe'>(policy?.mode ?? 'enforce');
  const [teamIds, setTeamIds] = useState(policy?.teamIds ?? []);
  const [environmentIds, setEnvironmentIds] = useState(policy?.environmentIds ?? []);
  const [maxTtlDays, setMaxTtlDays] = useState<number | string>(rule ? (rule.maxTtlDays ?? '') : 90);
  const [networksRequired, setNetworksRequired] = useState(rule?.networksRequired ?? false);
  const problem = nameProblem(name);

  const save = async () => {
    await api.policies.save({
      ...(policy === undefined ? {} : { id: policy.id }),
      name,
      mode,
      teamIds: [...teamIds],
      environmentIds: [...environmentIds],
      rules: [
        // Rules of kinds that this dialog does not know stay as they are.
        ...(policy?.rules.filter((entry) => entry.type !== 'tokens') ?? []),
        {
          type: 'tokens',
          networksRequired,
          ...(maxTtlDays === '' ? {} : { maxTtlDays: Number(maxTtlDays) }),
        },
      ],
    });
    tellSuccess(`Saved policy ${name}.`);
    void reloadVault();
  };

  return (
    <FormModal
      title={policy === undefined ? 'New policy' : 'Edit policy'}
      submit={policy === undefined ? 'Create policy' : 'Save'}
      canSubmit={problem === null}
      size="lg"
      onSubmit={save}
      onClose={props.onClose}
    >
      {policy !== undefined && <p className="lk-quiet lk-small">{policy.readsAs}</p>}
      <TextInput
        label="Name"
        description="Stands in refusals, so that people can ask about it."
        placeholder="prod-tokens"
        data-autofocus
        value={name}
        onChange={(event) => setName(event.currentTarget.value.toLowerCase())}
        error={name === '' ? undefined : problem}
      />
      <ScopeSelect
        label="Teams"
        placeholder="All teams"
        entries={teams}
        value={teamIds}
        onChange={setTeamIds}
      />
      <ScopeSelect
        label="Environments"
        placeholder="All environments"
        entries={environments}
        value={environmentIds}
        onChange={setEnvironmentIds}
      />
      <Fieldset legend="Tokens" radius="md">
        <Stack gap="md">
          <NumberInput
            label="Longest lifetime"
            description="Leave empty for no limit."
            suffix=" days"
            min={1}
            max={3650}
            allowDecimal={false}
            value={maxTtlDays}
            onChange={setMaxTtlDays}
          />
          <Switch
            label="Source networks required"
            description="A token must name the networks from which it may be used."
            checked={networksRequired}
            onChange={(event) => setNetworksRequired(event.currentTarget.checked)}
          />
        </Stack>
      </Fieldset>
      <Radio.Group
        label="Mode"
        value={mode}
        onChange={(value) => setMode(value === 'observe' ? 'observe' : 'enforce')}
      >
        <Stack gap={8} mt={6}>
          <Radio
            value="enforce"
            label="Enforce"
            description="What breaks the policy is refused, with the reason."
          />
          <Radio
            value="observe"
            label="Observe"
            description="Nothing is refused; what would have been is recorded."
          />
        </Stack>
      </Radio.Group>
    </FormModal>
  );
}

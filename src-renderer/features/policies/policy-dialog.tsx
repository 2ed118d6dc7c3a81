import { useState } from 'react';
import { Fieldset, Radio, Stack, Switch, TextInput } from '@mantine/core';
import type { PolicyView } from '../../../shared/contract/policy-views.ts';
import type { EnvironmentId, TeamId } from '../../../shared/model/ids.ts';
import { texts } from '../../../shared/texts/texts.ts';
import { api } from '../../client/api.ts';
import { useDirectory } from '../../state/directory.ts';
import { FormOverlay } from '../../ui/form/form-overlay.tsx';
import type { TypedNumber } from '../../ui/form/number-field.tsx';
import { NumberField, numberProblem } from '../../ui/form/number-field.tsx';
import { cx } from '../../ui/cx.ts';
import text from '../../ui/text.module.css';
import { nameProblem } from '../../ui/name-check.ts';
import type { Scope } from '../../ui/scope-field.tsx';
import { isScopeChosen, ScopeField } from '../../ui/scope-field.tsx';
import { tellSuccess } from '../../ui/tell.ts';

const own = texts.policies.policyDialog;

const lifetimes = { least: 1, most: 3650 } as const;

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
  const [teamScope, setTeamScope] = useState<Scope<TeamId>>(policy?.teams ?? 'all');
  const [environmentScope, setEnvironmentScope] = useState<Scope<EnvironmentId>>(
    policy?.environments ?? 'all',
  );
  const [maxTtlDays, setMaxTtlDays] = useState<TypedNumber>(rule ? (rule.maxTtlDays ?? '') : 90);
  const [networksRequired, setNetworksRequired] = useState(rule?.networksRequired ?? false);
  const problem = nameProblem(name);
  const words = texts.parts.missing;
  const missing =
    (name === '' ? words.name : (problem ?? undefined)) ??
    (isScopeChosen(teamScope) ? undefined : words.teams) ??
    (isScopeChosen(environmentScope) ? undefined : words.environments) ??
    (maxTtlDays === '' ? undefined : numberProblem(maxTtlDays, lifetimes));

  const save = async () => {
    await api.policies.save({
      ...(policy === undefined ? {} : { id: policy.id }),
      name,
      mode,
      teams: teamScope === 'all' ? teamScope : [...teamScope],
      environments: environmentScope === 'all' ? environmentScope : [...environmentScope],
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
    tellSuccess(own.savedPolicy(name));
  };

  return (
    <FormOverlay
      title={policy === undefined ? own.newPolicy : own.editPolicy}
      submit={policy === undefined ? own.createPolicy : own.save}
      draft={{
        name,
        mode,
        teams: teamScope,
        environments: environmentScope,
        maxTtlDays,
        networksRequired,
      }}
      missing={missing}
      size="lg"
      onSubmit={save}
      fields={['name', 'teams', 'environments']}
      onClose={props.onClose}
    >
      {({ at }) => (
        <>
          {policy !== undefined && <p className={cx(text.quiet, text.small)}>{policy.readsAs}</p>}
          <TextInput
            label={own.name}
            description={own.appearsInRefusalsSo}
            placeholder={own.prodTokens}
            data-autofocus
            value={name}
            onChange={(event) => setName(event.currentTarget.value.toLowerCase())}
            error={at.name ?? (name === '' ? undefined : problem)}
          />
          <ScopeField
            label={own.teams}
            of="teams"
            entries={teams}
            value={teamScope}
            onChange={setTeamScope}
            error={at.teams}
          />
          <ScopeField
            label={own.environments}
            of="environments"
            entries={environments}
            value={environmentScope}
            onChange={setEnvironmentScope}
            error={at.environments}
          />
          <Fieldset legend={own.tokens} radius="md">
            <Stack gap="md">
              <NumberField
                label={own.longestLifetime}
                description={own.leaveEmptyForNo}
                suffix={own.days}
                {...lifetimes}
                mayBeEmpty
                value={maxTtlDays}
                onChange={setMaxTtlDays}
              />
              <Switch
                label={own.sourceNetworksRequired}
                description={own.aTokenMustName}
                checked={networksRequired}
                onChange={(event) => setNetworksRequired(event.currentTarget.checked)}
              />
            </Stack>
          </Fieldset>
          <Radio.Group
            label={own.mode}
            value={mode}
            onChange={(value) => setMode(value === 'observe' ? 'observe' : 'enforce')}
          >
            <Stack gap={8} mt={6}>
              <Radio value="enforce" label={own.enforce} description={own.whatBreaksThePolicy} />
              <Radio value="observe" label={own.observe} description={own.nothingIsRefusedWhat} />
            </Stack>
          </Radio.Group>
        </>
      )}
    </FormOverlay>
  );
}

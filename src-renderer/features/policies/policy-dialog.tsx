import { useState } from 'react';
import { Radio, Stack, TextInput } from '@mantine/core';
import type { PolicyDraft, PolicyPreview, PolicyView } from '../../../shared/contract/policy-views.ts';
import { policyDraft } from '../../../shared/contract/policy-views.ts';
import type { EnvironmentId, TeamId } from '../../../shared/model/ids.ts';
import { texts } from '../../../shared/texts/texts.ts';
import { api } from '../../client/api.ts';
import { useDirectory } from '../../state/directory.ts';
import { useWhyNot } from '../../state/why-not.ts';
import { FormOverlay } from '../../ui/form/form-overlay.tsx';
import layout from '../../ui/layout.module.css';
import { nameProblem } from '../../ui/name-check.ts';
import type { Scope } from '../../ui/scope-field.tsx';
import { isScopeChosen, ScopeField } from '../../ui/scope-field.tsx';
import { tellSuccess } from '../../ui/tell.ts';
import { ReadBack } from './read-back.tsx';
import { RuleCards } from './rule-cards.tsx';
import { formOfRule, missingInRule, ruleOfForm } from './rule-form.ts';
import type { RuleForm } from './rule-form.ts';
import { usePreview } from './use-preview.ts';

const own = texts.policies.policyDialog;
const words = texts.policyEditor;

/** Makes a policy, or changes one; it reads back as it is built. */
export function PolicyDialog(props: {
  readonly policy: PolicyView | undefined;
  /** What a new one begins with. */
  readonly start?: PolicyDraft;
  /** Where several are made one after the other. */
  readonly step?: { readonly at: number; readonly of: number };
  readonly onSaved?: () => void;
  readonly onClose: () => void;
}) {
  const { policy, step } = props;
  const start = policy ?? props.start;
  const { teams, environments } = useDirectory();
  const [name, setName] = useState(start?.name ?? '');
  const [mode, setMode] = useState<'enforce' | 'observe'>(start?.mode ?? 'enforce');
  const [style, setStyle] = useState<'hide' | 'refuse'>(start?.style ?? 'hide');
  const [teamScope, setTeamScope] = useState<Scope<TeamId>>(start?.teams ?? 'all');
  const [environmentScope, setEnvironmentScope] = useState<Scope<EnvironmentId>>(
    start?.environments ?? 'all',
  );
  const [rules, setRules] = useState<readonly RuleForm[]>(() => start?.rules.map(formOfRule) ?? []);
  const nameWrong = nameProblem(name);
  const whyNot = useWhyNot('policies.save');
  const asked = {
    name,
    mode,
    style,
    teams: teamScope === 'all' ? teamScope : [...teamScope],
    environments: environmentScope === 'all' ? environmentScope : [...environmentScope],
    rules: rules.map(ruleOfForm),
  };
  const ruleMissing = rules.map(missingInRule).find((missing) => missing !== undefined);
  const isPlaced = isScopeChosen(teamScope) && isScopeChosen(environmentScope);
  // Without a name, and with rules that still lack something, the rest reads back all the same.
  const whole = rules.flatMap((rule, at) => (missingInRule(rule) === undefined ? [at] : []));
  const draft = policyDraft.safeParse({
    ...asked,
    name: nameWrong === null ? name : 'new-policy',
    rules: asked.rules.filter((_, at) => whole.includes(at)),
  });
  const preview = usePreview(policy?.id, isPlaced && draft.success ? draft.data : undefined);
  const problems = placed(preview.isStale ? [] : (preview.value?.problems ?? []), whole);
  const missing =
    whyNot ?? missingInForm({ nameWrong, teamScope, environmentScope, ruleMissing, rules, problems });
  const title = policy === undefined ? own.newPolicy : own.editPolicy;

  const save = async () => {
    await api.policies.save({ ...(policy === undefined ? {} : { id: policy.id }), ...asked });
    tellSuccess(own.savedPolicy(name));
    props.onSaved?.();
  };

  return (
    <FormOverlay
      title={step === undefined || step.of === 1 ? title : words.step(title, step.at, step.of)}
      submit={policy === undefined ? own.createPolicy : own.save}
      draft={{
        name,
        mode,
        style,
        teams: teamScope,
        environments: environmentScope,
        rules: rules.map(({ type, fields }) => JSON.stringify([type, fields])),
      }}
      missing={missing}
      size="xl"
      onSubmit={save}
      fields={['name', 'teams', 'environments']}
      onClose={props.onClose}
      keepOpen={props.onSaved !== undefined}
      result={
        <ReadBack
          preview={preview}
          isAsked={isPlaced && draft.success}
          leftOut={rules.length - whole.length}
          problems={problems.filter(({ ruleNo }) => ruleNo === undefined)}
        />
      }
    >
      {({ at }) => (
        <>
          <TextInput
            label={own.name}
            description={own.appearsInRefusalsSo}
            placeholder={own.prodTokens}
            data-autofocus
            value={name}
            onChange={(event) => setName(event.currentTarget.value.toLowerCase())}
            error={at.name ?? (name === '' ? undefined : nameWrong)}
          />
          <div className={layout.pair}>
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
          </div>
          <RuleCards
            rules={rules}
            problems={problems}
            offersTemplates={start === undefined}
            onChange={setRules}
          />
          <div className={layout.pair}>
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
            {rules.some(({ type }) => type !== 'tokens') && (
              <Radio.Group
                label={words.style}
                value={style}
                onChange={(value) => setStyle(value === 'refuse' ? 'refuse' : 'hide')}
              >
                <Stack gap={8} mt={6}>
                  <Radio value="hide" label={words.hide} description={words.hideSays} />
                  <Radio value="refuse" label={words.refuse} description={words.refuseSays} />
                </Stack>
              </Radio.Group>
            )}
          </div>
        </>
      )}
    </FormOverlay>
  );
}

/** Main has seen only the rules that are whole: where each problem stands among all. */
const placed = (
  problems: PolicyPreview['problems'],
  whole: readonly number[],
): readonly PolicyPreview['problems'][number][] =>
  problems.map((problem) => {
    const ruleNo = problem.ruleNo === undefined ? undefined : whole[problem.ruleNo];
    if (ruleNo === undefined) return problem;
    // Of a rule that is said twice, the text is the number of the first.
    const other = problem.code === 'doubled' ? whole[Number(problem.text) - 1] : undefined;
    return { ...problem, ruleNo, ...(other === undefined ? {} : { text: String(other + 1) }) };
  });

/** Why it cannot be saved yet; where a rule is at fault, which one. */
function missingInForm(form: {
  readonly nameWrong: string | null;
  readonly teamScope: Scope<TeamId>;
  readonly environmentScope: Scope<EnvironmentId>;
  readonly ruleMissing: string | undefined;
  readonly rules: readonly RuleForm[];
  readonly problems: readonly PolicyPreview['problems'][number][];
}): string | undefined {
  const { nameWrong, rules, problems } = form;
  if (nameWrong !== null) return nameWrong;
  if (!isScopeChosen(form.teamScope)) return texts.parts.missing.teams;
  if (!isScopeChosen(form.environmentScope)) return texts.parts.missing.environments;
  if (rules.length === 0) return words.addFirst;
  if (form.ruleMissing !== undefined) {
    const at = rules.findIndex((rule) => missingInRule(rule) === form.ruleMissing);
    return rules.length === 1 ? form.ruleMissing : `${words.ruleNo(at + 1)} ${form.ruleMissing}`;
  }
  const error = problems.find(({ level }) => level === 'error');
  return error?.ruleNo === undefined ? undefined : words.problemInRule(error.ruleNo + 1);
}

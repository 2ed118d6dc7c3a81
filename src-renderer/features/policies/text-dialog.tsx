import { useEffect, useState } from 'react';
import { Button, FileButton, Stack, Textarea } from '@mantine/core';
import { IconFileImport } from '@tabler/icons-react';
import type { PolicyPlan } from '../../../shared/contract/policy-views.ts';
import { maxPolicyTextChars } from '../../../shared/contract/policy-views.ts';
import { texts } from '../../../shared/texts/texts.ts';
import { api } from '../../client/api.ts';
import { useAnswer } from '../../state/use-answer.ts';
import { useWhyNot } from '../../state/why-not.ts';
import { CopyButton } from '../../ui/copy-button.tsx';
import { cx } from '../../ui/cx.ts';
import { ErrorAlert } from '../../ui/error-alert.tsx';
import { FormOverlay } from '../../ui/form/form-overlay.tsx';
import layout from '../../ui/layout.module.css';
import { tellFailure, tellNotice, tellSuccess } from '../../ui/tell.ts';
import text from '../../ui/text.module.css';
import styles from './policies.module.css';
import { changeOf, ChangeLines } from './change-lines.tsx';
import { ProblemList } from './rule-cards.tsx';

const words = texts.policyEditor.text;

type Planned = { readonly of: string; readonly plan: PolicyPlan };

/** All policies as YAML: to be copied, or changed and applied. The plan is shown before anything is saved. */
export function TextDialog(props: { readonly onClose: () => void }) {
  const { value: now, problem, retry } = useAnswer('text', () => api.policies.exportText(), { causes: [] });
  const [yaml, setYaml] = useState<string>();
  const [planned, setPlanned] = useState<Planned>();
  useEffect(() => {
    if (now !== undefined) setYaml((before) => before ?? now.text);
  }, [now]);
  const whyNot = useWhyNot('policies.applyText');
  const shown = yaml ?? '';
  const plan = planned?.of === shown ? planned.plan : undefined;
  const hasErrors = plan?.problems.some(({ level }) => level === 'error') === true;
  const count = plan?.changes.length ?? 0;
  const missing =
    yaml === undefined
      ? texts.parts.missing.loading
      : shown === now?.text
        ? words.unchanged
        : plan === undefined
          ? undefined
          : hasErrors
            ? words.errors
            : count === 0
              ? words.nothing
              : whyNot;

  const submit = async () => {
    if (plan === undefined) {
      setPlanned({ of: shown, plan: await api.policies.planText({ text: shown }) });
      return;
    }
    await api.policies.applyText({ text: shown, planHash: plan.planHash });
    tellSuccess(words.done(count));
    props.onClose();
  };
  const open = (file: File | null) => {
    if (file === null) return;
    if (file.size > maxPolicyTextChars) tellNotice(words.tooLong);
    else file.text().then(setYaml, tellFailure);
  };

  return (
    <FormOverlay
      title={words.title}
      size="xl"
      submit={plan === undefined || count === 0 ? words.plan : words.apply(count)}
      draft={{ yaml: shown === now?.text ? '' : shown }}
      missing={missing}
      keepOpen
      onSubmit={submit}
      onClose={props.onClose}
      result={
        <>
          {problem !== undefined && <ErrorAlert error={problem} onRetry={retry} />}
          {plan !== undefined && <Plan plan={plan} />}
        </>
      }
    >
      <p className={cx(text.small, text.quiet)}>{words.hint}</p>
      <div className={layout.row}>
        <CopyButton text={shown} what={words.label} />
        <FileButton accept=".yaml,.yml,text/plain" onChange={open}>
          {(button) => (
            <Button
              {...button}
              size="xs"
              variant="default"
              leftSection={<IconFileImport size={15} aria-hidden="true" />}
            >
              {words.open}
            </Button>
          )}
        </FileButton>
      </div>
      <Textarea
        label={words.label}
        data-autofocus
        autosize
        minRows={12}
        maxRows={24}
        spellCheck={false}
        classNames={{ input: cx(styles.yaml) }}
        value={shown}
        onChange={(event) => setYaml(event.currentTarget.value)}
      />
    </FormOverlay>
  );
}

function Plan({ plan }: { readonly plan: PolicyPlan }) {
  return (
    <Stack gap="xs" className={cx(styles.readback)}>
      <strong>{words.planTitle}</strong>
      {plan.changes.length === 0 && <p>{words.nothing}</p>}
      {plan.changes.map(({ kind, policyName, lines }) => (
        <div key={policyName}>
          <span>
            {words.kinds[kind]} <strong>{policyName}</strong>
          </span>
          <ChangeLines changes={lines.map(changeOf)} />
        </div>
      ))}
      {plan.problems.map((problem) => (
        <div key={`${problem.policyName} ${problem.code} ${problem.text}`}>
          <strong>{problem.policyName}</strong>
          <ProblemList problems={[problem]} />
        </div>
      ))}
    </Stack>
  );
}

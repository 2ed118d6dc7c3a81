import { useState } from 'react';
import { Button, Stack, TextInput } from '@mantine/core';
import type { PackageDecisionView } from '../../../shared/contract/package-views.ts';
import { texts } from '../../../shared/texts/texts.ts';
import { api } from '../../client/api.ts';
import { useDirectory } from '../../state/directory.ts';
import { packageHash } from '../../state/package-question.ts';
import { useAnswer } from '../../state/use-answer.ts';
import card from '../../ui/card.module.css';
import { ErrorAlert } from '../../ui/error-alert.tsx';
import facts from '../../ui/facts.module.css';
import { exactTime } from '../../ui/format.ts';
import { SkeletonRows } from '../../ui/page.tsx';
import text from '../../ui/text.module.css';

const words = texts.decisions;

/** What stands behind the id that a developer reads in a terminal. @param start an id to begin with */
export function DecisionLookup({ start = '' }: { readonly start?: string }) {
  const [typed, setTyped] = useState(start);
  const [id, setId] = useState(start);
  return (
    <section className={card.card} aria-labelledby="decision-lookup">
      <header className={card.head}>
        <h2 id="decision-lookup">{words.lookUp}</h2>
      </header>
      <div className={card.body}>
        <Stack gap="sm">
          <form
            onSubmit={(event) => {
              event.preventDefault();
              setId(typed.trim());
            }}
          >
            <TextInput
              label={words.id}
              description={words.idHelp}
              maxLength={64}
              value={typed}
              onChange={(event) => setTyped(event.currentTarget.value)}
              rightSection={
                <Button type="submit" size="compact-sm" disabled={typed.trim() === ''}>
                  {words.find}
                </Button>
              }
              rightSectionWidth="auto"
              rightSectionProps={{ style: { paddingInlineEnd: 'var(--lk-space-6)' } }}
            />
          </form>
          {id !== '' && <Found id={id} />}
        </Stack>
      </div>
    </section>
  );
}

function Found({ id }: { readonly id: string }) {
  const { value, isStale, problem, retry } = useAnswer(id, () => api.packages.decision({ id }), {
    causes: [],
  });
  if (problem !== undefined) return <ErrorAlert error={problem} onRetry={retry} />;
  if (value === undefined || isStale) return <SkeletonRows rows={3} />;
  return (
    <div role="status">
      {value.decision === undefined ? <p>{words.unknown}</p> : <Decision decision={value.decision} />}
    </div>
  );
}

function Decision({ decision }: { readonly decision: PackageDecisionView }) {
  const { teams, environments } = useDirectory();
  const { name, version, ecosystem, filename, channelName, atMs, reasons, nearestAllowed } = decision;
  const team = teams.find(({ id }) => id === decision.teamId)?.name ?? decision.teamId;
  const environment =
    environments.find(({ id }) => id === decision.environmentId)?.name ?? decision.environmentId;
  return (
    <Stack gap="sm">
      <h3>{words.blocked(name, version)}</h3>
      <dl className={facts.facts}>
        <dt>{words.reasons}</dt>
        <dd>
          {reasons.map(({ policyName, ruleNo, says }) => (
            <div key={`${policyName} ${ruleNo}`}>{says}</div>
          ))}
        </dd>
        {nearestAllowed !== undefined && (
          <>
            <dt>{words.nearest}</dt>
            <dd>{nearestAllowed}</dd>
          </>
        )}
        <dt>{words.file}</dt>
        <dd className={text.mono}>{filename}</dd>
        <dt>{words.channel}</dt>
        <dd>{channelName}</dd>
        <dt>{words.where}</dt>
        <dd>{words.placed(team, environment)}</dd>
        <dt>{words.when}</dt>
        <dd>{exactTime(atMs)}</dd>
      </dl>
      <a href={packageHash({ ecosystem, name, version })}>{words.explain}</a>
    </Stack>
  );
}

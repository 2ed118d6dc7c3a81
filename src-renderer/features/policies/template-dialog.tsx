import { useState } from 'react';
import { Radio, Skeleton, Stack } from '@mantine/core';
import type { PolicyDraft, PolicyTemplate } from '../../../shared/contract/policy-views.ts';
import { texts } from '../../../shared/texts/texts.ts';
import { api } from '../../client/api.ts';
import { useAnswer } from '../../state/use-answer.ts';
import { ErrorAlert } from '../../ui/error-alert.tsx';
import { FormOverlay } from '../../ui/form/form-overlay.tsx';
import { cx } from '../../ui/cx.ts';
import text from '../../ui/text.module.css';
import styles from './policies.module.css';

const words = texts.policyEditor.templates;
const ofTemplates = texts.policies.templates;

/** Policies to begin with. A template may make several, which are looked at one after the other before they are saved. */
export function TemplateDialog(props: {
  readonly onChoose: (drafts: readonly PolicyDraft[]) => void;
  readonly onClose: () => void;
}) {
  const { value, problem, retry } = useAnswer('templates', () => api.policies.templates(), { causes: [] });
  const templates = byKey(value ?? []);
  const [picked, setPicked] = useState<string>();
  // The first is what most people expect.
  const chosen = picked ?? templates[0]?.[0];
  return (
    <FormOverlay
      title={words.title}
      size="lg"
      submit={words.continue}
      draft={{}}
      missing={chosen === undefined ? words.chooseOne : undefined}
      onSubmit={() =>
        props.onChoose(templates.find(([key]) => key === chosen)?.[1].map(({ draft }) => draft) ?? [])
      }
      keepOpen
      onClose={props.onClose}
      result={problem !== undefined && <ErrorAlert error={problem} onRetry={retry} />}
    >
      {value === undefined && problem === undefined && <Skeleton height={120} aria-busy="true" />}
      <Radio.Group aria-label={words.choose} value={chosen ?? ''} onChange={setPicked}>
        <Stack gap="sm">
          {templates.map(([key, parts]) => (
            <div key={key} className={styles.choice}>
              <Radio value={key} label={ofTemplates[key].name} description={ofTemplates[key].says} />
              {chosen === key && (
                <Stack gap={6} mt="xs" className={cx(styles.inChoice)}>
                  {parts.map(({ draft, readsAs }) => (
                    <p key={draft.name} className={text.small}>
                      <strong>{draft.name}:</strong> {readsAs}
                    </p>
                  ))}
                  <p className={cx(text.small, text.quiet)}>{words.several(parts.length)}</p>
                </Stack>
              )}
            </div>
          ))}
        </Stack>
      </Radio.Group>
    </FormOverlay>
  );
}

function byKey(
  templates: readonly PolicyTemplate[],
): readonly (readonly [PolicyTemplate['key'], readonly PolicyTemplate[]])[] {
  const keys = [...new Set(templates.map(({ key }) => key))];
  return keys.map((key) => [key, templates.filter((template) => template.key === key)] as const);
}

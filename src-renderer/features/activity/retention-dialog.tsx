import { useState } from 'react';
import { Alert } from '@mantine/core';
import { IconAlertTriangle, IconDatabase } from '@tabler/icons-react';
import type { Retention } from '../../../shared/model/log-keeping.ts';
import { texts } from '../../../shared/texts/texts.ts';
import { api } from '../../client/api.ts';
import { useAnswer } from '../../state/use-answer.ts';
import { cx } from '../../ui/cx.ts';
import { ErrorAlert } from '../../ui/error-alert.tsx';
import facts from '../../ui/facts.module.css';
import { formatBytes } from '../../ui/format.ts';
import { FormOverlay } from '../../ui/form/form-overlay.tsx';
import { isSame } from '../../ui/form/is-same.ts';
import { NumberField } from '../../ui/form/number-field.tsx';
import layout from '../../ui/layout.module.css';
import { tellSuccess } from '../../ui/tell.ts';
import styles from './activity.module.css';
import type { RetentionDraft } from './retention-form.ts';
import { draftOf, removedBy, retentionOf, retentionProblem, retentionRanges } from './retention-form.ts';

const words = texts.activity.retention;
const typingMs = 250;

/** How long the log is kept, with what that takes and what it removes, before it is saved. */
export function RetentionDialog(props: { readonly saved: Retention; readonly onClose: () => void }) {
  const { saved, onClose } = props;
  const [draft, setDraft] = useState<RetentionDraft>(draftOf(saved));
  const problem = retentionProblem(draft);
  const next = problem === undefined ? retentionOf(draft) : undefined;
  const field = (key: keyof Retention, label: string, description: string) => (
    <NumberField
      label={label}
      description={description}
      suffix={key === 'maxGib' ? words.sizeUnit : words.unit}
      {...retentionRanges[key]}
      value={draft[key]}
      onChange={(value) => setDraft((before) => ({ ...before, [key]: value }))}
    />
  );
  return (
    <FormOverlay
      title={words.title}
      submit={words.save}
      draft={draft}
      missing={
        problem ?? (next !== undefined && isSame(next, retentionOf(draftOf(saved))) ? words.same : undefined)
      }
      onSubmit={async () => {
        if (next === undefined) return;
        await api.log.setRetention(next);
        tellSuccess(words.saved);
      }}
      onClose={onClose}
    >
      <div className={layout.pair}>
        {field('rowsDays', words.rows, words.rowsHint)}
        {field('rollupDays', words.sums, words.sumsHint)}
        {field('addressDays', words.addresses, words.personalHint)}
        {field('ciUserDays', words.ciUsers, words.personalHint)}
      </div>
      {field('maxGib', words.most, words.mostHint)}
      {next === undefined ? (
        <p className={styles.takes}>{problem === words.order ? problem : null}</p>
      ) : (
        <Consequence saved={saved} next={next} />
      )}
    </FormOverlay>
  );
}

function Consequence({ saved, next }: { readonly saved: Retention; readonly next: Retention }) {
  const { value, isStale, problem, retry } = useAnswer(
    JSON.stringify(next),
    () => api.log.previewRetention(next),
    { causes: [], delayMs: typingMs },
  );
  const removed = removedBy(saved, next);
  return (
    <>
      {problem !== undefined && <ErrorAlert error={problem} onRetry={retry} />}
      {problem === undefined && (
        <Alert
          color="gray"
          icon={<IconDatabase size={18} />}
          role="status"
          aria-busy={isStale}
          title={
            value === undefined
              ? words.reckoning
              : value.measuredDays === 0
                ? words.notMeasured
                : words.takesAll(formatBytes(value.rowsBytes + value.personalBytes + value.rollupBytes))
          }
        >
          {value !== undefined && value.measuredDays > 0 && (
            <>
              <dl className={cx(facts.facts, facts.close)}>
                <dt>{words.rows}</dt>
                <dd>{formatBytes(value.rowsBytes)}</dd>
                <dt>{words.keys}</dt>
                <dd>{formatBytes(value.personalBytes)}</dd>
                <dt>{words.sums}</dt>
                <dd>{formatBytes(value.rollupBytes)}</dd>
              </dl>
              <p className={styles.below}>
                {value.fullAfterDays !== undefined && <>{words.fullAfter(value.fullAfterDays)} </>}
                {words.measured(value.measuredDays)}
              </p>
            </>
          )}
        </Alert>
      )}
      {(removed.length > 0 || (value !== undefined && value.goneBytes > 0)) && (
        <Alert color="yellow" icon={<IconAlertTriangle size={18} />} role="status">
          {[
            ...(removed.length === 0 ? [] : [words.goes(texts.grammar.listed(removed))]),
            ...(value === undefined || value.goneBytes === 0
              ? []
              : [words.gone(formatBytes(value.goneBytes))]),
          ].join(' ')}
        </Alert>
      )}
    </>
  );
}

import { useState } from 'react';
import { NativeSelect, Stack } from '@mantine/core';
import type { VexPlan } from '../../../shared/contract/curation-views.ts';
import { maxVexChars } from '../../../shared/contract/curation-views.ts';
import { texts } from '../../../shared/texts/texts.ts';
import { api } from '../../client/api.ts';
import { useAnswer } from '../../state/use-answer.ts';
import { cx } from '../../ui/cx.ts';
import { FormOverlay } from '../../ui/form/form-overlay.tsx';
import { exactTime, formatCount } from '../../ui/format.ts';
import { tellSuccess } from '../../ui/tell.ts';
import prose from '../../ui/text.module.css';
import type { OpenedFile } from '../lists/file-field.tsx';
import { FileField } from '../lists/file-field.tsx';
import styles from './advisories.module.css';

const words = texts.vex;
const mostShown = 10;

type Source = Parameters<typeof api.curation.planVex>[0];
type Planned = { readonly of: string; readonly plan: VexPlan };

/** What others found out, from a file or a feed: shown before it counts. */
export function VexImportDialog(props: { readonly onClose: () => void }) {
  const { value } = useAnswer('facts', () => api.curation.facts(), { causes: ['curation'] });
  const feeds = (value?.feeds ?? []).filter(({ kind }) => kind === 'vex').map(({ name }) => name);
  const [feed, setFeed] = useState('');
  const [file, setFile] = useState<OpenedFile>();
  const [planned, setPlanned] = useState<Planned>();
  const source: Source | undefined =
    feed !== '' ? { feed } : file === undefined ? undefined : { source: file.name, text: file.text };
  const key = JSON.stringify([feed, file?.name, file?.text.length]);
  const plan = planned?.of === key ? planned.plan : undefined;
  const submit = async () => {
    if (source === undefined) return;
    if (plan === undefined) {
      setPlanned({ of: key, plan: await api.curation.planVex(source) });
      return;
    }
    const { assessed } = await api.curation.applyVex({ ...source, planHash: plan.planHash });
    tellSuccess(words.done(assessed));
    props.onClose();
  };
  return (
    <FormOverlay
      title={words.importTitle}
      size="lg"
      submit={plan === undefined || plan.total === 0 ? words.plan : words.apply(plan.total)}
      draft={{ feed, file: file?.name ?? '' }}
      missing={source === undefined ? words.missing : plan?.total === 0 ? words.nothing : undefined}
      keepOpen
      onSubmit={submit}
      onClose={props.onClose}
    >
      <p className={cx(prose.small, prose.quiet)}>{words.importHint}</p>
      {feeds.length > 0 && (
        <NativeSelect
          label={words.from}
          data={[{ value: '', label: words.file }, ...feeds.map((name) => ({ value: name, label: name }))]}
          value={feed}
          onChange={(event) => setFeed(event.currentTarget.value)}
        />
      )}
      {feed === '' && (
        <FileField
          label={words.choose}
          accept=".json,application/json"
          maxChars={maxVexChars}
          tooLong={words.tooLong}
          file={file}
          onFile={setFile}
        />
      )}
      <p className={cx(prose.small, prose.quiet)}>{words.recorded}</p>
      {/* Most of the dialog once it is there: it scrolls with the rest, not in a box of its own. */}
      <div aria-live="polite">{plan !== undefined && <Plan plan={plan} />}</div>
    </FormOverlay>
  );
}

function Plan({ plan }: { readonly plan: VexPlan }) {
  const shown = plan.proposals.slice(0, mostShown);
  const statuses = texts.policyEditor.statuses;
  return (
    <Stack gap="xs">
      <strong>{words.planTitle}</strong>
      <p>{words.read(plan)}</p>
      {plan.bad.map((problem) => (
        <p key={problem}>{words.bad(problem)}</p>
      ))}
      {plan.total === 0 && <p>{words.nothing}</p>}
      {shown.length > 0 && (
        <ul className={styles.changes} aria-label={words.planTitle}>
          {shown.map(
            ({ assessment: { advisoryId, name, version = '', status, reason }, author, atMs, before }) => (
              <li key={`${advisoryId} ${name} ${version}`}>
                <strong>{[advisoryId, name, version].filter((part) => part !== '').join(' · ')}</strong>{' '}
                {words.change(before === undefined ? undefined : statuses[before], statuses[status])}
                <div className={cx(prose.small)}>{reason}</div>
                <div className={cx(prose.small, prose.quiet)}>{words.by(author, exactTime(atMs))}</div>
              </li>
            ),
          )}
        </ul>
      )}
      {plan.total > shown.length && <p>{words.more(formatCount(plan.total - shown.length))}</p>}
    </Stack>
  );
}

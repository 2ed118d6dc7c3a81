import { useState } from 'react';
import { Stack } from '@mantine/core';
import type { CurationTable, TablePlan } from '../../../shared/contract/curation-views.ts';
import { maxTableFileChars } from '../../../shared/contract/curation-views.ts';
import { texts } from '../../../shared/texts/texts.ts';
import { api } from '../../client/api.ts';
import { cx } from '../../ui/cx.ts';
import { FormOverlay } from '../../ui/form/form-overlay.tsx';
import { formatCount } from '../../ui/format.ts';
import { tellSuccess } from '../../ui/tell.ts';
import text from '../../ui/text.module.css';
import type { OpenedFile } from '../lists/file-field.tsx';
import { FileField } from '../lists/file-field.tsx';
import styles from './facts.module.css';

const words = texts.curationTables;
const mostShown = 10;

type Planned = { readonly of: OpenedFile; readonly plan: TablePlan };

/** Entries from a file: what would change is shown before anything is. */
export function MapFileDialog(props: { readonly table: CurationTable; readonly onClose: () => void }) {
  const { table } = props;
  const [file, setFile] = useState<OpenedFile>();
  const [planned, setPlanned] = useState<Planned>();
  const plan = planned !== undefined && planned.of === file ? planned.plan : undefined;
  const submit = async () => {
    if (file === undefined) return;
    const given = { table, source: file.name, text: file.text };
    if (plan === undefined) {
      setPlanned({ of: file, plan: await api.curation.planTable(given) });
      return;
    }
    const { changed } = await api.curation.applyTable({ ...given, planHash: plan.planHash });
    tellSuccess(words.file.done(changed));
    props.onClose();
  };
  return (
    <FormOverlay
      title={words.file.title(words[table].many)}
      submit={plan === undefined || plan.total === 0 ? words.file.plan : words.file.apply(plan.total)}
      draft={{ file: file?.name ?? '' }}
      missing={file === undefined ? words.file.missing : plan?.total === 0 ? words.file.nothing : undefined}
      keepOpen
      onSubmit={submit}
      onClose={props.onClose}
    >
      <p className={cx(text.small, text.quiet)}>{words.file.hint[table]}</p>
      <FileField
        label={words.file.choose}
        accept=".json,.csv,text/plain"
        maxChars={maxTableFileChars}
        tooLong={words.file.tooLong}
        file={file}
        onFile={setFile}
      />
      <p className={cx(text.small, text.quiet)}>{words.file.recorded}</p>
      {/* Most of the dialog once it is there: it scrolls with the rest, not in a box of its own. */}
      <div aria-live="polite">{plan !== undefined && <Plan table={table} plan={plan} />}</div>
    </FormOverlay>
  );
}

function Plan({ table, plan }: { readonly table: CurationTable; readonly plan: TablePlan }) {
  const nothing = words[table].nothing;
  const shown = plan.changes.slice(0, mostShown);
  return (
    <Stack gap="xs">
      <strong>{words.file.planTitle}</strong>
      <p>{words.file.read(plan.source, formatCount(plan.count))}</p>
      {plan.total === 0 && <p>{words.file.nothing}</p>}
      {shown.length > 0 && (
        <ul className={styles.changes} aria-label={words.file.planTitle}>
          {shown.map(({ key, before, after }) => (
            <li key={key}>
              <strong>{key}</strong> {words.file.arrow(before ?? nothing, after ?? nothing)}
            </li>
          ))}
        </ul>
      )}
      {plan.total > shown.length && <p>{words.file.more(formatCount(plan.total - shown.length))}</p>}
    </Stack>
  );
}

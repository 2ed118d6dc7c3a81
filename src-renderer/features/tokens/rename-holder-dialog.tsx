import { useEffect, useState } from 'react';
import { TextInput } from '@mantine/core';
import type { TokenView } from '../../../shared/contract/token-views.ts';
import { limits } from '../../../shared/model/domain.ts';
import { texts } from '../../../shared/texts/texts.ts';
import { api } from '../../client/api.ts';
import { useAnswer } from '../../state/use-answer.ts';
import { ErrorAlert } from '../../ui/error-alert.tsx';
import { cx } from '../../ui/cx.ts';
import { FormOverlay } from '../../ui/form/form-overlay.tsx';
import text from '../../ui/text.module.css';
import { tellSuccess } from '../../ui/tell.ts';

const words = texts.holders.renameDialog;

/** Gives a holder another name or note, for all of its tokens at once. */
export function RenameHolderDialog(props: {
  readonly holder: TokenView['holder'];
  readonly onClose: () => void;
}) {
  const { id, kind } = props.holder;
  const [name, setName] = useState(props.holder.name);
  const [note, setNote] = useState<string>();
  const answer = useAnswer(id, () => api.holders.get({ id }), { causes: [] });
  const holder = answer.value;
  useEffect(() => {
    if (holder !== undefined) setNote((before) => before ?? holder.note);
  }, [holder]);

  return (
    <FormOverlay
      title={words.title[kind]}
      submit={words.save}
      // The note arrives after the dialog is open: until it is changed it counts as it came.
      draft={{ holder: name, name, note: note === holder?.note ? undefined : note }}
      missing={
        (name.trim() === '' ? texts.parts.missing.name : undefined) ??
        (note === undefined ? texts.parts.missing.loading : undefined)
      }
      fields={['holder', 'name', 'note']}
      onSubmit={async () => {
        await api.holders.update({ id, name: name.trim(), note: (note ?? '').trim() });
        tellSuccess(words.saved(name.trim()));
      }}
      onClose={props.onClose}
    >
      {({ at }) => (
        <>
          {answer.problem !== undefined && <ErrorAlert error={answer.problem} onRetry={answer.retry} />}
          <p className={cx(text.quiet, text.small)}>
            {holder !== undefined && words.effect(holder.activeTokens)}
          </p>
          <TextInput
            label={texts.holders.name}
            data-autofocus
            maxLength={limits.nameChars}
            value={name}
            onChange={(event) => setName(event.currentTarget.value)}
            error={at.name ?? at.holder}
          />
          <TextInput
            label={texts.holders.note}
            maxLength={limits.noteChars}
            disabled={note === undefined}
            value={note ?? ''}
            onChange={(event) => setNote(event.currentTarget.value)}
            error={at.note}
          />
        </>
      )}
    </FormOverlay>
  );
}

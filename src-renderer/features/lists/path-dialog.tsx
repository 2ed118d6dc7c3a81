import type { ReactNode } from 'react';
import { useState } from 'react';
import { Alert, TextInput } from '@mantine/core';
import { IconAlertTriangle } from '@tabler/icons-react';
import { texts } from '../../../shared/texts/texts.ts';
import { hasCode } from '../../client/error-text.ts';
import { useSession } from '../../state/session.ts';
import { FormOverlay } from '../../ui/form/form-overlay.tsx';
import type { OverlaySize } from '../../ui/overlay/overlay.tsx';
import { defaultSavePath } from '../tokens/export-request.ts';

/** Asks for the path where the host has no system dialog; asks again before it replaces a file. */
export function PathDialog(props: {
  readonly title: string;
  readonly size?: OverlaySize;
  readonly fileName: string;
  readonly words: {
    readonly path: string;
    readonly hint: string;
    readonly save: string;
    readonly replace: string;
    readonly exists: string;
    readonly existsText: string;
  };
  readonly save: (place: { readonly path: string; readonly overwrite: boolean }) => Promise<void>;
  readonly onClose: () => void;
  readonly children?: ReactNode;
}) {
  const { words } = props;
  const host = useSession((state) => state.host);
  const [path, setPath] = useState(() =>
    defaultSavePath(host?.homeDir ?? '', host?.platform ?? '', props.fileName),
  );
  const [exists, setExists] = useState(false);

  const save = async () => {
    try {
      await props.save({ path: path.trim(), overwrite: exists });
    } catch (error) {
      // Not a refusal but a question, which the second attempt answers.
      if (!hasCode(error, 'FILE_EXISTS')) throw error;
      setExists(true);
      return;
    }
    props.onClose();
  };

  return (
    <FormOverlay
      title={props.title}
      size={props.size ?? 'md'}
      submit={exists ? words.replace : words.save}
      draft={{}}
      missing={path.trim() === '' ? texts.parts.missing.path : undefined}
      onSubmit={save}
      onClose={props.onClose}
      fields={['folder']}
      keepOpen
      result={
        exists && (
          <Alert color="yellow" icon={<IconAlertTriangle size={18} />} title={words.exists} role="alert">
            {words.existsText}
          </Alert>
        )
      }
    >
      {({ at }) => (
        <>
          {props.children}
          <TextInput
            label={words.path}
            description={words.hint}
            data-autofocus
            spellCheck={false}
            value={path}
            error={at.folder}
            onChange={(event) => {
              setPath(event.currentTarget.value);
              setExists(false);
            }}
          />
        </>
      )}
    </FormOverlay>
  );
}

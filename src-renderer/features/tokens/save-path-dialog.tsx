import { useState } from 'react';
import { Alert, TextInput } from '@mantine/core';
import { IconAlertTriangle } from '@tabler/icons-react';
import { texts } from '../../../shared/texts/texts.ts';
import { api } from '../../client/api.ts';
import { hasCode } from '../../client/error-text.ts';
import { useSession } from '../../state/session.ts';
import { FormOverlay } from '../../ui/form/form-overlay.tsx';
import type { ExportRequest } from './export-request.ts';
import { defaultSavePath } from './export-request.ts';

const words = texts.tokenForms.savePathDialog;

/** Asks for the path where the host has no system dialog; asks again before it replaces a file. */
export function SavePathDialog(props: {
  readonly fileName: string;
  readonly containsSecret: boolean;
  readonly request: ExportRequest;
  readonly onSaved: (path: string, mode: string) => void;
  readonly onClose: () => void;
}) {
  const host = useSession((state) => state.host);
  const [path, setPath] = useState(() =>
    defaultSavePath(host?.homeDir ?? '', host?.platform ?? '', props.fileName),
  );
  const [exists, setExists] = useState(false);

  const save = async () => {
    try {
      const answer = await api.exports.save({
        ...props.request,
        fileName: props.fileName,
        path: path.trim(),
        overwrite: exists,
      });
      props.onSaved(answer.path, answer.mode);
      props.onClose();
    } catch (error) {
      // Not a refusal but a question, which the second attempt answers.
      if (!hasCode(error, 'FILE_EXISTS')) throw error;
      setExists(true);
    }
  };

  return (
    <FormOverlay
      title={words.save(props.fileName)}
      size="lg"
      submit={exists ? words.replaceFile : words.save2}
      draft={{}}
      missing={path.trim() === '' ? texts.parts.missing.path : undefined}
      onSubmit={save}
      onClose={props.onClose}
      keepOpen
      result={
        exists && (
          <Alert
            color="yellow"
            icon={<IconAlertTriangle size={18} />}
            title={words.thisFileExistsAlready}
            role="alert"
          >
            {words.replacingItCannotBe}
          </Alert>
        )
      }
    >
      <TextInput
        label={words.path}
        description={props.containsSecret ? words.insideYourHomeFolder : words.insideYourHomeFolder2}
        data-autofocus
        spellCheck={false}
        value={path}
        onChange={(event) => {
          setPath(event.currentTarget.value);
          setExists(false);
        }}
      />
    </FormOverlay>
  );
}

import { useState } from 'react';
import { Alert, Button, Stack, TextInput } from '@mantine/core';
import { LayerModal } from '../../ui/layered.tsx';
import { IconAlertTriangle } from '@tabler/icons-react';
import { api } from '../../client/api.ts';
import { hasCode } from '../../client/error-text.ts';
import { useSession } from '../../state/session.ts';
import { ErrorAlert } from '../../ui/error-alert.tsx';
import type { ExportRequest } from './export-request.ts';
import { defaultSavePath } from './export-request.ts';

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
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>();
  const exists = hasCode(error, 'FILE_EXISTS');

  const save = async () => {
    setBusy(true);
    try {
      const answer = await api.exports.save({
        ...props.request,
        fileName: props.fileName,
        path: path.trim(),
        overwrite: exists,
      });
      props.onSaved(answer.path, answer.mode);
      props.onClose();
    } catch (caught) {
      setError(caught);
      setBusy(false);
    }
  };

  return (
    <LayerModal opened title={`Save ${props.fileName}`} zIndex={320} size="lg" onClose={props.onClose}>
      <form
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          // A portal's events reach the React parents: the form around must not see this one.
          event.stopPropagation();
          if (path.trim() !== '') void save();
        }}
      >
        <Stack gap="md">
          <TextInput
            label="Path"
            description={
              props.containsSecret
                ? 'Inside your home folder. Only you will be able to read the file.'
                : 'Inside your home folder.'
            }
            data-autofocus
            spellCheck={false}
            value={path}
            onChange={(event) => {
              setPath(event.currentTarget.value);
              setError(undefined);
            }}
          />
          {exists ? (
            <Alert
              color="yellow"
              icon={<IconAlertTriangle size={18} />}
              title="This file exists already"
              role="alert"
            >
              Replacing it cannot be undone. If it holds other settings, copy the text and merge it by hand
              instead.
            </Alert>
          ) : (
            error !== undefined && <ErrorAlert error={error} />
          )}
        </Stack>
        <div className="lk-form-foot">
          <Button variant="default" onClick={props.onClose}>
            Cancel
          </Button>
          <Button type="submit" loading={busy} color={exists ? 'red' : 'latch'} disabled={path.trim() === ''}>
            {exists ? 'Replace file' : 'Save'}
          </Button>
        </div>
      </form>
    </LayerModal>
  );
}

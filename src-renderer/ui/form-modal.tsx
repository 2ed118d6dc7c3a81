import { useState } from 'react';
import type { ReactNode } from 'react';
import { Button, Stack } from '@mantine/core';
import { LayerModal } from './layered.tsx';
import { ErrorAlert } from './error-alert.tsx';

/** A small form in a dialog: fields, the error where it belongs, Cancel and the one action. */
export function FormModal(props: {
  readonly title: string;
  readonly submit: string;
  readonly onSubmit: () => Promise<void>;
  readonly onClose: () => void;
  readonly children: ReactNode;
  readonly size?: string | number;
  readonly extraAction?: ReactNode;
  readonly canSubmit?: boolean;
  /** The caller decides what stands here after success, so the dialog does not close itself. */
  readonly keepOpen?: boolean;
}) {
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>();
  const submit = async () => {
    setBusy(true);
    setError(undefined);
    try {
      await props.onSubmit();
      if (props.keepOpen !== true) props.onClose();
    } catch (caught) {
      setError(caught);
      setBusy(false);
    }
  };
  return (
    <LayerModal
      opened
      title={props.title}
      onClose={props.onClose}
      size={props.size ?? 'md'}
      closeOnClickOutside={false}
    >
      <form
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          if (props.canSubmit !== false) void submit();
        }}
      >
        <Stack gap="md">
          {props.children}
          {error !== undefined && <ErrorAlert error={error} />}
        </Stack>
        <div className="lk-form-foot">
          {props.extraAction}
          <Button variant="default" onClick={props.onClose}>
            Cancel
          </Button>
          <Button type="submit" loading={busy} disabled={props.canSubmit === false}>
            {props.submit}
          </Button>
        </div>
      </form>
    </LayerModal>
  );
}

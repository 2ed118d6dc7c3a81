import { useState } from 'react';
import type { ReactNode } from 'react';
import { Button, Stack } from '@mantine/core';
import { LayerModal } from './layered.tsx';
import { ErrorAlert } from './error-alert.tsx';

/** Asks before something is removed. Cancel is the default; an error stays in the dialog. */
export function ConfirmDialog(props: {
  readonly title: string;
  readonly children: ReactNode;
  readonly confirm: string;
  readonly cancel?: string;
  readonly onConfirm: () => Promise<void> | void;
  readonly onClose: () => void;
  readonly zIndex?: number;
}) {
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>();
  const run = async () => {
    setBusy(true);
    setError(undefined);
    try {
      await props.onConfirm();
      props.onClose();
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
      {...(props.zIndex ? { zIndex: props.zIndex } : {})}
    >
      <Stack gap="sm">
        <div>{props.children}</div>
        {error !== undefined && <ErrorAlert error={error} />}
      </Stack>
      <div className="lk-form-foot">
        <Button variant="default" onClick={props.onClose} data-autofocus>
          {props.cancel ?? 'Cancel'}
        </Button>
        <Button color="red" loading={busy} onClick={() => void run()}>
          {props.confirm}
        </Button>
      </div>
    </LayerModal>
  );
}

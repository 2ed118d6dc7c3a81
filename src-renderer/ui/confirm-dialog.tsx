import type { ReactNode } from 'react';
import { Button, Stack } from '@mantine/core';
import { LayerModal } from './layered.tsx';
import { ErrorAlert } from './error-alert.tsx';
import { useSubmit } from './use-submit.ts';

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
  const { busy, error, submit } = useSubmit(props.onConfirm, props.onClose);
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
        <Button color="red" loading={busy} onClick={() => void submit()}>
          {props.confirm}
        </Button>
      </div>
    </LayerModal>
  );
}

import type { ReactNode } from 'react';
import { Button } from '@mantine/core';
import { texts } from '../../shared/texts/texts.ts';
import { ErrorAlert } from './error-alert.tsx';
import { SubmitButton } from './form/submit-button.tsx';
import { Overlay } from './overlay/overlay.tsx';
import { useSubmit } from './use-submit.ts';

/** Asks before something that cannot be undone. Cancel is the default; an error stays in the dialog. */
export function ConfirmDialog(props: {
  readonly title: string;
  readonly children: ReactNode;
  readonly confirm: string;
  readonly cancel?: string;
  readonly onConfirm: () => Promise<void> | void;
  readonly onClose: () => void;
}) {
  const { busy, error, submit } = useSubmit(props.onConfirm, props.onClose);
  return (
    <Overlay
      title={props.title}
      size="sm"
      closesBeside
      onClose={props.onClose}
      result={error !== undefined && <ErrorAlert error={error} />}
      foot={
        <>
          <Button variant="default" onClick={props.onClose} data-autofocus>
            {props.cancel ?? texts.parts.cancel}
          </Button>
          <SubmitButton color="red" busy={busy} blocked={false} onClick={() => void submit()}>
            {props.confirm}
          </SubmitButton>
        </>
      }
    >
      {props.children}
    </Overlay>
  );
}

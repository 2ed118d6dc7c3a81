import type { ReactNode } from 'react';
import { useId } from 'react';
import { Button } from '@mantine/core';
import { texts } from '../../../shared/texts/texts.ts';
import { cx } from '../cx.ts';
import styles from './form-foot.module.css';
import { SubmitButton } from './submit-button.tsx';
import type { GuardedForm } from './use-guarded-form.ts';

/** Why the form cannot be sent yet, another action, Cancel and the one that sends it. */
export function FormFoot(props: {
  readonly form: Pick<GuardedForm, 'busy' | 'missing' | 'isTried'>;
  readonly submit: string;
  readonly submitLabel?: string | undefined;
  /** Without it there is nothing to cancel. */
  readonly onCancel: (() => void) | undefined;
  readonly cancel?: string | undefined;
  readonly extra?: ReactNode;
  /** What cannot be undone: Cancel has the focus. */
  readonly isDestructive?: boolean;
}) {
  const { form, isDestructive = false } = props;
  const whyId = useId();
  return (
    <>
      <div className={styles.aside}>
        {props.extra}
        {form.missing !== undefined && (
          <span id={whyId} className={cx(styles.why, form.isTried && styles.tried)}>
            {form.missing}
          </span>
        )}
      </div>
      {props.onCancel !== undefined && (
        <Button variant="default" onClick={props.onCancel} data-autofocus={isDestructive || undefined}>
          {props.cancel ?? texts.parts.cancel}
        </Button>
      )}
      <SubmitButton
        busy={form.busy}
        blocked={form.missing !== undefined}
        color={isDestructive ? 'red' : undefined}
        label={props.submitLabel}
        describedBy={form.missing === undefined ? undefined : whyId}
      >
        {props.submit}
      </SubmitButton>
    </>
  );
}

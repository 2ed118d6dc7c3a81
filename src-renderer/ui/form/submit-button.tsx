import type { ReactNode } from 'react';
import { Button, Loader } from '@mantine/core';
import type { ButtonProps } from '@mantine/core';

/**
 * A button that keeps the focus while its action runs, and that can be reached while it cannot be used yet: a click or
 * Enter then says why.
 */
export function SubmitButton(props: {
  readonly busy: boolean;
  /** Something is missing: the form says what. */
  readonly blocked: boolean;
  readonly children: ReactNode;
  readonly color?: string | undefined;
  readonly variant?: 'filled' | 'default';
  readonly size?: ButtonProps['size'];
  readonly fullWidth?: boolean;
  readonly leftSection?: ReactNode;
  readonly label?: string | undefined;
  readonly describedBy?: string | undefined;
  /** Where it does not send a form. */
  readonly onClick?: () => void;
}) {
  const isOff = props.busy || props.blocked;
  return (
    <Button
      type={props.onClick === undefined ? 'submit' : 'button'}
      {...(props.color === undefined ? {} : { color: props.color })}
      {...(props.size === undefined ? {} : { size: props.size })}
      variant={props.variant ?? 'filled'}
      fullWidth={props.fullWidth ?? false}
      aria-disabled={isOff || undefined}
      data-disabled={isOff}
      aria-busy={props.busy || undefined}
      aria-label={props.label}
      aria-describedby={props.describedBy}
      leftSection={props.busy ? <Loader size={14} color="currentColor" /> : props.leftSection}
      onClick={() => {
        if (!isOff) props.onClick?.();
      }}
    >
      {props.children}
    </Button>
  );
}

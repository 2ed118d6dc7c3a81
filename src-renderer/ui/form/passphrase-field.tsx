import { useEffect, useRef } from 'react';
import type { PasswordInputProps } from '@mantine/core';
import { SecretInput } from './secret-input.tsx';

/**
 * The field for a passphrase. After a refusal it has the focus and its content is selected, so that typing replaces it;
 * while the answer is on the way it can be read but not changed, which keeps the focus where it is.
 */
export function PassphraseField(props: {
  readonly label: string;
  readonly value: string;
  readonly onChange: (value: string) => void;
  readonly isNew?: boolean;
  readonly busy?: boolean;
  readonly autoFocus?: boolean;
  readonly size?: PasswordInputProps['size'];
  /** The error itself: a new one takes the focus back. */
  readonly refusal?: unknown;
  /** What is wrong, in words. */
  readonly problem?: string | undefined;
}) {
  const input = useRef<HTMLInputElement>(null);
  const { refusal, problem } = props;
  useEffect(() => {
    if (refusal === undefined || problem === undefined) return;
    input.current?.focus();
    input.current?.select();
    // By the refusal alone: another sentence about the same one must not steal the focus.
    // oxlint-disable-next-line react/exhaustive-deps
  }, [refusal]);
  return (
    <SecretInput
      ref={input}
      label={props.label}
      autoComplete={props.isNew === true ? 'new-password' : 'current-password'}
      // A dialog's focus trap looks for the attribute, a screen for the property.
      data-autofocus={props.autoFocus || undefined}
      autoFocus={props.autoFocus ?? false}
      readOnly={props.busy ?? false}
      {...(props.size === undefined ? {} : { size: props.size })}
      value={props.value}
      onChange={(event) => props.onChange(event.currentTarget.value)}
      error={problem}
      errorProps={{ role: 'alert' }}
    />
  );
}

import { PasswordInput } from '@mantine/core';
import type { PasswordInputProps } from '@mantine/core';
import { texts } from '../../../shared/texts/texts.ts';

/** A field whose content is hidden until one asks; Mantine's own does not say to a screen reader that it is refused. */
export function SecretInput(props: PasswordInputProps) {
  const isRefused = props.error !== undefined && props.error !== null && props.error !== false;
  return (
    <PasswordInput
      visibilityToggleButtonProps={{ 'aria-label': texts.parts.passphrase.show }}
      {...props}
      aria-invalid={isRefused || undefined}
    />
  );
}

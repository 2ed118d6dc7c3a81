import type { ReactNode } from 'react';
import { Button } from '@mantine/core';
import { Keys } from '../../ui/keys.tsx';

/** The main action of a list, which `n` does as well. */
export function NewButton(props: {
  readonly icon: ReactNode;
  readonly disabled?: boolean;
  readonly onClick: () => void;
  readonly children: ReactNode;
}) {
  return (
    <Button
      leftSection={props.icon}
      rightSection={<Keys keys={['N']} hint />}
      aria-keyshortcuts="N"
      disabled={props.disabled ?? false}
      onClick={props.onClick}
    >
      {props.children}
    </Button>
  );
}

import type { ReactNode } from 'react';
import { useState } from 'react';
import { Button, TextInput } from '@mantine/core';
import { LatchkeyError } from '../../shared/errors.ts';
import { texts } from '../../shared/texts/texts.ts';
import { ConfirmDialog } from '../ui/confirm-dialog.tsx';
import { FormOverlay } from '../ui/form/form-overlay.tsx';
import type { OverlayKind } from '../ui/overlay/overlay.tsx';
import { CloseOverlay, Overlay } from '../ui/overlay/overlay.tsx';
import { Group, State } from './state.tsx';

/** A button that opens what is looked at. */
function Opens(props: { readonly name: string; readonly children: (close: () => void) => ReactNode }) {
  const [isOpen, setOpen] = useState(false);
  return (
    <State name={props.name}>
      <Button variant="default" onClick={() => setOpen(true)}>
        Open
      </Button>
      {isOpen && props.children(() => setOpen(false))}
    </State>
  );
}

const long = Array.from({ length: 40 }, (_, index) => <p key={index}>Line {index + 1} of a long text.</p>);

/** Dialogs and drawers: short, long, with a question before they close, and as forms. */
export function Overlays() {
  return (
    <Group title="Overlays">
      <Opens name="A dialog">
        {(close) => (
          <Overlay
            title="A dialog"
            closesBeside
            onClose={close}
            foot={<CloseOverlay variant="filled">Done</CloseOverlay>}
          >
            <p>A short text.</p>
          </Overlay>
        )}
      </Opens>
      <Opens name="A drawer with a long text">
        {(close) => (
          <Overlay
            kind="drawer"
            title="A drawer"
            closesBeside
            onClose={close}
            foot={<CloseOverlay>Done</CloseOverlay>}
          >
            {long}
          </Overlay>
        )}
      </Opens>
      <Opens name="Something would be lost">
        {(close) => (
          <Overlay
            title="Token issued"
            loss={texts.parts.discard}
            onClose={close}
            foot={<CloseOverlay>Done</CloseOverlay>}
          >
            <p>Close it by any way.</p>
          </Overlay>
        )}
      </Opens>
      <Opens name="Cannot be undone">
        {(close) => (
          <ConfirmDialog
            title="Remove team ci?"
            confirm="Remove"
            onConfirm={() => Promise.reject(new LatchkeyError('VAULT_UNAVAILABLE', 'The disk is gone.'))}
            onClose={close}
          >
            <p>Removing always fails here, to show the error.</p>
          </ConfirmDialog>
        )}
      </Opens>
      <Opens name="A form in a dialog">{(close) => <TeamForm kind="dialog" onClose={close} />}</Opens>
      <Opens name="A form in a drawer">{(close) => <TeamForm kind="drawer" onClose={close} />}</Opens>
    </Group>
  );
}

/** Refuses the name "taken" at its field, and "broken" below the fields. */
function TeamForm(props: { readonly kind: OverlayKind; readonly onClose: () => void }) {
  const [name, setName] = useState('');
  return (
    <FormOverlay
      kind={props.kind}
      title="New team"
      submit="Create team"
      draft={{ name }}
      missing={name === '' ? texts.parts.missing.name : undefined}
      fields={['name']}
      onSubmit={async () => {
        await new Promise((resolve) => setTimeout(resolve, 600));
        if (name === 'taken')
          throw new LatchkeyError('NAME_TAKEN', 'There is a team of that name.', {
            details: { what: 'team', name },
          });
        if (name === 'broken') throw new LatchkeyError('VAULT_UNAVAILABLE', 'The disk is gone.');
      }}
      onClose={props.onClose}
    >
      {({ at }) => (
        <TextInput
          label="Name"
          description="“taken” and “broken” are refused."
          data-autofocus
          value={name}
          onChange={(event) => setName(event.currentTarget.value)}
          error={at.name}
        />
      )}
    </FormOverlay>
  );
}

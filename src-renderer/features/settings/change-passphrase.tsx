import { useState } from 'react';
import { Button, PasswordInput } from '@mantine/core';
import { api } from '../../client/api.ts';
import { FormModal } from '../../ui/form-modal.tsx';
import { StrengthMeter, useStrength } from '../../ui/strength-meter.tsx';
import { tellSuccess } from '../../ui/tell.ts';

export function ChangePassphrase() {
  const [open, setOpen] = useState(false);
  return (
    <div>
      <Button variant="default" onClick={() => setOpen(true)}>
        Change passphrase
      </Button>
      {open && <ChangeDialog onClose={() => setOpen(false)} />}
    </div>
  );
}

function ChangeDialog({ onClose }: { readonly onClose: () => void }) {
  const [current, setCurrent] = useState('');
  const [next, setNext] = useState('');
  const [repeated, setRepeated] = useState('');
  const strength = useStrength(next, []);
  const differs = repeated !== '' && repeated !== next;
  return (
    <FormModal
      title="Change passphrase"
      submit="Change passphrase"
      canSubmit={current !== '' && strength?.ok === true && repeated === next}
      onSubmit={async () => {
        await api.session.changePassphrase({ current, next });
        tellSuccess('Changed the passphrase. The old one no longer opens this vault.');
      }}
      onClose={onClose}
    >
      <PasswordInput
        label="Current passphrase"
        autoComplete="current-password"
        data-autofocus
        value={current}
        onChange={(event) => setCurrent(event.currentTarget.value)}
      />
      <div>
        <PasswordInput
          label="New passphrase"
          autoComplete="new-password"
          value={next}
          onChange={(event) => setNext(event.currentTarget.value)}
        />
        <StrengthMeter strength={strength} />
      </div>
      <PasswordInput
        label="Repeat passphrase"
        autoComplete="new-password"
        value={repeated}
        onChange={(event) => setRepeated(event.currentTarget.value)}
        error={differs ? 'The two passphrases differ.' : undefined}
      />
    </FormModal>
  );
}

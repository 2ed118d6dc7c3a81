import { useState } from 'react';
import { Button, PasswordInput } from '@mantine/core';
import { texts } from '../../../shared/texts/texts.ts';
import { api } from '../../client/api.ts';
import { useSession } from '../../state/session.ts';
import { FormModal } from '../../ui/form-modal.tsx';
import { StrengthMeter, useJudgement } from '../../ui/strength-meter.tsx';
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
  const session = useSession((state) => state.session);
  const judged = useJudgement(next, [session?.organizationName ?? '', session?.operator?.name ?? '']);
  const differs = repeated !== '' && repeated !== next;
  return (
    <FormModal
      title="Change passphrase"
      submit="Change passphrase"
      canSubmit={current !== '' && judged !== undefined && judged.lack === undefined && repeated === next}
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
        <StrengthMeter judged={judged} />
      </div>
      <PasswordInput
        label="Repeat passphrase"
        autoComplete="new-password"
        value={repeated}
        onChange={(event) => setRepeated(event.currentTarget.value)}
        error={differs ? texts.passphrase.differ : undefined}
      />
    </FormModal>
  );
}

import { useState } from 'react';
import { Button } from '@mantine/core';
import { texts } from '../../../shared/texts/texts.ts';
import { api } from '../../client/api.ts';
import { useSession } from '../../state/session.ts';
import { FormOverlay } from '../../ui/form/form-overlay.tsx';
import { PassphraseField } from '../../ui/form/passphrase-field.tsx';
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
  const words = texts.parts.missing;
  const missing =
    (current === '' ? words.passphrase : undefined) ??
    (judged !== undefined && judged.lack === undefined ? undefined : words.newPassphrase) ??
    (repeated === next ? undefined : words.repeat);
  return (
    <FormOverlay
      title="Change passphrase"
      submit="Change passphrase"
      draft={{ passphrase: current, 'new-passphrase': next, repeated }}
      fields={['passphrase', 'new-passphrase']}
      missing={missing}
      onSubmit={async () => {
        await api.session.changePassphrase({ current, next });
        tellSuccess('Changed the passphrase. The old one no longer opens this vault.');
      }}
      onClose={onClose}
    >
      {({ at }, refusal) => (
        <>
          <PassphraseField
            label="Current passphrase"
            autoFocus
            value={current}
            onChange={setCurrent}
            refusal={refusal}
            problem={at.passphrase}
          />
          <div>
            <PassphraseField
              label="New passphrase"
              isNew
              value={next}
              onChange={setNext}
              problem={at['new-passphrase']}
            />
            <StrengthMeter judged={judged} />
          </div>
          <PassphraseField
            label="Repeat passphrase"
            isNew
            value={repeated}
            onChange={setRepeated}
            problem={differs ? texts.passphrase.differ : undefined}
          />
        </>
      )}
    </FormOverlay>
  );
}

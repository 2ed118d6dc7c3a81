import { useState } from 'react';
import { Button } from '@mantine/core';
import { texts } from '../../../shared/texts/texts.ts';
import { api } from '../../client/api.ts';
import { useSession } from '../../state/session.ts';
import { FormOverlay } from '../../ui/form/form-overlay.tsx';
import { PassphraseField } from '../../ui/form/passphrase-field.tsx';
import { StrengthMeter, useJudgement } from '../../ui/strength-meter.tsx';
import { tellSuccess } from '../../ui/tell.ts';

const own = texts.settings.changePassphrase;

export function ChangePassphrase() {
  const [open, setOpen] = useState(false);
  return (
    <div>
      <Button variant="default" onClick={() => setOpen(true)}>
        {own.changePassphrase}
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
      title={own.changePassphrase}
      submit={own.changePassphrase}
      draft={{ passphrase: current, 'new-passphrase': next, repeated }}
      fields={['passphrase', 'new-passphrase']}
      missing={missing}
      onSubmit={async () => {
        await api.session.changePassphrase({ current, next });
        tellSuccess(own.changedThePassphraseThe);
      }}
      onClose={onClose}
    >
      {({ at }, refusal) => (
        <>
          <PassphraseField
            label={own.currentPassphrase}
            autoFocus
            value={current}
            onChange={setCurrent}
            refusal={refusal}
            problem={at.passphrase}
          />
          <div>
            <PassphraseField
              label={own.newPassphrase}
              isNew
              value={next}
              onChange={setNext}
              problem={at['new-passphrase']}
            />
            <StrengthMeter judged={judged} />
          </div>
          <PassphraseField
            label={own.repeatPassphrase}
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

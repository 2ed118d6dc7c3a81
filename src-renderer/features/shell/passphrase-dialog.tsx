import { useState } from 'react';
import { texts } from '../../../shared/texts/texts.ts';
import { api } from '../../client/api.ts';
import { usePassphraseAsk } from '../../state/passphrase-ask.ts';
import { FormOverlay } from '../../ui/form/form-overlay.tsx';
import { PassphraseField } from '../../ui/form/passphrase-field.tsx';

const words = texts.shell.passphraseDialog;

/** Asks for the passphrase before a dangerous act, in a session that the keychain opened. */
export function PassphraseDialog() {
  const question = usePassphraseAsk((state) => state.question);
  return question === undefined ? null : <Ask key={question.message} {...question} />;
}

function Ask(props: { readonly message: string; readonly answer: (confirmed: boolean) => void }) {
  const [passphrase, setPassphrase] = useState('');
  return (
    <FormOverlay
      title={words.confirmWithYourPassphrase}
      size="sm"
      submit={words.confirm}
      // A passphrase that was typed is nothing to lose: it is asked for again.
      draft={{}}
      missing={passphrase === '' ? texts.parts.passphrase.enter : undefined}
      fields={['passphrase']}
      onSubmit={async () => {
        await api.session.confirm({ passphrase });
        props.answer(true);
      }}
      onClose={() => props.answer(false)}
      keepOpen
    >
      {({ at }, refusal) => (
        <>
          <p>{props.message}</p>
          <PassphraseField
            label={words.passphrase}
            autoFocus
            value={passphrase}
            onChange={setPassphrase}
            refusal={refusal}
            problem={at.passphrase}
          />
        </>
      )}
    </FormOverlay>
  );
}

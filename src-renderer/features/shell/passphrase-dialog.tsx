import { useState } from 'react';
import { Button, PasswordInput, Stack } from '@mantine/core';
import { LayerModal } from '../../ui/layered.tsx';
import { api } from '../../client/api.ts';
import { errorText } from '../../client/error-text.ts';
import { usePassphraseAsk } from '../../state/passphrase-ask.ts';
import { useSubmit } from '../../ui/use-submit.ts';

/** Asks for the passphrase before a dangerous act, in a session that the keychain opened. */
export function PassphraseDialog() {
  const question = usePassphraseAsk((state) => state.question);
  return question === undefined ? null : <Ask key={question.message} {...question} />;
}

function Ask(props: { readonly message: string; readonly answer: (confirmed: boolean) => void }) {
  const [passphrase, setPassphrase] = useState('');
  const { busy, error, submit } = useSubmit(
    () => api.session.confirm({ passphrase }),
    () => props.answer(true),
  );
  return (
    <LayerModal opened title="Confirm with your passphrase" zIndex={400} onClose={() => props.answer(false)}>
      <form
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          event.stopPropagation();
          if (passphrase !== '') void submit();
        }}
      >
        <Stack gap="md">
          <p>{props.message}</p>
          <PasswordInput
            label="Passphrase"
            autoComplete="current-password"
            data-autofocus
            value={passphrase}
            onChange={(event) => setPassphrase(event.currentTarget.value)}
            error={error === undefined ? undefined : errorText(error).text}
            errorProps={{ role: 'alert' }}
          />
        </Stack>
        <div className="lk-form-foot">
          <Button variant="default" onClick={() => props.answer(false)}>
            Cancel
          </Button>
          <Button type="submit" loading={busy} disabled={passphrase === ''}>
            Confirm
          </Button>
        </div>
      </form>
    </LayerModal>
  );
}

import { useEffect, useState } from 'react';
import { Alert, Button } from '@mantine/core';
import type { KeychainView } from '../../../shared/contract/desktop-views.ts';
import { texts } from '../../../shared/texts/texts.ts';
import { api } from '../../client/api.ts';
import { cx } from '../../ui/cx.ts';
import { FormOverlay } from '../../ui/form/form-overlay.tsx';
import { PassphraseField } from '../../ui/form/passphrase-field.tsx';
import text from '../../ui/text.module.css';
import { tellFailure, tellSuccess } from '../../ui/tell.ts';

/** Sets "Unlock with this computer" up, or takes it back. Only the desktop app shows this. */
export function Keychain() {
  const [keychain, setKeychain] = useState<KeychainView>();
  const [enabling, setEnabling] = useState(false);
  useEffect(() => {
    api.keychain.status().then(setKeychain, tellFailure);
  }, []);
  if (keychain === undefined) return null;
  const isOn = keychain.state === 'on' || keychain.state === 'due';

  const disable = async () => {
    try {
      setKeychain(await api.keychain.disable());
      tellSuccess('This computer alone no longer opens the vault.');
    } catch (error) {
      tellFailure(error);
    }
  };

  return (
    <div>
      {keychain.state === 'unavailable' || keychain.state === 'plain-text' ? (
        <Alert color="yellow" p="sm">
          {keychain.message}
        </Alert>
      ) : (
        <p className={cx(text.small, text.quiet)}>{keychain.message}</p>
      )}
      {keychain.state === 'off' && (
        <Button variant="default" mt="xs" onClick={() => setEnabling(true)}>
          Set up unlock with this computer
        </Button>
      )}
      {isOn && (
        <Button variant="default" mt="xs" onClick={() => void disable()}>
          Turn off unlock with this computer
        </Button>
      )}
      {enabling && <EnableDialog onEnabled={setKeychain} onClose={() => setEnabling(false)} />}
    </div>
  );
}

function EnableDialog(props: {
  readonly onEnabled: (keychain: KeychainView) => void;
  readonly onClose: () => void;
}) {
  const [passphrase, setPassphrase] = useState('');
  return (
    <FormOverlay
      title="Unlock with this computer"
      submit="Set up"
      draft={{ passphrase }}
      fields={['passphrase']}
      missing={passphrase === '' ? texts.parts.missing.passphrase : undefined}
      onSubmit={async () => {
        props.onEnabled(await api.keychain.enable({ passphrase }));
        tellSuccess('The vault can be unlocked with this computer now. The passphrase still works.');
      }}
      onClose={props.onClose}
    >
      {({ at }, refusal) => (
        <>
          <p className={text.quiet}>
            A key to this vault is kept in the system’s keychain. The passphrase stays the other way in.
          </p>
          <PassphraseField
            label="Passphrase"
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

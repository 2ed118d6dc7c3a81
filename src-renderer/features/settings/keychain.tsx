import { useEffect, useState } from 'react';
import { Alert, Button, PasswordInput } from '@mantine/core';
import type { KeychainView } from '../../../shared/contract/desktop-views.ts';
import { api } from '../../client/api.ts';
import { FormModal } from '../../ui/form-modal.tsx';
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
        <p className="lk-small lk-quiet">{keychain.message}</p>
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
    <FormModal
      title="Unlock with this computer"
      submit="Set up"
      canSubmit={passphrase !== ''}
      onSubmit={async () => {
        props.onEnabled(await api.keychain.enable({ passphrase }));
        tellSuccess('The vault can be unlocked with this computer now. The passphrase still works.');
      }}
      onClose={props.onClose}
    >
      <p className="lk-quiet">
        A key to this vault is kept in the system’s keychain. The passphrase stays the other way in.
      </p>
      <PasswordInput
        label="Passphrase"
        autoComplete="current-password"
        data-autofocus
        value={passphrase}
        onChange={(event) => setPassphrase(event.currentTarget.value)}
      />
    </FormModal>
  );
}

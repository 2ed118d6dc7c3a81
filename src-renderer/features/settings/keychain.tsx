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

const words = texts.settings.keychain;

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
      tellSuccess(words.thisComputerAloneNo);
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
          {words.setUpUnlockWith}
        </Button>
      )}
      {isOn && (
        <Button variant="default" mt="xs" onClick={() => void disable()}>
          {words.turnOffUnlockWith}
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
      title={words.unlockWithThisComputer}
      submit={words.setUp}
      draft={{ passphrase }}
      fields={['passphrase']}
      missing={passphrase === '' ? texts.parts.missing.passphrase : undefined}
      onSubmit={async () => {
        props.onEnabled(await api.keychain.enable({ passphrase }));
        tellSuccess(words.theVaultCanBe);
      }}
      onClose={props.onClose}
    >
      {({ at }, refusal) => (
        <>
          <p className={text.quiet}>{words.aKeyToThis}</p>
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

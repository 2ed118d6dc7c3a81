import { useEffect, useState } from 'react';
import { IconDeviceDesktop } from '@tabler/icons-react';
import type { KeychainView } from '../../../shared/contract/desktop-views.ts';
import { api } from '../../client/api.ts';
import { hasCode } from '../../client/error-text.ts';
import { useSession } from '../../state/session.ts';
import { cx } from '../../ui/cx.ts';
import { ErrorAlert } from '../../ui/error-alert.tsx';
import { SubmitButton } from '../../ui/form/submit-button.tsx';
import text from '../../ui/text.module.css';
import { texts } from '../../../shared/texts/texts.ts';

const words = texts.unlock.keychainUnlock;

/** "Unlock with this computer", where the keychain is set up; a sentence where the passphrase is due again. */
export function KeychainUnlock(props: {
  readonly disabled: boolean;
  /** The vault is older than it was: going on takes the passphrase. */
  readonly onOlder: (error: unknown) => void;
}) {
  const [keychain, setKeychain] = useState<KeychainView>();
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>();
  useEffect(() => {
    // Without an answer there is no button; the passphrase is always the other way in.
    api.keychain.status().then(setKeychain, () => setKeychain(undefined));
  }, []);

  const unlock = async () => {
    setBusy(true);
    setError(undefined);
    try {
      useSession.getState().set(await api.keychain.unlock());
    } catch (caught) {
      if (hasCode(caught, 'VAULT_ROLLED_BACK')) props.onOlder(caught);
      else setError(caught);
      setBusy(false);
    }
  };

  if (keychain?.state === 'due') return <p className={cx(text.small, text.quiet)}>{keychain.message}</p>;
  if (keychain?.state !== 'on') return null;
  return (
    <>
      <SubmitButton
        variant="default"
        size="md"
        fullWidth
        busy={busy}
        blocked={props.disabled}
        leftSection={<IconDeviceDesktop size={18} />}
        onClick={() => void unlock()}
      >
        {words.unlockWithThisComputer}
      </SubmitButton>
      {error !== undefined && <ErrorAlert error={error} />}
    </>
  );
}

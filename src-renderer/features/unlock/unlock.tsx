import { useState } from 'react';
import { Alert, Stack, Title } from '@mantine/core';
import { IconAlertTriangle, IconLockOpen } from '@tabler/icons-react';
import type { SessionView } from '../../../shared/contract/session-views.ts';
import { texts } from '../../../shared/texts/texts.ts';
import { api } from '../../client/api.ts';
import { errorText, hasCode } from '../../client/error-text.ts';
import { useSession } from '../../state/session.ts';
import { AlarmBanner } from '../../ui/alarm-banner.tsx';
import { cx } from '../../ui/cx.ts';
import { ErrorAlert } from '../../ui/error-alert.tsx';
import { PassphraseField } from '../../ui/form/passphrase-field.tsx';
import { SubmitButton } from '../../ui/form/submit-button.tsx';
import { Gate } from '../../ui/gate.tsx';
import text from '../../ui/text.module.css';
import { KeychainUnlock } from './keychain-unlock.tsx';
import styles from './unlock.module.css';
import { RestoredBackup } from './restored-backup.tsx';

const words = texts.unlock.unlock;

/** Stands for "nothing was typed": always the same, so that the focus is taken back once. */
const empty = {};

/** Opens the vault with the passphrase, and says why it is closed. */
export function Unlock({ session }: { readonly session: SessionView }) {
  const [passphrase, setPassphrase] = useState('');
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>();
  /** Tried without a passphrase. */
  const [isEmpty, setEmpty] = useState(false);
  const isWrong = hasCode(error, 'VAULT_WRONG_PASSPHRASE');
  const isOlder = hasCode(error, 'VAULT_ROLLED_BACK');

  const unlock = async ({ acceptRestored }: { readonly acceptRestored: boolean }) => {
    setBusy(true);
    // The question stays where it is while its answer is on the way.
    if (!acceptRestored) setError(undefined);
    try {
      useSession.getState().set(await api.session.unlock({ passphrase, acceptRestored }));
    } catch (caught) {
      setError(caught);
      setBusy(false);
    }
  };

  return (
    <Gate headline={words.whoMayInstallWhat} text={words.issueScopeAndRevoke}>
      <form
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          if (busy) return;
          if (passphrase === '') setEmpty(true);
          else void unlock({ acceptRestored: false });
        }}
      >
        <Stack gap="md">
          <div>
            <Title order={1}>{words.unlock}</Title>
            <p className={text.quiet}>{words.why[session.lockedBecause ?? 'start']}</p>
          </div>
          <AlarmBanner alarms={session.alarms} />
          {session.vault === 'damaged' && <DamagedVault notices={session.notices} />}
          {/* The screen has this one purpose; the focus starts where one types. */}
          <PassphraseField
            label={words.passphrase}
            autoFocus
            size="md"
            busy={busy}
            value={passphrase}
            onChange={(value) => {
              setPassphrase(value);
              if (isWrong || isEmpty) setError(undefined);
              setEmpty(false);
            }}
            refusal={isEmpty ? empty : isWrong ? error : undefined}
            problem={isEmpty ? texts.parts.passphrase.enter : isWrong ? errorText(error).text : undefined}
          />
          {isOlder && (
            <RestoredBackup
              error={error}
              busy={busy}
              canConfirm={passphrase !== ''}
              onConfirm={() => void unlock({ acceptRestored: true })}
            />
          )}
          {error !== undefined && !isWrong && !isOlder && <ErrorAlert error={error} />}
          <SubmitButton
            size="md"
            fullWidth
            busy={busy}
            blocked={false}
            leftSection={<IconLockOpen size={18} />}
          >
            {words.unlock}
          </SubmitButton>
          <KeychainUnlock disabled={busy} onOlder={setError} />
          <div aria-live="polite" className={cx(text.small, text.quiet, styles.hint)}>
            {busy ? words.derivingTheKeyThis : ''}
          </div>
        </Stack>
      </form>
    </Gate>
  );
}

function DamagedVault({ notices }: { readonly notices: readonly string[] }) {
  return (
    <Alert color="red" icon={<IconAlertTriangle size={18} />} title={words.theVaultOnThis} role="alert">
      <p>{words.nothingWasChangedOr}</p>
      {notices.map((notice) => (
        <p key={notice} className={cx(text.small, styles.next)}>
          {notice}
        </p>
      ))}
    </Alert>
  );
}

import { useState } from 'react';
import { Alert, Button, PasswordInput, Stack, Title } from '@mantine/core';
import { IconAlertTriangle, IconLockOpen } from '@tabler/icons-react';
import type { SessionView } from '../../../shared/contract/session-views.ts';
import { api } from '../../client/api.ts';
import { errorText, hasCode } from '../../client/error-text.ts';
import { useSession } from '../../state/session.ts';
import { AlarmBanner } from '../../ui/alarm-banner.tsx';
import { ErrorAlert } from '../../ui/error-alert.tsx';
import { Gate } from '../../ui/gate.tsx';
import { KeychainUnlock } from './keychain-unlock.tsx';
import { RestoredBackup } from './restored-backup.tsx';

const why: Record<NonNullable<SessionView['lockedBecause']>, string> = {
  start: 'Enter the passphrase of this vault.',
  hand: 'You locked the vault.',
  idle: 'Locked because nobody used it for a while.',
  suspend: 'Locked because the computer went to sleep.',
  'screen-lock': 'Locked together with the screen.',
};

/** Opens the vault with the passphrase, and says why it is closed. */
export function Unlock({ session }: { readonly session: SessionView }) {
  const [passphrase, setPassphrase] = useState('');
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>();
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
    <Gate
      headline="Who may install what, from where, until when."
      text="Issue, scope and revoke the tokens with which people and machines install packages."
    >
      <form
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          if (passphrase !== '' && !busy) void unlock({ acceptRestored: false });
        }}
      >
        <Stack gap="md">
          <div>
            <Title order={1}>Unlock</Title>
            <p className="lk-quiet">{why[session.lockedBecause ?? 'start']}</p>
          </div>
          <AlarmBanner alarms={session.alarms} />
          {session.vault === 'damaged' && <DamagedVault notices={session.notices} />}
          <PasswordInput
            label="Passphrase"
            name="passphrase"
            autoComplete="current-password"
            // The screen has this one purpose; the focus starts where one types.
            data-autofocus
            autoFocus
            size="md"
            disabled={busy}
            value={passphrase}
            onChange={(event) => setPassphrase(event.currentTarget.value)}
            error={isWrong ? errorText(error).text : undefined}
            errorProps={{ role: 'alert' }}
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
          <Button
            type="submit"
            size="md"
            fullWidth
            loading={busy}
            disabled={passphrase === ''}
            leftSection={<IconLockOpen size={18} />}
          >
            Unlock
          </Button>
          <KeychainUnlock disabled={busy} onOlder={setError} />
          <div aria-live="polite" className="lk-small lk-quiet" style={{ minHeight: '1.5em' }}>
            {busy ? 'Deriving the key. This takes about a second, so that guessing is slow.' : ''}
          </div>
        </Stack>
      </form>
    </Gate>
  );
}

function DamagedVault({ notices }: { readonly notices: readonly string[] }) {
  return (
    <Alert
      color="red"
      icon={<IconAlertTriangle size={18} />}
      title="The vault on this computer is damaged"
      role="alert"
    >
      <p>
        Nothing was changed or deleted. Keep a copy of the data folder before you do anything else, then
        restore the files from a backup. You can still try the passphrase: Latchkey says which part cannot be
        read.
      </p>
      {notices.map((notice) => (
        <p key={notice} className="lk-small" style={{ marginTop: 6 }}>
          {notice}
        </p>
      ))}
    </Alert>
  );
}

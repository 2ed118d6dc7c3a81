import { useState } from 'react';
import { Button, Stack, TextInput } from '@mantine/core';
import { LayerModal } from '../../ui/layered.tsx';
import type { TokenView } from '../../../shared/contract/token-views.ts';
import { api } from '../../client/api.ts';
import { useTokens } from '../../state/tokens.ts';
import { ErrorAlert } from '../../ui/error-alert.tsx';
import { plural } from '../../ui/format.ts';
import { StateBadge } from '../../ui/state-badge.tsx';
import { tellSuccess } from '../../ui/tell.ts';

/** Rows that are listed; of more, the number is told. */
const listedTokens = 50;

/** Ends one token or several for good. Needs a reason; Cancel is the default. */
export function RevokeDialog(props: { readonly tokens: readonly TokenView[]; readonly onClose: () => void }) {
  const { tokens } = props;
  const [reason, setReason] = useState('');
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>();
  const what = tokens.length === 1 ? `lk-${tokens[0]?.id}` : plural(tokens.length, 'token');

  const revoke = async () => {
    setBusy(true);
    setError(undefined);
    try {
      const outcome = await api.tokens.revoke({
        ids: tokens.map((token) => token.id),
        reason: reason.trim(),
      });
      const already = outcome.alreadyRevoked.length;
      tellSuccess(
        `Revoked ${plural(outcome.revoked.length, 'token')}.` +
          (already === 0 ? '' : ` ${plural(already, 'token')} had been revoked before.`),
      );
      useTokens.getState().clearSelection();
      props.onClose();
    } catch (caught) {
      setError(caught);
      setBusy(false);
    }
  };

  return (
    <LayerModal
      opened
      title={tokens.length === 1 ? 'Revoke token' : 'Revoke tokens'}
      size="lg"
      zIndex={210}
      onClose={props.onClose}
    >
      <form
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          if (reason.trim() !== '') void revoke();
        }}
      >
        <Stack gap="md">
          <p>
            From the next second on the gateway refuses{' '}
            {tokens.length === 1 ? 'this token' : `these ${tokens.length} tokens`}. This cannot be undone; a
            holder who needs access again gets a new token.
          </p>
          <div
            className="lk-card lk-scroll"
            style={{ maxHeight: 230 }}
            tabIndex={0}
            role="region"
            aria-label="What will be revoked"
          >
            <table className="lk-table">
              <tbody>
                {tokens.slice(0, listedTokens).map((token) => (
                  <tr key={token.id}>
                    <td className="lk-mono" style={{ width: 120 }}>
                      lk-{token.id}
                    </td>
                    <td className="lk-nowrap">{token.holder.name}</td>
                    <td className="lk-nowrap lk-quiet">
                      {token.teamName} · {token.environmentName}
                    </td>
                    <td style={{ width: 116 }}>
                      <StateBadge state={token.state} />
                    </td>
                  </tr>
                ))}
              </tbody>
            </table>
            {tokens.length > listedTokens && (
              <p className="lk-quiet lk-small" style={{ padding: '8px 12px' }}>
                … and {tokens.length - listedTokens} more.
              </p>
            )}
          </div>
          <TextInput
            label="Reason"
            description="Recorded in the audit log, and sent to clients that still use the token."
            placeholder="Left the team"
            maxLength={200}
            value={reason}
            onChange={(event) => setReason(event.currentTarget.value)}
          />
          {error !== undefined && <ErrorAlert error={error} />}
        </Stack>
        <div className="lk-form-foot">
          <Button variant="default" onClick={props.onClose} data-autofocus>
            Cancel
          </Button>
          <Button
            type="submit"
            color="red"
            loading={busy}
            disabled={reason.trim() === ''}
            aria-label={`Revoke ${what}`}
          >
            Revoke {what}
          </Button>
        </div>
      </form>
    </LayerModal>
  );
}

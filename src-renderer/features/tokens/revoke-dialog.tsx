import { useState } from 'react';
import { TextInput } from '@mantine/core';
import type { TokenView } from '../../../shared/contract/token-views.ts';
import { texts } from '../../../shared/texts/texts.ts';
import { api } from '../../client/api.ts';
import { useTokens } from '../../state/tokens.ts';
import card from '../../ui/card.module.css';
import { cx } from '../../ui/cx.ts';
import { FormOverlay } from '../../ui/form/form-overlay.tsx';
import { plural } from '../../ui/format.ts';
import { StateBadge } from '../../ui/state-badge.tsx';
import { tellSuccess } from '../../ui/tell.ts';
import text from '../../ui/text.module.css';
import styles from './revoke-dialog.module.css';

/** Rows that are listed; of more, the number is told. */
const listedTokens = 50;

/** Ends one token or several for good. Needs a reason; Cancel is the default. */
export function RevokeDialog(props: { readonly tokens: readonly TokenView[]; readonly onClose: () => void }) {
  const { tokens } = props;
  const [reason, setReason] = useState('');
  const what = tokens.length === 1 ? `lk-${tokens[0]?.id}` : plural(tokens.length, 'token');

  const revoke = async () => {
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
  };

  return (
    <FormOverlay
      title={tokens.length === 1 ? 'Revoke token' : 'Revoke tokens'}
      size="lg"
      submit={`Revoke ${what}`}
      draft={{ reason }}
      missing={reason.trim() === '' ? texts.parts.missing.reason : undefined}
      onSubmit={revoke}
      onClose={props.onClose}
      isDestructive
    >
      <p>
        From the next second on the gateway refuses{' '}
        {tokens.length === 1 ? 'this token' : `these ${tokens.length} tokens`}. This cannot be undone; a
        holder who needs access again gets a new token.
      </p>
      <div
        className={cx(card.card, styles.list)}
        tabIndex={0}
        role="region"
        aria-label="What will be revoked"
      >
        <table className={styles.tokens}>
          <tbody>
            {tokens.slice(0, listedTokens).map((token) => (
              <tr key={token.id}>
                <td className={text.mono}>lk-{token.id}</td>
                <td className={text.oneLine}>{token.holder.name}</td>
                <td className={cx(text.oneLine, text.quiet)}>
                  {token.teamName} · {token.environmentName}
                </td>
                <td>
                  <StateBadge state={token.state} />
                </td>
              </tr>
            ))}
          </tbody>
        </table>
        {tokens.length > listedTokens && (
          <p className={cx(text.quiet, text.small, styles.more)}>
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
    </FormOverlay>
  );
}

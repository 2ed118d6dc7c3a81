import { useEffect, useState } from 'react';
import { Button, Skeleton } from '@mantine/core';
import type { VaultView } from '../../../shared/contract/vault-views.ts';
import { api } from '../../client/api.ts';
import { useChanges } from '../../state/changes.ts';
import { useAnswer } from '../../state/use-answer.ts';
import { ConfirmDialog } from '../../ui/confirm-dialog.tsx';
import { ErrorAlert } from '../../ui/error-alert.tsx';
import { exactTime, formatCount, plural } from '../../ui/format.ts';
import { tellSuccess } from '../../ui/tell.ts';
import card from '../../ui/card.module.css';
import styles from './vault-section.module.css';
import { VerifyLog } from './verify-log.tsx';
import { cx } from '../../ui/cx.ts';
import facts from '../../ui/facts.module.css';
import text from '../../ui/text.module.css';

/** While lines are checked in the background; nobody tells that. */
const askEveryMs = 3000;

/** The log behind everything: how long, of which format, what in it counts for nothing, and whether it is whole. */
export function VaultSection() {
  const seq = useChanges((state) => state.seq);
  // Every line counts here, also one that changes nothing else.
  const { value: vault, problem, retry } = useAnswer(`${seq}`, () => api.vault.info(), { causes: [] });
  const [upgrading, setUpgrading] = useState(false);
  const isChecking = vault?.background.done === false;
  useEffect(() => {
    if (!isChecking) return undefined;
    const timer = window.setInterval(retry, askEveryMs);
    return () => window.clearInterval(timer);
  }, [isChecking, retry]);
  if (problem !== undefined) return <ErrorAlert error={problem} onRetry={retry} />;
  if (vault === undefined) return <Skeleton height={96} aria-busy="true" />;
  const { declared, supported } = vault.format;
  return (
    <>
      <dl className={facts.facts}>
        <dt>Lines</dt>
        <dd>{formatCount(vault.seq)}</dd>
        <dt>Format</dt>
        <dd>
          {declared === supported
            ? `${declared}, the newest`
            : `${declared}; this Latchkey can write up to ${supported}`}
        </dd>
        <dt>Checked</dt>
        <dd>
          {vault.background.done
            ? 'Every line'
            : `${formatCount(vault.background.checked)} of ${formatCount(vault.seq)} lines; the rest follows in the background`}
        </dd>
      </dl>
      {declared < supported && (
        <div>
          <Button variant="default" onClick={() => setUpgrading(true)}>
            Upgrade the vault…
          </Button>
        </div>
      )}
      <VoidLines vault={vault} />
      <VerifyLog />
      {upgrading && (
        <ConfirmDialog
          title="Upgrade the vault"
          confirm={`Upgrade to format ${supported}`}
          onConfirm={async () => {
            await api.vault.upgrade();
            tellSuccess(`The vault has format ${supported} now.`);
            retry();
          }}
          onClose={() => setUpgrading(false)}
        >
          <p>
            From then on an older Latchkey can no longer open this vault: it says that it needs a newer
            version. Update every computer of your organization first. This cannot be undone.
          </p>
        </ConfirmDialog>
      )}
    </>
  );
}

/** Lines that somebody signed but was not allowed to write, or that do not fit: without effect, and kept. */
function VoidLines({ vault }: { readonly vault: VaultView }) {
  const { voidLines, voidCount } = vault;
  if (voidCount === 0) return null;
  return (
    <div>
      <p>
        <strong>{plural(voidCount, 'line')} without effect.</strong>{' '}
        <span className={text.quiet}>
          Signed, but not allowed or not fitting. Ask the signer what they meant to do.
          {voidCount > voidLines.length && ` The newest ${voidLines.length} are listed.`}
        </span>
      </p>
      <div
        className={cx(card.card, styles.lines)}
        tabIndex={0}
        role="region"
        aria-label="Lines without effect"
      >
        <ul>
          {voidLines.map(({ line, signer, atMs, why }) => (
            <li key={line}>
              {why}
              <div className={cx(text.small, text.quiet)}>
                Line {formatCount(line)}, signed by {signer}
                {atMs !== undefined && `, ${exactTime(atMs)}`}
              </div>
            </li>
          ))}
        </ul>
      </div>
    </div>
  );
}

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
import { texts } from '../../../shared/texts/texts.ts';

const words = texts.settings.vaultSection;

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
        <dt>{words.lines}</dt>
        <dd>{formatCount(vault.seq)}</dd>
        <dt>{words.format}</dt>
        <dd>
          {declared === supported
            ? words.theNewest(declared)
            : words.thisLatchkeyCanWrite(declared, supported)}
        </dd>
        <dt>{words.checked}</dt>
        <dd>
          {vault.background.done
            ? words.everyLine
            : words.ofLinesTheRest(formatCount(vault.background.checked), formatCount(vault.seq))}
        </dd>
      </dl>
      {declared < supported && (
        <div>
          <Button variant="default" onClick={() => setUpgrading(true)}>
            {words.upgradeTheVault}
          </Button>
        </div>
      )}
      <VoidLines vault={vault} />
      <VerifyLog />
      {upgrading && (
        <ConfirmDialog
          title={words.upgradeTheVault2}
          confirm={words.upgradeToFormat(supported)}
          onConfirm={async () => {
            await api.vault.upgrade();
            tellSuccess(words.theVaultHasFormat(supported));
            retry();
          }}
          onClose={() => setUpgrading(false)}
        >
          <p>{words.fromThenOnAn}</p>
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
        <strong>{words.withoutEffect(plural(voidCount, 'line'))}</strong>{' '}
        <span className={text.quiet}>
          {words.signedButNotAllowed}
          {voidCount > voidLines.length && words.theNewestAreListed(voidLines.length)}
        </span>
      </p>
      <div
        className={cx(card.card, styles.lines)}
        tabIndex={0}
        role="region"
        aria-label={words.linesWithoutEffect}
      >
        <ul>
          {voidLines.map(({ line, signer, atMs, why }) => (
            <li key={line}>
              {why}
              <div className={cx(text.small, text.quiet)}>
                {words.line}
                {formatCount(line)}
                {words.signedBy}
                {signer}
                {atMs !== undefined && `, ${exactTime(atMs)}`}
              </div>
            </li>
          ))}
        </ul>
      </div>
    </div>
  );
}

import { useEffect, useState } from 'react';
import { Alert, Button, Progress } from '@mantine/core';
import { IconCircleCheck, IconShieldX } from '@tabler/icons-react';
import type { VerifyView } from '../../../shared/contract/vault-views.ts';
import { useVerify } from '../../state/verify.ts';
import styles from './verify-log.module.css';
import { ErrorAlert } from '../../ui/error-alert.tsx';
import { formatCount, plural } from '../../ui/format.ts';
import { tellFailure } from '../../ui/tell.ts';
import { cx } from '../../ui/cx.ts';
import text from '../../ui/text.module.css';
import { texts } from '../../../shared/texts/texts.ts';

const words = texts.settings.verifyLog;

/** Checks every signature and link of the log from its first line on; goes on while other screens are shown. */
export function VerifyLog() {
  const { check, load, start, cancel } = useVerify();
  const [error, setError] = useState<unknown>();
  useEffect(() => {
    load().catch(tellFailure);
  }, [load]);
  const act = (action: () => Promise<void>) => {
    setError(undefined);
    action().catch(setError);
  };
  const isRunning = check?.state === 'running';
  return (
    <div>
      {isRunning ? (
        <Button variant="default" onClick={() => act(cancel)}>
          {words.cancelTheCheck}
        </Button>
      ) : (
        <Button variant="default" onClick={() => act(start)}>
          {words.checkTheWholeLog}
        </Button>
      )}
      <div className={styles.outcome} aria-live="polite">
        {check !== undefined && <Outcome check={check} />}
        {error !== undefined && <ErrorAlert error={error} />}
      </div>
    </div>
  );
}

function Outcome({ check }: { readonly check: VerifyView }) {
  const { state, checked, total, voidCount } = check;
  switch (state) {
    case 'idle':
      return null;
    case 'running':
      return (
        <>
          <Progress
            value={total === 0 ? 0 : (100 * checked) / total}
            size="sm"
            mb={6}
            aria-label={words.linesChecked}
          />
          <p className={cx(text.small, text.quiet)} aria-hidden="true">
            {words.ofWord(formatCount(checked), plural(total, 'line'))}
          </p>
        </>
      );
    case 'cancelled':
      return (
        <p className={cx(text.small, text.quiet)}>
          {words.cancelledAfterOfThose(formatCount(checked), plural(total, 'line'))}
        </p>
      );
    case 'failed':
      return (
        <Alert color="red" icon={<IconShieldX size={18} />} title={words.theLogIsNot} role="alert">
          {check.problem ?? words.theCheckCouldNot}
          {words.keepACopyOf}
        </Alert>
      );
    case 'done':
      return (
        <Alert color="teal" icon={<IconCircleCheck size={18} />} title={words.theLogIsWhole}>
          {plural(checked, 'line')}
          {words.checkedEverySignatureAnd}
          {voidCount > 0 && words.ofThemHaveNo(plural(voidCount, 'line'))}
        </Alert>
      );
  }
}

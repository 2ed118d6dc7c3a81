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
          Cancel the check
        </Button>
      ) : (
        <Button variant="default" onClick={() => act(start)}>
          Check the whole log
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
            aria-label="Lines checked"
          />
          <p className={cx(text.small, text.quiet)} aria-hidden="true">
            {formatCount(checked)} of {plural(total, 'line')}
          </p>
        </>
      );
    case 'cancelled':
      return (
        <p className={cx(text.small, text.quiet)}>
          Cancelled after {formatCount(checked)} of {plural(total, 'line')}; those were in order.
        </p>
      );
    case 'failed':
      return (
        <Alert color="red" icon={<IconShieldX size={18} />} title="The log is not whole" role="alert">
          {check.problem ?? 'The check could not be finished.'} Keep a copy of the data folder before you do
          anything else.
        </Alert>
      );
    case 'done':
      return (
        <Alert color="teal" icon={<IconCircleCheck size={18} />} title="The log is whole">
          {plural(checked, 'line')} checked: every signature and every link is valid.
          {voidCount > 0 && ` ${plural(voidCount, 'line')} of them have no effect.`}
        </Alert>
      );
  }
}

import { Alert, Button } from '@mantine/core';
import { IconCircleCheck, IconShieldX } from '@tabler/icons-react';
import type { CacheVerifyView } from '../../../shared/contract/cache-views.ts';
import { texts } from '../../../shared/texts/texts.ts';
import { api } from '../../client/api.ts';
import type { HostJob } from '../../state/use-host-job.ts';
import { useHostJob } from '../../state/use-host-job.ts';
import card from '../../ui/card.module.css';
import { CheckProgress } from '../../ui/check-progress.tsx';
import { cx } from '../../ui/cx.ts';
import { ErrorAlert } from '../../ui/error-alert.tsx';
import { formatBytes, formatCount } from '../../ui/format.ts';
import text from '../../ui/text.module.css';
import styles from './cache.module.css';

const words = texts.cacheScreen.verify;
const job: HostJob<'cache.verifying'> = {
  event: 'cache.verifying',
  status: api.cache.verifyStatus,
  start: api.cache.verify,
  cancel: api.cache.cancelVerify,
};

/** Reads every file anew; damaged ones are put aside. */
export function CheckCard() {
  const { view: check, problem, start, cancel } = useHostJob(job);
  return (
    <section className={card.card} aria-labelledby="cache-check">
      <header className={card.head}>
        <h2 id="cache-check">{words.title}</h2>
        {check?.state === 'running' ? (
          <Button size="xs" variant="default" onClick={cancel}>
            {words.cancel}
          </Button>
        ) : (
          <Button size="xs" variant="default" onClick={start}>
            {words.button}
          </Button>
        )}
      </header>
      <div className={cx(card.body, styles.lines)} aria-live="polite">
        <p className={text.quiet}>{words.lead}</p>
        {problem !== undefined && <ErrorAlert error={problem} />}
        {check !== undefined && <Outcome check={check} />}
      </div>
    </section>
  );
}

function Outcome({ check }: { readonly check: CacheVerifyView }) {
  const { state, files, totalFiles, bytes, damaged, damagedCount } = check;
  switch (state) {
    case 'idle':
      return null;
    case 'running':
      return (
        <CheckProgress
          label={words.checked}
          done={files}
          total={totalFiles}
          words={words.progress(formatCount(files), formatCount(totalFiles), formatBytes(bytes))}
        />
      );
    case 'cancelled':
      return <p className={cx(text.small, text.quiet)}>{words.cancelled(files)}</p>;
    case 'failed':
      return (
        <Alert color="red" icon={<IconShieldX size={18} />} title={words.failed} role="alert">
          {check.problem}
        </Alert>
      );
    case 'done':
      return damagedCount === 0 ? (
        <Alert color="teal" icon={<IconCircleCheck size={18} />} title={words.whole}>
          {words.wholeText(files, formatBytes(bytes))}
        </Alert>
      ) : (
        <Alert color="red" icon={<IconShieldX size={18} />} title={words.damaged(damagedCount)} role="alert">
          {damaged.map((hash) => (
            <div key={hash} className={cx(text.mono, text.wrap)}>
              {hash}
            </div>
          ))}
        </Alert>
      );
  }
}

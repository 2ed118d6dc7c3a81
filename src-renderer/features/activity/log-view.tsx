import { useState } from 'react';
import { Alert, Button } from '@mantine/core';
import { IconAlertTriangle } from '@tabler/icons-react';
import { texts } from '../../../shared/texts/texts.ts';
import { api } from '../../client/api.ts';
import { useAnswer } from '../../state/use-answer.ts';
import { useWhyNot } from '../../state/why-not.ts';
import card from '../../ui/card.module.css';
import { ErrorAlert } from '../../ui/error-alert.tsx';
import facts from '../../ui/facts.module.css';
import { exactTime, formatBytes, formatCount } from '../../ui/format.ts';
import { SkeletonRows } from '../../ui/page.tsx';
import styles from './activity.module.css';
import { CheckLogCard } from './check-log-card.tsx';
import { LookUpsCard } from './look-ups-card.tsx';
import { PruneDialog } from './prune-dialog.tsx';
import { RetentionDialog } from './retention-dialog.tsx';
import { WritingAlert } from './writing-alert.tsx';

const words = texts.activity.log;

/** The log itself: how much there is, how long it is kept, whether it is whole, and who looked somebody up. */
export function LogView() {
  const { value, problem, retry } = useAnswer('status', () => api.log.status(), { causes: ['log', 'usage'] });
  const [isChanging, setChanging] = useState(false);
  const [isPruning, setPruning] = useState(false);
  const whyNot = useWhyNot('log.setRetention');
  return (
    <div className={styles.screen}>
      {problem !== undefined && <ErrorAlert error={problem} onRetry={retry} />}
      <WritingAlert />
      {value !== undefined && value.dropped > 0 && (
        <Alert color="yellow" icon={<IconAlertTriangle size={18} />} title={words.dropped} role="alert">
          {words.droppedText(value.dropped)}
        </Alert>
      )}
      {value !== undefined && (value.roomToMs !== undefined || value.doubtedClock !== undefined) && (
        <Alert color="yellow" icon={<IconAlertTriangle size={18} />} title={words.notAsSet} role="alert">
          {value.roomToMs !== undefined && words.goneForRoom(exactTime(value.roomToMs))}{' '}
          {value.doubtedClock !== undefined &&
            words.clockDoubted(exactTime(value.doubtedClock.clockMs), value.doubtedClock.daysLeft)}
        </Alert>
      )}
      {value !== undefined && value.asideCount > 0 && (
        <Alert color="yellow" icon={<IconAlertTriangle size={18} />} title={words.damaged} role="alert">
          {texts.requestLog.areAside(value.asideCount, value.aside)}
        </Alert>
      )}
      <section className={card.card} aria-labelledby="request-log">
        <header className={card.head}>
          <h2 id="request-log">{words.title}</h2>
          <div className={styles.end}>
            <Button
              size="xs"
              variant="default"
              disabled={whyNot !== undefined}
              title={whyNot}
              onClick={() => setPruning(true)}
            >
              {words.prune}
            </Button>
            <Button
              size="xs"
              variant="default"
              disabled={value === undefined || whyNot !== undefined}
              title={whyNot}
              onClick={() => setChanging(true)}
            >
              {words.change}
            </Button>
          </div>
        </header>
        {value === undefined && problem === undefined && <SkeletonRows rows={3} />}
        {value !== undefined && (
          <div className={card.body}>
            <dl className={facts.facts}>
              <dt>{words.rows}</dt>
              <dd>{formatCount(value.rows)}</dd>
              <dt>{words.size}</dt>
              <dd>
                {words.sizeOf(formatBytes(value.rowsBytes), value.rowsDays)};{' '}
                {words.atMost(formatCount(value.maxBytes / 2 ** 30), formatBytes(value.maxBytes))}
              </dd>
              <dt>{words.sums}</dt>
              <dd>{words.sizeOf(formatBytes(value.rollupBytes), value.rollupDays)}</dd>
              <dt>{words.anchored}</dt>
              <dd>{value.anchoredAtMs === undefined ? words.notAnchored : exactTime(value.anchoredAtMs)}</dd>
              <dt>{words.kept}</dt>
              <dd>{words.keptFor(value.retention)}</dd>
            </dl>
          </div>
        )}
      </section>
      <CheckLogCard />
      <LookUpsCard />
      {isChanging && value !== undefined && (
        <RetentionDialog saved={value.retention} onClose={() => setChanging(false)} />
      )}
      {isPruning && <PruneDialog onDone={retry} onClose={() => setPruning(false)} />}
    </div>
  );
}

import { useState } from 'react';
import { Alert, Button, Progress } from '@mantine/core';
import { IconAlertTriangle, IconTrash } from '@tabler/icons-react';
import type { PurgeRuleInput } from '../../../shared/contract/cache-views.ts';
import { texts } from '../../../shared/texts/texts.ts';
import { api } from '../../client/api.ts';
import { routeHash } from '../../state/route.ts';
import { useAnswer } from '../../state/use-answer.ts';
import { useWhyNot } from '../../state/why-not.ts';
import card from '../../ui/card.module.css';
import { cx } from '../../ui/cx.ts';
import { ErrorAlert } from '../../ui/error-alert.tsx';
import { formatBytes, formatCount } from '../../ui/format.ts';
import { Page, SkeletonRows } from '../../ui/page.tsx';
import text from '../../ui/text.module.css';
import { CheckCard } from './check-card.tsx';
import styles from './cache.module.css';
import { DeniedCard } from './denied-card.tsx';
import { FilesCard } from './files-card.tsx';
import { PurgeDialog } from './purge-dialog.tsx';

const words = texts.cacheScreen;
type Status = Awaited<ReturnType<typeof api.cache.status>>;

/** What gateways of this computer keep: how much, how often it helped, and ways to be rid of it. */
export function CacheScreen() {
  const { value, problem, retry } = useAnswer('status', () => api.cache.status(), { causes: ['usage'] });
  const [purging, setPurging] = useState<PurgeRuleInput['type']>();
  // What was taken away is read anew, by every part of the screen.
  const [gone, setGone] = useState(0);
  const whyNot = useWhyNot('cache.purge');
  return (
    <Page
      title={words.title}
      lead={words.lead}
      action={
        <Button
          variant="default"
          leftSection={<IconTrash size={17} aria-hidden="true" />}
          disabled={whyNot !== undefined || value === undefined || value.files + value.documents === 0}
          title={whyNot}
          onClick={() => setPurging('unused')}
        >
          {words.empty}
        </Button>
      }
    >
      <div className={styles.screen}>
        {problem !== undefined && <ErrorAlert error={problem} onRetry={retry} />}
        {value === undefined && problem === undefined && (
          <div className={card.card}>
            <SkeletonRows rows={2} />
          </div>
        )}
        {value !== undefined && <Numbers status={value} />}
        <DeniedCard key={`denied ${gone}`} mayPurge={whyNot} onPurge={() => setPurging('denied')} />
        <FilesCard key={`files ${gone}`} />
        <CheckCard />
      </div>
      {purging !== undefined && (
        <PurgeDialog
          type={purging}
          onDone={() => {
            setGone((before) => before + 1);
            retry();
          }}
          onClose={() => setPurging(undefined)}
        />
      )}
    </Page>
  );
}

function Numbers({ status }: { readonly status: Status }) {
  const { files, bytes, documents, documentBytes, maxBytes, days, hits, misses, hitBytes, damaged } = status;
  const asked = hits + misses;
  return (
    <>
      {maxBytes === 0 && (
        <Alert color="yellow" icon={<IconAlertTriangle size={18} />} title={words.off}>
          {words.offText} <a href={routeHash('settings')}>{words.settings}</a>
        </Alert>
      )}
      {damaged > 0 && (
        <Alert color="red" icon={<IconAlertTriangle size={18} />} title={words.damaged} role="alert">
          {words.damagedText(damaged)}
        </Alert>
      )}
      <section className={card.card} aria-label={words.size}>
        <dl className={styles.numbers}>
          <div>
            <dt>{words.size}</dt>
            <dd className={styles.big}>{formatBytes(bytes)}</dd>
            <dd className={cx(text.small, text.quiet)}>
              {words.filesOf(files)}
              {maxBytes > 0 && (
                <>, {words.most(formatCount(maxBytes / 1024 ** 3), formatBytes(maxBytes))}</>
              )}{' '}
              · <a href={routeHash('settings')}>{words.settings}</a>
            </dd>
            {documents > 0 && (
              <dd className={cx(text.small, text.quiet)}>
                {words.documents(documents, formatBytes(documentBytes))}
              </dd>
            )}
          </div>
          <div>
            <dt>{words.ratio}</dt>
            <dd className={styles.big}>{asked === 0 ? '–' : words.ratioOf(hits, asked)}</dd>
            <dd className={cx(text.small, text.quiet)}>
              {asked === 0 ? words.notAsked : words.ratioText(formatCount(hits), formatCount(asked), days)}
            </dd>
          </div>
          <div>
            <dt>{words.saved}</dt>
            <dd className={styles.big}>{formatBytes(hitBytes)}</dd>
          </div>
        </dl>
        {maxBytes > 0 && (
          <div className={styles.meter}>
            <Progress value={Math.min(100, (100 * bytes) / maxBytes)} size="sm" aria-label={words.used} />
          </div>
        )}
      </section>
    </>
  );
}

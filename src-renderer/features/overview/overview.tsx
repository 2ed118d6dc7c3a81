import { Skeleton } from '@mantine/core';
import { IconKey } from '@tabler/icons-react';
import { useDirectory } from '../../state/directory.ts';
import { useGateway } from '../../state/gateway.ts';
import { navigate, routeHash } from '../../state/route.ts';
import { useSummary } from '../../state/summary.ts';
import type { TokenState } from '../../../shared/model/domain.ts';
import type { Tone } from '../../ui/dot.tsx';
import { Dot } from '../../ui/dot.tsx';
import { ErrorAlert } from '../../ui/error-alert.tsx';
import { formatCount } from '../../ui/format.ts';
import { Page } from '../../ui/page.tsx';
import { RequestChart } from '../../ui/request-chart.tsx';
import { Checklist } from './checklist.tsx';
import styles from './overview.module.css';
import { NewButton } from '../lists/new-button.tsx';
import { ExpiringSoonest } from './expiring-soonest.tsx';
import card from '../../ui/card.module.css';
import { cx } from '../../ui/cx.ts';
import text from '../../ui/text.module.css';
import { texts } from '../../../shared/texts/texts.ts';

const words = texts.overview.overview;
const { counters } = texts.gateway.screen;

const tiles: readonly { readonly state: TokenState; readonly label: string; readonly tone: Tone }[] = [
  { state: 'active', label: words.activeTokens, tone: 'allow' },
  { state: 'expiring', label: words.expiringSoon, tone: 'soon' },
  { state: 'expired', label: words.expired, tone: 'quiet' },
  { state: 'revoked', label: words.revoked, tone: 'deny' },
];

/** What an admin wants to know first. */
export function Overview() {
  const { countByState, problem, load } = useSummary();
  const { teams, channels, loaded } = useDirectory();
  const isKnown = loaded.teams === true && loaded.channels === true;
  const total = Object.values(countByState ?? {}).reduce((sum, count) => sum + count, 0);
  const isNew = isKnown && countByState !== undefined && total === 0;

  return (
    <Page
      title={words.overview}
      lead={words.tokensWhatEndsSoon}
      action={
        <NewButton
          icon={<IconKey size={17} />}
          disabled={channels.length === 0 || teams.length === 0}
          onClick={() => navigate('tokens', 'new')}
        >
          {words.issueToken}
        </NewButton>
      }
    >
      {problem !== undefined && <ErrorAlert error={problem} onRetry={() => void load()} />}
      <div className={styles.tiles}>
        {tiles.map(({ state, label, tone }) => (
          <a
            key={state}
            className={cx(card.card, styles.tile)}
            href={routeHash('tokens', undefined, `state=${state}`)}
          >
            <span className={styles.label}>
              <Dot tone={tone} />
              {label}
            </span>
            <span className={styles.value}>
              {countByState === undefined ? (
                <Skeleton height={30} width={56} mt={4} />
              ) : (
                formatCount(countByState[state])
              )}
            </span>
          </a>
        ))}
      </div>
      <div className={styles.columns}>
        {isNew ? (
          <Checklist teams={teams.length} channels={channels.length} tokens={total} />
        ) : (
          <ExpiringSoonest />
        )}
        <GatewayActivity />
      </div>
    </Page>
  );
}

function GatewayActivity() {
  const gateway = useGateway((state) => state.gateway);
  return (
    <section className={card.card} aria-labelledby="gateway-activity">
      <header className={card.head}>
        <h2 id="gateway-activity">{words.gatewayLastTenMinutes}</h2>
        <a href={routeHash('gateway')} className={text.small}>
          {words.details}
        </a>
      </header>
      <div className={card.body}>
        {gateway === undefined ? (
          <Skeleton height={96} />
        ) : (
          <>
            <RequestChart history={gateway.history} />
            <div className={styles.counts}>
              {(
                [
                  [counters.allowed, gateway.allowed, 'allow'],
                  [counters.denied, gateway.denied, 'deny'],
                  [counters.errors, gateway.errors, 'quiet'],
                ] as const
              ).map(([label, value, tone]) => (
                <div key={label}>
                  <div className={styles.label}>
                    <Dot tone={tone} />
                    {label}
                  </div>
                  <div className={styles.count}>{formatCount(value)}</div>
                </div>
              ))}
            </div>
            <p className={cx(text.small, text.quiet)}>
              {gateway.running ? (
                <>
                  {words.runningAt}
                  <span className={text.mono}>{gateway.baseUrl}</span>
                </>
              ) : (
                (gateway.problem ?? words.theGatewayIsStopped)
              )}
            </p>
          </>
        )}
      </div>
    </section>
  );
}

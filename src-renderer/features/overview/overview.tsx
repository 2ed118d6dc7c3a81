import { Button, Skeleton } from '@mantine/core';
import { IconKey } from '@tabler/icons-react';
import { useDirectory } from '../../state/directory.ts';
import { useGateway } from '../../state/gateway.ts';
import { filterTokens } from '../../state/live.ts';
import { navigate, routeHash } from '../../state/route.ts';
import { useSummary } from '../../state/summary.ts';
import type { TokenState } from '../../../shared/model/domain.ts';
import { ErrorAlert } from '../../ui/error-alert.tsx';
import { formatCount } from '../../ui/format.ts';
import { Page } from '../../ui/page.tsx';
import { RequestChart } from '../../ui/request-chart.tsx';
import { Checklist } from './checklist.tsx';
import { ExpiringSoonest } from './expiring-soonest.tsx';

const tiles: readonly { readonly state: TokenState; readonly label: string; readonly color: string }[] = [
  { state: 'active', label: 'Active tokens', color: 'var(--lk-allow)' },
  { state: 'expiring', label: 'Expiring soon', color: '#d99a2b' },
  { state: 'expired', label: 'Expired', color: 'var(--lk-quiet)' },
  { state: 'revoked', label: 'Revoked', color: 'var(--lk-deny)' },
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
      title="Overview"
      lead="Tokens, what ends soon, and what the gateway does."
      action={
        <Button
          leftSection={<IconKey size={17} />}
          disabled={channels.length === 0 || teams.length === 0}
          onClick={() => navigate('tokens', 'new')}
        >
          Issue token
        </Button>
      }
    >
      {problem !== undefined && <ErrorAlert error={problem} onRetry={() => void load()} />}
      <div className="lk-tiles">
        {tiles.map(({ state, label, color }) => (
          <a
            key={state}
            className="lk-card lk-tile"
            href={routeHash('tokens')}
            onClick={() => filterTokens({ states: [state] })}
          >
            <span className="lk-tile-label">
              <span className="lk-dot" style={{ background: color, margin: 0 }} />
              {label}
            </span>
            <span className="lk-tile-value" style={{ display: 'block' }}>
              {countByState === undefined ? (
                <Skeleton height={30} width={56} mt={4} />
              ) : (
                formatCount(countByState[state])
              )}
            </span>
          </a>
        ))}
      </div>
      <div className="lk-columns">
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
    <section className="lk-card" aria-labelledby="gateway-activity">
      <header className="lk-card-head">
        <h2 id="gateway-activity">Gateway, last ten minutes</h2>
        <a href={routeHash('gateway')} className="lk-small">
          Details
        </a>
      </header>
      <div style={{ padding: '14px 16px 16px' }}>
        {gateway === undefined ? (
          <Skeleton height={96} />
        ) : (
          <>
            <RequestChart history={gateway.history} height={96} />
            <div style={{ display: 'flex', gap: 28, marginTop: 12 }}>
              {(
                [
                  ['Allowed', gateway.allowed, 'var(--lk-allow)'],
                  ['Denied', gateway.denied, 'var(--lk-deny)'],
                  ['Errors', gateway.errors, 'var(--lk-quiet)'],
                ] as const
              ).map(([label, value, color]) => (
                <div key={label}>
                  <div className="lk-tile-label">
                    <span className="lk-dot" style={{ background: color, margin: 0 }} />
                    {label}
                  </div>
                  <div style={{ fontSize: '1.125rem', fontWeight: 600 }}>{formatCount(value)}</div>
                </div>
              ))}
            </div>
            <p className="lk-small lk-quiet" style={{ marginTop: 10 }}>
              {gateway.running ? (
                <>
                  Running at <span className="lk-mono">{gateway.baseUrl}</span>
                </>
              ) : (
                (gateway.problem ?? 'The gateway is stopped: nobody can install through it.')
              )}
            </p>
          </>
        )}
      </div>
    </section>
  );
}

import { useEffect, useState } from 'react';
import { Alert, Button } from '@mantine/core';
import { IconAlertTriangle, IconPlayerPlay, IconPlayerStop } from '@tabler/icons-react';
import type { GatewayView } from '../../../shared/contract/gateway-views.ts';
import { texts } from '../../../shared/texts/texts.ts';
import { api } from '../../client/api.ts';
import { useGateway } from '../../state/gateway.ts';
import { ConfirmDialog } from '../../ui/confirm-dialog.tsx';
import { CopyButton } from '../../ui/copy-button.tsx';
import { formatBytes, formatCount, relativeTime } from '../../ui/format.ts';
import { Page, SkeletonRows } from '../../ui/page.tsx';
import { RequestChart } from '../../ui/request-chart.tsx';
import { tellFailure, tellSuccess } from '../../ui/tell.ts';
import { useNow } from '../../ui/use-now.ts';
import { RequestTable } from './request-table.tsx';
import { RestartNow } from './restart-now.tsx';

/** What the embedded gateway does, live. */
export function GatewayScreen() {
  const { gateway, set, load } = useGateway();
  const [busy, setBusy] = useState(false);
  const [stopping, setStopping] = useState(false);
  useEffect(() => {
    load().catch(tellFailure);
  }, [load]);

  const start = async () => {
    setBusy(true);
    try {
      const started = await api.gateway.start();
      set(started);
      if (started.running) tellSuccess(`The gateway runs at ${started.baseUrl}.`);
    } catch (error) {
      tellFailure(error);
    } finally {
      setBusy(false);
    }
  };
  const stop = async () => {
    set(await api.gateway.stop());
    tellSuccess('The gateway is stopped.');
  };

  return (
    <Page
      title="Gateway"
      lead="Stands between clients and channels, and enforces what tokens allow."
      action={
        gateway &&
        (gateway.running ? (
          <Button
            variant="default"
            leftSection={<IconPlayerStop size={17} />}
            onClick={() => setStopping(true)}
          >
            Stop gateway
          </Button>
        ) : (
          <Button leftSection={<IconPlayerPlay size={17} />} loading={busy} onClick={() => void start()}>
            Start gateway
          </Button>
        ))
      }
    >
      {gateway === undefined ? (
        <div className="lk-card">
          <SkeletonRows />
        </div>
      ) : (
        <>
          {gateway.problem !== undefined && (
            <Alert
              color="red"
              icon={<IconAlertTriangle size={18} />}
              title={gateway.running ? 'The gateway is behind' : 'The gateway does not run'}
              role="alert"
              mb="sm"
            >
              {gateway.problem}
            </Alert>
          )}
          <RestartNow gateway={gateway} />
          <Status gateway={gateway} />
          <section className="lk-card" aria-labelledby="history" style={{ marginTop: 12 }}>
            <header className="lk-card-head">
              <h2 id="history">Requests, last ten minutes</h2>
              <span className="lk-small lk-quiet" style={{ display: 'flex', gap: 14 }}>
                <span>
                  <span className="lk-dot" style={{ background: 'var(--lk-allow)' }} />
                  Allowed
                </span>
                <span>
                  <span className="lk-dot" style={{ background: 'var(--lk-deny)' }} />
                  Denied
                </span>
              </span>
            </header>
            <div style={{ padding: '12px 16px' }}>
              <RequestChart history={gateway.history} withAxis />
            </div>
          </section>
          {gateway.causes.length > 0 && <Causes causes={gateway.causes} />}
          <RequestTable requests={gateway.recent} running={gateway.running} />
        </>
      )}
      {stopping && (
        <ConfirmDialog
          title="Stop gateway"
          confirm="Stop gateway"
          onConfirm={stop}
          onClose={() => setStopping(false)}
        >
          <p>Nobody can install through the gateway until it is started again.</p>
        </ConfirmDialog>
      )}
    </Page>
  );
}

const outcomeWords = { allow: 'Allowed', deny: 'Denied', error: 'Error' } as const;

/** Why requests were not answered as asked, since the gateway started. */
function Causes({ causes }: Pick<GatewayView, 'causes'>) {
  return (
    <section className="lk-card" aria-labelledby="causes" style={{ marginTop: 12 }}>
      <header className="lk-card-head">
        <h2 id="causes">Not answered as asked</h2>
      </header>
      <table className="lk-table">
        <thead>
          <tr>
            <th scope="col">Cause</th>
            <th scope="col">Outcome</th>
            <th scope="col" style={{ textAlign: 'right' }}>
              Requests
            </th>
          </tr>
        </thead>
        <tbody>
          {causes.map(({ outcome, cause, count }) => (
            <tr key={`${outcome} ${cause}`}>
              <td>{texts.causes.of(cause)}</td>
              <td>{outcomeWords[outcome]}</td>
              <td style={{ textAlign: 'right', fontVariantNumeric: 'tabular-nums' }}>{formatCount(count)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}

function Status({ gateway }: { readonly gateway: GatewayView }) {
  const nowMs = useNow();
  const since =
    gateway.startedAtMs === undefined
      ? ''
      : `started ${relativeTime(gateway.startedAtMs, nowMs).replace(/^now$/, 'just now')}`;
  const counters = [
    ['Allowed', formatCount(gateway.allowed)],
    ['Denied', formatCount(gateway.denied)],
    ['Errors', formatCount(gateway.errors)],
    ['Sent', formatBytes(gateway.bytes)],
  ] as const;
  return (
    <div
      className="lk-card"
      style={{
        display: 'flex',
        alignItems: 'center',
        flexWrap: 'wrap',
        padding: '13px 16px',
        gap: '12px 36px',
      }}
    >
      <div style={{ flex: 1, minWidth: 300 }}>
        <div className="lk-tile-label">
          <span
            className="lk-dot"
            data-state={gateway.running ? 'running' : 'stopped'}
            style={{ margin: 0 }}
          />
          {gateway.running ? `Running, ${since}` : 'Stopped'}
        </div>
        <div style={{ display: 'flex', alignItems: 'center', gap: 10, marginTop: 3 }}>
          <span className="lk-mono" style={{ fontSize: '0.9375rem' }}>
            {gateway.baseUrl}
          </span>
          <CopyButton text={gateway.baseUrl} what="gateway address" />
        </div>
      </div>
      <dl style={{ display: 'flex', gap: 36, margin: 0 }} aria-label="Counters since the start">
        {counters.map(([label, value]) => (
          <div key={label}>
            <dt className="lk-tile-label">{label}</dt>
            <dd
              style={{ margin: 0, fontSize: '1.25rem', fontWeight: 600, fontVariantNumeric: 'tabular-nums' }}
            >
              {value}
            </dd>
          </div>
        ))}
      </dl>
    </div>
  );
}

import { useEffect, useState } from 'react';
import { Alert, Button } from '@mantine/core';
import { IconAlertTriangle, IconPlayerPlay, IconPlayerStop } from '@tabler/icons-react';
import type { GatewayView } from '../../../shared/contract/gateway-views.ts';
import { texts } from '../../../shared/texts/texts.ts';
import { api } from '../../client/api.ts';
import { useGateway } from '../../state/gateway.ts';
import { ConfirmDialog } from '../../ui/confirm-dialog.tsx';
import card from '../../ui/card.module.css';
import { CopyButton } from '../../ui/copy-button.tsx';
import { cx } from '../../ui/cx.ts';
import { Dot } from '../../ui/dot.tsx';
import { formatBytes, formatCount } from '../../ui/format.ts';
import layout from '../../ui/layout.module.css';
import { Page, SkeletonRows } from '../../ui/page.tsx';
import { PolicyUses } from '../../ui/policy-uses.tsx';
import { usePolicyHref } from '../policies/use-policy-href.ts';
import { RequestChart } from '../../ui/request-chart.tsx';
import { tellFailure, tellSuccess } from '../../ui/tell.ts';
import text from '../../ui/text.module.css';
import { useNow } from '../../ui/use-now.ts';
import type { Column } from '../../ui/table/column.ts';
import { DataTable } from '../../ui/table/data-table.tsx';
import { BusyPort } from './busy-port.tsx';
import styles from './gateway.module.css';
import { RequestTable } from './request-table.tsx';
import { WritingAlert } from '../activity/writing-alert.tsx';
import { RestartNow } from './restart-now.tsx';

const words = texts.gateway.screen;

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
      if (started.running) tellSuccess(texts.gateway.restart.done(started.baseUrl));
    } catch (error) {
      tellFailure(error);
    } finally {
      setBusy(false);
    }
  };
  const stop = async () => {
    set(await api.gateway.stop());
    tellSuccess(words.stoppedNow);
  };

  return (
    <Page
      title={texts.navigation.gateway}
      lead={words.lead}
      action={
        gateway &&
        (gateway.running ? (
          <Button
            variant="default"
            leftSection={<IconPlayerStop size={17} />}
            onClick={() => setStopping(true)}
          >
            {words.stop}
          </Button>
        ) : (
          <Button leftSection={<IconPlayerPlay size={17} />} loading={busy} onClick={() => void start()}>
            {words.start}
          </Button>
        ))
      }
    >
      {gateway === undefined ? (
        <div className={card.card}>
          <SkeletonRows />
        </div>
      ) : (
        <>
          {gateway.isPortTaken ? (
            <BusyPort gateway={gateway} onStart={() => void start()} />
          ) : (
            gateway.problem !== undefined && (
              <Alert
                color="red"
                icon={<IconAlertTriangle size={18} />}
                title={gateway.running ? words.behind : words.notRunning}
                role="alert"
                mb="sm"
              >
                {gateway.problem}
              </Alert>
            )
          )}
          <WritingAlert />
          <RestartNow gateway={gateway} />
          <Status gateway={gateway} />
          <section className={cx(card.card, card.next)} aria-labelledby="history">
            <header className={card.head}>
              <h2 id="history">{words.history}</h2>
              <span className={styles.legend}>
                <span>
                  <Dot tone="allow" />
                  {words.counters.allowed}
                </span>
                <span>
                  <Dot tone="deny" />
                  {words.counters.denied}
                </span>
              </span>
            </header>
            <div className={card.body}>
              <RequestChart history={gateway.history} withAxis />
            </div>
          </section>
          {gateway.causes.length > 0 && <Causes causes={gateway.causes} />}
          {gateway.policies.length > 0 && <Said uses={gateway.policies} />}
          <RequestTable requests={gateway.recent} isRunning={gateway.running} />
        </>
      )}
      {stopping && (
        <ConfirmDialog
          title={words.stop}
          confirm={words.stop}
          onConfirm={stop}
          onClose={() => setStopping(false)}
        >
          <p>{words.stopLead}</p>
        </ConfirmDialog>
      )}
    </Page>
  );
}

type CauseRow = GatewayView['causes'][number];

const causeColumns: readonly Column<CauseRow>[] = [
  {
    id: 'cause',
    title: texts.requests.cause,
    priority: 0,
    width: 12,
    grow: 3,
    value: ({ cause }) => texts.causes.of(cause),
    cell: (_row, opener) => opener,
  },
  {
    id: 'outcome',
    title: texts.requests.outcome,
    priority: 2,
    width: 7,
    value: ({ outcome }) => outcome,
    cell: ({ outcome }) => texts.requests.outcomes[outcome],
  },
  {
    id: 'count',
    title: texts.requests.count,
    priority: 1,
    width: 6,
    isNumber: true,
    value: ({ count }) => count,
    cell: ({ count }) => formatCount(count),
  },
];

/** Why requests were not answered as asked, since the gateway started. */
function Causes({ causes }: Pick<GatewayView, 'causes'>) {
  return (
    <section className={cx(card.card, card.next)}>
      <header className={card.head}>
        <h2>{texts.requests.causes}</h2>
      </header>
      <DataTable
        label={texts.requests.causes}
        columns={causeColumns}
        rows={{ total: causes.length, at: (index) => causes[index] }}
        rowId={({ outcome, cause }) => `${outcome} ${cause}`}
        rowName={({ cause }) => texts.causes.of(cause)}
      />
    </section>
  );
}

/** What policies said since the gateway started; what they only observe is seen nowhere else. */
function Said({ uses }: { readonly uses: GatewayView['policies'] }) {
  const policyHref = usePolicyHref();
  return (
    <section className={cx(card.card, card.next)}>
      <header className={card.head}>
        <h2>{texts.policyUses.title}</h2>
      </header>
      <PolicyUses uses={uses} href={policyHref} />
    </section>
  );
}

function Status({ gateway }: { readonly gateway: GatewayView }) {
  const nowMs = useNow();
  const since = gateway.startedAtMs === undefined ? words.running : words.since(gateway.startedAtMs, nowMs);
  const counters = [
    [words.counters.allowed, formatCount(gateway.allowed)],
    [words.counters.denied, formatCount(gateway.denied)],
    [words.counters.errors, formatCount(gateway.errors)],
    [words.counters.sent, formatBytes(gateway.bytes)],
  ] as const;
  return (
    <div className={cx(card.card, styles.status)}>
      <div className={styles.address}>
        <div className={styles.term}>
          <Dot tone={gateway.running ? 'allow' : 'quiet'} />
          {gateway.running ? since : words.stopped}
        </div>
        <div className={layout.row}>
          <span className={cx(text.mono, text.large, text.wrap)}>{gateway.baseUrl}</span>
          <CopyButton text={gateway.baseUrl} what={words.address} />
        </div>
      </div>
      <dl className={styles.counters} aria-label={words.countersLabel}>
        {counters.map(([label, value]) => (
          <div key={label}>
            <dt className={styles.term}>{label}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
    </div>
  );
}

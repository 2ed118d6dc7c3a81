/** The full check of the request log, as a job: every segment, its chain, and what the vault says of it. */
import type { LogSegmentState, LogVerifyView } from '../../shared/contract/log-views.ts';
import type { Handlers } from '../../shared/contract/types.ts';
import { LatchkeyError } from '../../shared/errors.ts';
import { texts } from '../../shared/texts/texts.ts';
import { codeOf } from '../disk/disk-error.ts';
import type { GatewayIdentity } from '../gateway/probe.ts';
import { folderSource } from '../request-log/folder-source.ts';
import type { LogFinding } from '../request-log/verify-log.ts';
import { verifyLog } from '../request-log/verify-log.ts';
import type { Context } from './context.ts';
import type { SegmentTrouble } from './log-check.ts';
import { checkKeys, retiredTooSoon, troubleOf } from './log-check.ts';
import type { OrganizationVault } from './organization-vault.ts';

/** Progress is for people. */
const tellEveryMs = 250;
const maxShown = 100;
const worstFirst: readonly LogSegmentState[] = [
  'tampered',
  'missing',
  'damaged',
  'not-closed',
  'open',
  'retired',
  'whole',
];
const noCounts = { tampered: 0, missing: 0, damaged: 0, 'not-closed': 0, open: 0, retired: 0, whole: 0 };
const idle: LogVerifyView = {
  state: 'idle',
  checked: 0,
  total: 0,
  rows: 0,
  counts: noCounts,
  macsChecked: 0,
  unknownSigner: 0,
  problems: [],
  problemCount: 0,
};

type Deps = {
  /** Of the request log. */
  readonly dir: string;
  readonly identity: () => GatewayIdentity | undefined;
  /** All that a whole check found. */
  readonly onFound: (troubles: readonly SegmentTrouble[]) => void;
};
type Job = { view: LogVerifyView; readonly abort: AbortController };

export type LogVerify = {
  readonly handlers: Pick<Handlers['log'], 'verify' | 'verifyStatus' | 'cancelVerify'>;
  /** The vault was locked: a check that runs ends. */
  readonly stop: () => void;
};

export function logVerify(
  context: Pick<Context, 'vault' | 'emit' | 'now'>,
  { dir, identity, onFound }: Deps,
): LogVerify {
  let job: Job | undefined;

  const show = (to: Job, view: LogVerifyView): void => {
    to.view = view;
    // One that was started after it has the floor.
    if (job === to) context.emit('log.verifying', view);
  };

  const run = async (own: Job, vault: OrganizationVault): Promise<void> => {
    let toldAtMs = 0;
    try {
      const found = await verifyLog(folderSource(dir), {
        ...checkKeys(vault, identity()),
        signal: own.abort.signal,
        onProgress: (checked, total) => {
          own.view = { ...own.view, checked, total };
          if (context.now() - toldAtMs < tellEveryMs) return;
          toldAtMs = context.now();
          show(own, own.view);
        },
      });
      const tooSoon = await retiredTooSoon(vault, dir, context.now());
      own.abort.signal.throwIfAborted();
      const troubles = found.flatMap((one) => troubleOf(one, tooSoon) ?? []);
      onFound(troubles);
      show(own, { ...own.view, ...resultOf(found, troubles), state: 'done' });
    } catch (error) {
      const isLocked = error instanceof LatchkeyError && error.code === 'VAULT_LOCKED';
      if (own.abort.signal.aborted || isLocked) return show(own, { ...own.view, state: 'cancelled' });
      const problem = error instanceof LatchkeyError ? error.message : texts.requestLog.notReadable;
      show(own, { ...own.view, state: 'failed', problem });
      if (!(error instanceof LatchkeyError) && codeOf(error) === undefined) throw error;
    }
  };

  return {
    handlers: {
      verify: async () => {
        if (job?.view.state === 'running') return job.view;
        const vault = context.vault();
        const own: Job = { view: { ...idle, state: 'running' }, abort: new AbortController() };
        job = own;
        void run(own, vault);
        return own.view;
      },
      verifyStatus: async () => job?.view ?? idle,
      cancelVerify: async () => {
        job?.abort.abort();
        return job?.view ?? idle;
      },
    },
    stop: () => {
      job?.abort.abort();
      job = undefined;
    },
  };
}

function resultOf(found: readonly LogFinding[], troubles: readonly SegmentTrouble[]): Partial<LogVerifyView> {
  const stateOf = new Map(troubles.map(({ segment, state }) => [segment, state]));
  const counts = { ...noCounts };
  for (const { name, state } of found) counts[stateOf.get(name) ?? state] += 1;
  const sorted = troubles.toSorted(
    (a, b) => worstFirst.indexOf(a.state) - worstFirst.indexOf(b.state) || (a.segment < b.segment ? -1 : 1),
  );
  return {
    rows: found.reduce((sum, { rows }) => sum + rows, 0),
    counts,
    macsChecked: found.filter(({ macs }) => macs !== 'not-checked').length,
    unknownSigner: found.filter(({ signedBy }) => signedBy === 'other').length,
    problems: sorted
      .slice(0, maxShown)
      .map(({ segment, state, what }) => ({ segment, state, what: [...what] })),
    problemCount: troubles.length,
  };
}

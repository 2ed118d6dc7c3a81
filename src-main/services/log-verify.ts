/** The full check of the request log, as a job: every segment, its chain, and what the vault says of it. */
import type { LogSegmentState, LogVerifyView } from '../../shared/contract/log-views.ts';
import type { Handlers } from '../../shared/contract/types.ts';
import { texts } from '../../shared/texts/texts.ts';
import type { GatewayIdentity } from '../gateway/probe.ts';
import { folderSource } from '../request-log/folder-source.ts';
import type { LogFinding } from '../request-log/verify-log.ts';
import { verifyLog } from '../request-log/verify-log.ts';
import { CheckJob } from './check-job.ts';
import type { Context } from './context.ts';
import type { SegmentTrouble } from './log-check.ts';
import { asideNow } from './log-aside.ts';
import { checkKeys, retiredJudge, troubleOf } from './log-check.ts';

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

export type LogVerify = {
  readonly handlers: Pick<Handlers['log'], 'verify' | 'verifyStatus' | 'cancelVerify'>;
  /** The vault was locked: a check that runs ends. */
  readonly stop: () => void;
};

export function logVerify(
  context: Pick<Context, 'vault' | 'emit' | 'now'>,
  { dir, identity, onFound }: Deps,
): LogVerify {
  const job = new CheckJob<LogVerifyView>({
    idle,
    now: context.now,
    tell: (view) => context.emit('log.verifying', view),
    problem: texts.requestLog.notReadable,
  });
  return {
    handlers: {
      verify: async () => {
        const vault = context.vault();
        return job.begin({}, async (progress, signal) => {
          const checked = await verifyLog(folderSource(dir), {
            ...checkKeys(vault, identity()),
            retired: await retiredJudge(vault, context.now()),
            signal,
            onProgress: (checked, total) => progress({ checked, total }),
          });
          signal.throwIfAborted();
          const found = await asideNow(dir, checked);
          signal.throwIfAborted();
          const troubles = found.flatMap((one) => troubleOf(one) ?? []);
          onFound(troubles);
          return resultOf(found, troubles);
        });
      },
      verifyStatus: async () => job.view,
      cancelVerify: async () => job.cancel(),
    },
    stop: () => job.stop(),
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

/** The log itself: what is known of it, its full check as a job, and its format. */
import type { Handlers } from '../../shared/contract/types.ts';
import type { VaultView, VerifyView } from '../../shared/contract/vault-views.ts';
import { LatchkeyError } from '../../shared/errors.ts';
import type { VerifyReport } from '../vault/vault-api.ts';
import type { Context } from './context.ts';
import type { OrganizationVault } from './organization-vault.ts';
import { texts } from '../../shared/texts/texts.ts';

const words = texts.alarms.vaultService;

/** Progress is for people. */
const tellEveryMs = 250;
const idle: VerifyView = { state: 'idle', checked: 0, total: 0, voidCount: 0 };

export type VaultService = {
  readonly handlers: Handlers['vault'];
  /** The vault was locked: a check that runs ends. */
  readonly stop: () => void;
};

type Job = { view: VerifyView; readonly abort: AbortController };

export function vaultService(context: Pick<Context, 'vault' | 'commit' | 'emit' | 'now'>): VaultService {
  let job: Job | undefined;

  const info = (): VaultView => {
    const vault = context.vault();
    const { count, lines } = vault.voidLines();
    const { done, lines: checked } = vault.checked();
    return {
      seq: vault.seq(),
      format: vault.format(),
      voidLines: lines.map(({ seq, signer, why }) => ({ line: seq + 1, signer, why })).toReversed(),
      voidCount: count,
      background: { done, checked },
    };
  };

  const show = (to: Job, view: VerifyView): void => {
    to.view = view;
    // One that was started after it has the floor.
    if (job === to) context.emit('vault.verifying', view);
  };

  const run = async (own: Job, vault: OrganizationVault): Promise<void> => {
    let toldAtMs = 0;
    const onProgress = ({ done, total }: { done: number; total: number }): void => {
      own.view = { ...own.view, checked: done, total };
      if (context.now() - toldAtMs < tellEveryMs) return;
      toldAtMs = context.now();
      show(own, own.view);
    };
    try {
      show(own, reportView(await vault.verify(onProgress, own.abort.signal), own.view));
    } catch (error) {
      if (error instanceof LatchkeyError && error.code === 'CANCELLED') {
        show(own, { ...own.view, state: 'cancelled' });
        return;
      }
      const problem = error instanceof LatchkeyError ? error.message : words.bug;
      show(own, { ...own.view, state: 'failed', problem });
      if (!(error instanceof LatchkeyError)) throw error;
    }
  };

  return {
    handlers: {
      info: async () => info(),
      verify: async () => {
        if (job?.view.state === 'running') return job.view;
        const vault = context.vault();
        const own: Job = {
          view: { state: 'running', checked: 0, total: vault.seq(), voidCount: 0 },
          abort: new AbortController(),
        };
        job = own;
        void run(own, vault);
        return own.view;
      },
      verifyStatus: async () => job?.view ?? idle,
      cancelVerify: async () => {
        job?.abort.abort();
        return job?.view ?? idle;
      },
      upgrade: async () => {
        const { declared, supported } = context.vault().format();
        if (declared >= supported) {
          throw new LatchkeyError('OPERATION_NOT_ALLOWED', ['newestFormat', supported]);
        }
        await context.commit(() => ({
          events: [{ type: 'format.raised', to: supported }],
          result: undefined,
        }));
        return info();
      },
    },
    stop: () => {
      job?.abort.abort();
      job = undefined;
    },
  };
}

function reportView(report: VerifyReport, before: VerifyView): VerifyView {
  const { lines, voidLines, damage, head } = report;
  const problem = damage !== undefined ? damage.why : head === 'wrong' ? words.headWrong : undefined;
  return {
    state: problem === undefined ? 'done' : 'failed',
    checked: lines,
    total: Math.max(before.total, lines),
    voidCount: voidLines.count,
    ...(problem === undefined ? {} : { problem }),
  };
}

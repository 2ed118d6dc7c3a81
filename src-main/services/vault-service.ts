/** The log itself: what is known of it, its full check as a job, and its format. */
import type { Handlers } from '../../shared/contract/types.ts';
import type { VaultView, VerifyView } from '../../shared/contract/vault-views.ts';
import { LatchkeyError } from '../../shared/errors.ts';
import type { VerifyReport } from '../vault/vault-api.ts';
import { CheckJob } from './check-job.ts';
import type { Context } from './context.ts';
import { texts } from '../../shared/texts/texts.ts';

const words = texts.alarms.vaultService;

const idle: VerifyView = { state: 'idle', checked: 0, total: 0, voidCount: 0 };

export type VaultService = {
  readonly handlers: Handlers['vault'];
  /** The vault was locked: a check that runs ends. */
  readonly stop: () => void;
};

export function vaultService(context: Pick<Context, 'vault' | 'commit' | 'emit' | 'now'>): VaultService {
  const job = new CheckJob<VerifyView>({
    idle,
    now: context.now,
    tell: (view) => context.emit('vault.verifying', view),
    problem: words.bug,
  });

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

  return {
    handlers: {
      info: async () => info(),
      verify: async () => {
        const vault = context.vault();
        return job.begin({ total: vault.seq() }, async (progress, signal) => {
          const onProgress = ({ done, total }: { done: number; total: number }) =>
            progress({ checked: done, total });
          return reportView(await vault.verify(onProgress, signal), job.view.total);
        });
      },
      verifyStatus: async () => job.view,
      cancelVerify: async () => job.cancel(),
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
    stop: () => job.stop(),
  };
}

function reportView(report: VerifyReport, totalBefore: number): VerifyView {
  const { lines, voidLines, damage, head } = report;
  const problem = damage !== undefined ? damage.why : head === 'wrong' ? words.headWrong : undefined;
  return {
    state: problem === undefined ? 'done' : 'failed',
    checked: lines,
    total: Math.max(totalBefore, lines),
    voidCount: voidLines.count,
    ...(problem === undefined ? {} : { problem }),
  };
}

import type { ConnectionReport } from '../../shared/contract/channel-views.ts';
import { fromWireError } from '../../shared/errors.ts';
import type { LaunchGateway } from '../gateway/protocol.ts';
import type { TrialOrder } from '../gateway/try-channel.ts';
import { texts } from '../../shared/texts/texts.ts';

const words = texts.channels.test;

/** Longer than a trial takes at most. */
const endsWithinMs = 90_000;

/**
 * Asks what a client would, by the gateway's own handlers, down to one project or package. In a gateway process of its
 * own, as an upstream's bytes never meet the keys.
 * @returns a report, also for a failure: a test that fails is an answer, not an error.
 */
export async function testConnection(
  launch: LaunchGateway,
  order: TrialOrder,
  now: () => number,
): Promise<ConnectionReport> {
  const startedAtMs = now();
  const report = (ok: boolean, message: string, steps: ConnectionReport['steps'] = []): ConnectionReport => ({
    ok,
    message,
    durationMs: Math.max(0, now() - startedAtMs),
    steps,
  });
  const child = launch();
  try {
    return await new Promise((resolve) => {
      const timer = setTimeout(() => resolve(report(false, words.tookTooLong)), endsWithinMs);
      const settle = (result: ConnectionReport): void => {
        clearTimeout(timer);
        resolve(result);
      };
      child.onEnd((how) => settle(report(false, words.endedEarly(how))));
      child.onMessage((message) => {
        if ('error' in message) settle(report(false, fromWireError(message.error).message));
        else if ('reply' in message && message.reply.type === 'tried') {
          const { ok, message: said, steps } = message.reply.trial;
          settle(report(ok, said, [...steps]));
        }
      });
      child.post({ id: 1, call: { type: 'try', order } });
    });
  } finally {
    child.kill();
  }
}

/**
 * The request log of a gateway: what is written, and how it is kept. Invariant: nothing here is waited for by a request;
 * without an identity, or a folder, nothing is logged.
 */
import type { BundleLogKeeping } from '../../shared/model/bundle.ts';
import { texts } from '../../shared/texts/texts.ts';
import { LogKeeper } from '../request-log/log-keeper.ts';
import type { LogHealth } from '../request-log/request-log.ts';
import { RequestLog } from '../request-log/request-log.ts';
import { openStoreThread } from '../request-log/store/open-store-thread.ts';
import type { ExchangeDeps } from './exchange.ts';
import type { GatewayOptions } from './gateway-options.ts';
import { recorder } from './record-request.ts';

export type RequestLogging = {
  readonly record: ExchangeDeps['record'];
  /** To whom it is sealed, and how long it is kept; undefined before the first bundle. */
  readonly follow: (keeping: BundleLogKeeping | undefined) => void;
  readonly health: () => LogHealth;
  /** Writes what waits, in bounded time. */
  readonly stop: () => Promise<void>;
};

export function openRequestLogging(
  options: Pick<GatewayOptions, 'requestLogDir' | 'identity' | 'now' | 'say'>,
): RequestLogging | undefined {
  const { requestLogDir: dir, identity, now, say } = options;
  if (dir === undefined || identity === undefined) return undefined;
  const keeper = new LogKeeper({
    dir,
    store: openStoreThread(dir, { isBackground: true }),
    now,
    signer: identity,
    onProblem: (code) => say?.(texts.refusals.logNotKept(code)),
    onDoubt: ({ clockMs, daysLeft }) => say?.(texts.requestLog.clockDoubted(clockMs, daysLeft)),
    onDamaged: (segment, aside) => say?.(texts.requestLog.segmentDamaged(segment, aside)),
    onRoom: ({ segments, toMs }) => say?.(texts.requestLog.tookForRoom(segments, toMs)),
  });
  const log = new RequestLog({
    dir,
    gateway: identity.gatewayId,
    seed: identity.seed,
    now,
    onClosed: () => keeper.wake(),
  });
  let hasAdmins = false;
  return {
    record: recorder(log, () => hasAdmins),
    follow: (keeping) => {
      const recipients = keeping?.recipients ?? [];
      hasAdmins = recipients.length > 0;
      log.setRecipients(recipients);
      // An organization has admins: before, it is no retention of anybody.
      if (keeping !== undefined && recipients.length > 0) keeper.setRetention(keeping.retention);
    },
    health: () => {
      const { keeping } = keeper;
      return Object.keys(keeping).length === 0 ? log.health() : { ...log.health(), keeping };
    },
    stop: async () => {
      keeper.stop();
      await log.stop();
    },
  };
}

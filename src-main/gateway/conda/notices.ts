import type { BundleToken } from '../../../shared/model/bundle.ts';
import { utcDate } from '../../../shared/texts/utc.ts';
import { dayMs } from '../../../shared/model/time.ts';
import { texts } from '../../../shared/texts/texts.ts';

const words = texts.refusals.notices;

/** As the app counts a token as expiring. */
const noticeDays = 7;

/**
 * `notices.json` of a channel (CEP 6), for one token: conda prints it when it installs. Says that the token ends within
 * 7 days or was rotated; else the list is empty. The id changes with the message, so that conda shows a new one again.
 */
export function noticesFor(token: BundleToken, nowMs: number): Uint8Array {
  const daysLeft = Math.ceil((token.expiresAtMs - nowMs) / dayMs);
  const message =
    token.rotatedTo !== undefined
      ? words.replaced(token.id, token.rotatedTo, utcDate(token.expiresAtMs))
      : daysLeft <= noticeDays
        ? words.expires(token.id, utcDate(token.expiresAtMs))
        : undefined;
  const notices =
    message === undefined
      ? []
      : [
          {
            id: `latchkey-${token.id}-${utcDate(token.expiresAtMs)}${token.rotatedTo === undefined ? '' : '-rotated'}`,
            message,
            level: daysLeft <= 1 ? 'critical' : 'warning',
            // The same for every request of the same day, so that the document has one ETag.
            created_at: `${utcDate(nowMs)}T00:00:00.000Z`,
            expired_at: new Date(token.expiresAtMs).toISOString(),
            /** Seconds until conda asks again: a day. */
            interval: 86_400,
          },
        ];
  return Buffer.from(`${JSON.stringify({ notices })}\n`);
}

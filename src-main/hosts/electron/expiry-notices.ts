import type { TokenView } from '../../../shared/contract/token-views.ts';
import { dayMs } from '../../../shared/model/time.ts';
import { texts } from '../../../shared/texts/texts.ts';

const words = texts.desktop.expiry;

export type ExpiryNotice = { readonly title: string; readonly body: string; readonly tokenId: string };

/**
 * Picks what to say about tokens that end soon, each at most once per process and end date; several become one notice.
 * No secret is in it: names and dates only, since a notification may show on a locked screen.
 * @param seen keys that were said already; what is said now is added.
 */
export function expiryNotice(
  rows: readonly TokenView[],
  nowMs: number,
  seen: Set<string>,
): ExpiryNotice | undefined {
  const fresh = rows
    .filter((row) => row.state === 'expiring' && row.expiresAtMs > nowMs && row.rotatedTo === undefined)
    .filter((row) => !seen.has(`${row.id}@${row.expiresAtMs}`))
    .sort((a, b) => a.expiresAtMs - b.expiresAtMs);
  const [first, ...others] = fresh;
  if (first === undefined) return undefined;
  for (const row of fresh) seen.add(`${row.id}@${row.expiresAtMs}`);
  const when = daysText(first.expiresAtMs - nowMs);
  return others.length === 0
    ? {
        title: words.one,
        body: `${first.holder.name} (${first.teamName}, ${first.environmentName}): ${when}.`,
        tokenId: first.id,
      }
    : {
        title: words.many(fresh.length),
        body: words.first(first.holder.name, first.teamName, first.environmentName, when),
        tokenId: first.id,
      };
}

function daysText(ms: number): string {
  const days = Math.floor(ms / dayMs);
  if (days === 0) return words.withinADay;
  return days === 1 ? words.inADay : words.inDays(days);
}

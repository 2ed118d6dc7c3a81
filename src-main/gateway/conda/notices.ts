/**
 * `notices.json` of a channel (CEP 6), for one token: conda prints it when it installs. Says that the token ends within
 * 7 days or was rotated, and which packages that it asked for policies blocked or hid; else the list is empty. An id
 * changes with its message, so that conda shows a new one again.
 */
import { createHash } from 'node:crypto';
import type { BundleToken } from '../../../shared/model/bundle.ts';
import { utcDate } from '../../../shared/texts/utc.ts';
import { dayMs } from '../../../shared/model/time.ts';
import { texts } from '../../../shared/texts/texts.ts';
import type { DecisionMemory, TokenNote } from '../decision-memory.ts';
import type { ChannelRequest } from '../types.ts';

const words = texts.refusals.notices;

/** As the app counts a token as expiring. */
const noticeDays = 7;
/** Seconds until conda asks again: a day. */
const interval = 86_400;

type Notice = {
  readonly id: string;
  readonly message: string;
  readonly level: 'critical' | 'warning' | 'info';
  readonly created_at: string;
  readonly expired_at: string;
  readonly interval: number;
};

/** @param request whose base URL names this gateway as the client sees it */
export function noticesFor(
  { token, baseUrl, channel }: Pick<ChannelRequest, 'token' | 'baseUrl' | 'channel'>,
  decisions: Pick<DecisionMemory, 'notes'>,
  nowMs: number,
): Uint8Array {
  const notes = decisions.notes(token.id, nowMs - noticeDays * dayMs);
  const root = baseUrl.slice(0, -`/${channel.kind}/${channel.name}`.length);
  const notices = [...ofToken(token, nowMs), ...ofPackages(token, notes, root, nowMs)];
  return Buffer.from(`${JSON.stringify({ notices })}\n`);
}

function ofToken(token: BundleToken, nowMs: number): readonly Notice[] {
  const daysLeft = Math.ceil((token.expiresAtMs - nowMs) / dayMs);
  const message =
    token.rotatedTo !== undefined
      ? words.replaced(token.id, token.rotatedTo, utcDate(token.expiresAtMs))
      : daysLeft <= noticeDays
        ? words.expires(token.id, utcDate(token.expiresAtMs))
        : undefined;
  if (message === undefined) return [];
  const id = `latchkey-${token.id}-${utcDate(token.expiresAtMs)}${token.rotatedTo === undefined ? '' : '-rotated'}`;
  const expired_at = new Date(token.expiresAtMs).toISOString();
  const level = daysLeft <= 1 ? 'critical' : 'warning';
  return [{ id, message, level, created_at: startOf(nowMs), expired_at, interval }];
}

/** At most one about what was blocked and one about what was hidden. */
function ofPackages(
  { id: tokenId }: BundleToken,
  notes: readonly TokenNote[],
  root: string,
  nowMs: number,
): readonly Notice[] {
  const [last] = notes.flatMap(({ decisionId }) => decisionId ?? []);
  const blocked = notes.filter(({ decisionId }) => decisionId !== undefined);
  const hidden = notes.filter(({ taken }) => taken !== undefined);
  const messages = [
    ...(last === undefined ? [] : [words.blocked(blocked, `${root}/latchkey/decision/${last}`)]),
    ...(hidden.length === 0 ? [] : [words.hidden(hidden)]),
  ];
  return messages.map((message) => ({
    id: `latchkey-${tokenId}-${createHash('sha256').update(message).digest('hex').slice(0, 16)}`,
    message,
    level: 'info',
    created_at: startOf(nowMs),
    expired_at: new Date(Date.parse(startOf(nowMs)) + noticeDays * dayMs).toISOString(),
    interval,
  }));
}

/** The same for every request of the same day, so that the document has one ETag. */
const startOf = (nowMs: number): string => `${utcDate(nowMs)}T00:00:00.000Z`;

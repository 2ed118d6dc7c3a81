/**
 * What a refusal says. Invariant: a reason phrase is one line of printable ASCII of at most 180 characters, so that no
 * text of an operator, an upstream or a client can end the status line, forge a header or hide what follows. Reasons
 * are made from ids, dates and operators' texts, never from what the client sent.
 */
import { STATUS_CODES } from 'node:http';
import type { ChannelProblem } from '../../shared/model/bundle.ts';
import { texts } from '../../shared/texts/texts.ts';

const words = texts.refusals.channels;

/** Fits one terminal line with a client's own words around it, and proxies' limits for a status line. */
const maxReasonChars = 180;

/**
 * Makes any text fit for a status line (RFC 9112 §4): accents are taken off, quotes are made straight, the rest outside
 * printable ASCII is `?`.
 */
export function reasonPhrase(text: string): string {
  const ascii = text
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .replace(/[‘’]/gu, "'")
    .replace(/[“”]/gu, '"')
    .replace(/[–—]/gu, '-')
    .replace(/\s+/g, ' ')
    .replace(/[^\x20-\x7e]/gu, '?')
    .trim();
  return ascii.length <= maxReasonChars ? ascii : `${ascii.slice(0, maxReasonChars - 3)}...`;
}

/** What a channel that cannot be served says on every route. */
export function brokenChannel(name: string, problem: ChannelProblem): string {
  return words.broken(name, problem.message);
}

/** The body of every error: RFC 9457. uv prints title and detail; the reason stands in the status line too. */
export function problemDocument(
  status: number,
  reason: string,
  more: Readonly<Record<string, unknown>> = {},
): Uint8Array {
  return Buffer.from(
    `${JSON.stringify({ type: 'about:blank', title: STATUS_CODES[status] ?? 'Error', status, detail: reason, ...more })}\n`,
  );
}

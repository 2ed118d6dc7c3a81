/** An upstream's errors, as clients are told of them. */
import type { UpstreamResponse } from './types.ts';
import { UpstreamError } from './types.ts';
import { texts } from '../../shared/texts/texts.ts';

const words = texts.refusals.upstream;

/** What a client is told when an upstream answers with an error. */
export type UpstreamRefusal = {
  readonly status: 404 | 502 | 503;
  readonly reason: string;
  /** Of a busy upstream: when to come back, as it said. */
  readonly retryAfter?: string;
};

/**
 * An upstream's 401 or 403 is about the gateway's credentials; passed on, the client would take its own token for the
 * culprit.
 */
export function upstreamRefusal(
  status: number,
  headers: Readonly<Record<string, string>> = {},
): UpstreamRefusal {
  if (status === 404 || status === 410) return { status: 404, reason: words.notFound };
  if (status === 401 || status === 403 || status === 407) {
    return { status: 502, reason: words.refused(status) };
  }
  if (status === 429 || status === 503) {
    const retryAfter = retryAfterOf(headers['retry-after']);
    return {
      status: 503,
      reason: words.busy(status),
      ...(retryAfter === undefined ? {} : { retryAfter }),
    };
  }
  return { status: 502, reason: words.failed(status) };
}

/** The same as an error: 502, or 503 with the time to come back. */
export function refusedBy({ status, headers }: Pick<UpstreamResponse, 'status' | 'headers'>): UpstreamError {
  const refusal = upstreamRefusal(status, headers);
  return new UpstreamError(refusal.status === 503 ? 503 : 502, refusal.reason, {
    retryAfter: refusal.retryAfter,
    isAway: status >= 500 || status === 429,
  });
}

/** Seconds or a date (RFC 9110, 10.2.3); anything else is left out. */
function retryAfterOf(value: string | undefined): string | undefined {
  if (value === undefined || value.length > 40) return undefined;
  if (/^\d{1,7}$/.test(value)) return value;
  return /^[A-Z][a-z]{2}, \d{2} [A-Z][a-z]{2} \d{4} \d{2}:\d{2}:\d{2} GMT$/.test(value) ? value : undefined;
}

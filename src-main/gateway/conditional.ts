/** Conditional and range requests: RFC 9110 §13 and §14, as far as package clients use them. */
import type { IncomingHttpHeaders } from 'node:http';

export type Validators = { readonly etag: string; readonly lastModifiedMs?: number | undefined };

/** Whether the client has this representation: If-None-Match (weak comparison), else If-Modified-Since. */
export function isNotModified(headers: IncomingHttpHeaders, { etag, lastModifiedMs }: Validators): boolean {
  const noneMatch = headers['if-none-match'];
  if (noneMatch !== undefined) {
    return (
      noneMatch.trim() === '*' || noneMatch.split(',').some((candidate) => opaque(candidate) === opaque(etag))
    );
  }
  const since = headers['if-modified-since'];
  if (since === undefined || lastModifiedMs === undefined) return false;
  const sinceMs = Date.parse(since);
  // HTTP dates have whole seconds.
  return !Number.isNaN(sinceMs) && Math.floor(lastModifiedMs / 1000) * 1000 <= sinceMs;
}

function opaque(etag: string): string {
  const trimmed = etag.trim();
  return trimmed.startsWith('W/') ? trimmed.slice(2) : trimmed;
}

export type ByteRange = { readonly start: number; readonly end: number };

/**
 * The one byte range to send (end inclusive); 'whole' when there is none, it is not understood, there are several, or
 * If-Range names another representation; 'unsatisfiable' for 416. A date in If-Range is never enough: it has whole
 * seconds, and a file that took another's place may have the same one.
 */
export function requestedRange(
  headers: IncomingHttpHeaders,
  size: number,
  etag: string,
): ByteRange | 'whole' | 'unsatisfiable' {
  const match = /^bytes=(\d{0,15})-(\d{0,15})$/.exec(headers.range?.trim() ?? '');
  if (match === null || (match[1] === '' && match[2] === '')) return 'whole';
  const ifRange = headers['if-range'];
  // Strong comparison only: a weak tag never matches here.
  if (ifRange !== undefined && ifRange !== etag) return 'whole';
  if (match[1] === '') {
    const suffix = Number(match[2]);
    return suffix === 0 || size === 0
      ? 'unsatisfiable'
      : { start: Math.max(0, size - suffix), end: size - 1 };
  }
  const start = Number(match[1]);
  const end = match[2] === '' ? size - 1 : Math.min(Number(match[2]), size - 1);
  if (match[2] !== '' && Number(match[2]) < start) return 'whole';
  return start >= size ? 'unsatisfiable' : { start, end };
}

/** Which form of an index page a client gets (PEP 691, RFC 9110 §12.5.1). */
import { TextCache } from '../../base/text-cache.ts';

export type IndexFormat = 'json' | 'html' | 'legacy-html';

export const contentTypes: Readonly<Record<IndexFormat, string>> = {
  json: 'application/vnd.pypi.simple.v1+json',
  html: 'application/vnd.pypi.simple.v1+html',
  // The page is ASCII; the charset is said for clients that would guess.
  'legacy-html': 'text/html; charset=utf-8',
};

/** `latest` is answered with the version that it is (PEP 691). */
const formatsByType: ReadonlyMap<string, IndexFormat> = new Map([
  ['application/vnd.pypi.simple.v1+json', 'json'],
  ['application/vnd.pypi.simple.latest+json', 'json'],
  ['application/vnd.pypi.simple.v1+html', 'html'],
  ['application/vnd.pypi.simple.latest+html', 'html'],
  ['text/html', 'legacy-html'],
]);

/** What a client that names no type of ours gets: what a PEP 503 client can read. */
const wildcards: ReadonlyMap<string, readonly IndexFormat[]> = new Map([
  ['*/*', ['legacy-html', 'html', 'json']],
  ['text/*', ['legacy-html']],
  ['application/*', ['json', 'html']],
]);
/** Among types that the client likes equally: JSON, which says the most. */
const preference: readonly IndexFormat[] = ['json', 'html', 'legacy-html'];

/** Clients send a handful of different headers; an attacker may send any number. */
const choices = new TextCache<IndexFormat | 'none'>(64, 1024);

/** The format to answer with, or undefined if the client accepts none (406). An absent header accepts all. */
export function negotiate(accept: string | undefined): IndexFormat | undefined {
  const header = accept === undefined || accept.trim() === '' ? '*/*' : accept;
  const format = choices.getOrMake(header, (text) => choose(text) ?? 'none');
  return format === 'none' ? undefined : format;
}

function choose(header: string): IndexFormat | undefined {
  const exact = new Map<IndexFormat, number>();
  const ranges = new Map<string, number>();
  for (const part of header.split(',')) {
    const [range = '', ...parameters] = part.split(';').map((piece) => piece.trim().toLowerCase());
    const quality = qualityOf(parameters);
    if (quality === undefined) continue;
    const format = formatsByType.get(range);
    if (format !== undefined) exact.set(format, Math.max(quality, exact.get(format) ?? 0));
    else if (wildcards.has(range)) ranges.set(range, quality);
  }
  let best: { format: IndexFormat; quality: number } | undefined;
  const offer = (format: IndexFormat, quality: number | undefined) => {
    if (quality !== undefined && quality > (best?.quality ?? 0)) best = { format, quality };
  };
  for (const format of preference) offer(format, exact.get(format));
  for (const range of ['text/*', 'application/*', '*/*']) {
    for (const format of wildcards.get(range) ?? []) {
      // A named type overrides a wildcard, and `text/*` overrides `*/*`, also where they say less.
      const narrower = range === '*/*' ? (format === 'legacy-html' ? 'text/*' : 'application/*') : undefined;
      if (exact.has(format) || (narrower !== undefined && ranges.has(narrower))) continue;
      offer(format, ranges.get(range));
    }
  }
  return best?.format;
}

/** 1 without `q`; undefined if it is malformed, which makes the entry count for nothing. */
function qualityOf(parameters: readonly string[]): number | undefined {
  const q = parameters.find((parameter) => /^q\s*=/.test(parameter));
  if (q === undefined) return 1;
  const value = q.slice(q.indexOf('=') + 1).trim();
  return /^(?:0(?:\.\d{0,3})?|1(?:\.0{0,3})?)$/.test(value) ? Number(value) : undefined;
}

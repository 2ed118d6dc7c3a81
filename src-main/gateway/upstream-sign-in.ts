/**
 * Signs requests in at an upstream. Invariant: credentials go to the origin that they were sealed for and nowhere else,
 * by https or to this computer; none is left in what is shown or handed on.
 */
import type { UpstreamCredentials } from '../../shared/model/domain.ts';
import { isSecretWay } from '../network/secret-way.ts';
import { UpstreamError } from './types.ts';
import { texts } from '../../shared/texts/texts.ts';

const words = texts.refusals.upstream;

/** @throws UpstreamError where others on the way could read them */
export function signedIn(
  url: URL,
  headers: Readonly<Record<string, string>>,
  credentials: UpstreamCredentials | undefined,
  origin: string,
): { readonly url: URL; readonly headers: Readonly<Record<string, string>> } {
  if (credentials === undefined || url.origin !== origin) return { url, headers };
  if (!isSecretWay(url)) {
    throw new UpstreamError(502, words.needsHttps);
  }
  switch (credentials.type) {
    case 'basic': {
      const pair = Buffer.from(`${credentials.username}:${credentials.password}`, 'utf8').toString('base64');
      return { url, headers: { ...headers, authorization: `Basic ${pair}` } };
    }
    case 'bearer':
      return { url, headers: { ...headers, authorization: `Bearer ${credentials.token}` } };
    case 'conda-token': {
      // As conda does: /t/<token> in front of the channel, or of the whole path. A redirect may already have it.
      const { token, path = '' } = credentials;
      if (!url.pathname.startsWith(`${path}/`) || url.pathname.startsWith(`${path}/t/${token}/`))
        return { url, headers };
      const signed = new URL(url);
      signed.pathname = `${path}/t/${token}${url.pathname.slice(path.length)}`;
      return { url: signed, headers };
    }
  }
}

/** The URL as it may be shown. */
export function withoutSecret(url: URL, credentials: UpstreamCredentials | undefined): string {
  if (credentials?.type !== 'conda-token') return url.href;
  return url.href.replace(`/t/${credentials.token}/`, '/');
}

/** Addresses as they stand in configurations: with credentials, and shown without. */
import { withoutTrailingSlashes } from '../base/trailing-slashes.ts';
import { texts } from '../../shared/texts/texts.ts';

const words = texts.doctor.asks;

/** Routes of the gateway: what stands before them is its address. */
const route = /^(.*?)\/(?:t\/[^/]+\/)?(?:pypi|conda)(?:\/|$)/;

/**
 * The same address without password, token and query; the id of a Latchkey token stays, as it says which token it is. What
 * is no address may still have credentials before an `@`.
 */
export function shownAddress(address: string): string {
  const url = parsedUrl(address);
  const isWeb = url !== undefined && /^https?:$/.test(url.protocol);
  const bare = isWeb ? withoutCredentials(url) : address.slice(0, 512).replace(/^.*@/s, '****@');
  return withoutTokens(bare.replace(/\/t\/([^/]+)/, (_, token: string) => `/t/${shownToken(token)}`));
}

/** What a channel or an index is called, which may be the end of a broken address. */
export const shownName = (name: string): string => withoutTokens(name.replace(/^.*@/s, '****@'));

/** A text of a configuration, wherever a Latchkey token stands in it. */
export const withoutTokens = (text: string): string =>
  text.replaceAll(/(lk-[0-9A-Za-z]{8})-[0-9A-Za-z]{2,}/g, '$1-****');

/** A host of a `.netrc`. In a broken one another word stands there, which may be the password. */
export const shownHost = (host: string): string =>
  /^[a-z0-9._:[\]*-]{1,253}$/i.test(host) ? withoutTokens(host) : words.noHostName;

function withoutCredentials(url: URL): string {
  const { username, password } = url;
  if (url.search !== '') url.search = '****';
  if (username === '' && password === '') return url.href.replaceAll('%2A', '*');
  // A user name alone is no secret, unless it is a token that somebody put there.
  url.username = username.startsWith('lk-') ? shownToken(username) : username;
  url.password = password === '' ? '' : shownToken(password);
  return url.href.replaceAll('%2A', '*');
}

function shownToken(token: string): string {
  const [, id] = /^(lk-[0-9A-Za-z]{8})-/.exec(token) ?? [];
  return id === undefined ? '****' : `${id}-****`;
}

export function parsedUrl(text: string): URL | undefined {
  try {
    return new URL(text);
  } catch {
    return undefined;
  }
}

/** Whether a secret stands in the address. */
export function hasSecret(address: string): boolean {
  const url = parsedUrl(address);
  return (
    /\/t\/[^/]+\//.test(`${address}/`) ||
    (url !== undefined && (url.password !== '' || url.username.startsWith('lk-')))
  );
}

/** Where the gateway is, if this is an address of one. */
export function gatewayOf(address: string): string | undefined {
  const url = parsedUrl(address);
  if (url === undefined || !/^https?:$/.test(url.protocol)) return undefined;
  const [, before] = route.exec(`${url.origin}${url.pathname}`) ?? [];
  return before;
}

/** The route below that gateway, whose own path may look like one; undefined for an address that is none of its. */
export function routeBelow(address: string, gatewayUrl: string): string | undefined {
  const gateway = withoutTrailingSlashes(gatewayUrl);
  const url = parsedUrl(address);
  const whole = url === undefined ? '' : `${url.origin}${url.pathname}`;
  if (!whole.startsWith(`${gateway}/`)) return undefined;
  const below = whole.slice(gateway.length);
  return route.exec(below)?.[1] === '' ? below : undefined;
}

/** Addresses as they stand in configurations: with credentials, and shown without. */
import { withoutTrailingSlashes } from '../base/trailing-slashes.ts';

/** Routes of the gateway: what stands before them is its address. */
const route = /^(.*?)\/(?:t\/[^/]+\/)?(?:pypi|conda)(?:\/|$)/;

/** The same address without password and token; the id of a Latchkey token stays, as it says which token it is. */
export function shownAddress(address: string): string {
  const url = parsedUrl(address);
  const bare = url === undefined ? address : withoutCredentials(url);
  return bare.replace(/\/t\/([^/]+)/, (_, token: string) => `/t/${shownToken(token)}`);
}

function withoutCredentials(url: URL): string {
  const { username, password } = url;
  if (username === '' && password === '') return url.href;
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

export function isBelow(address: string, gatewayUrl: string): boolean {
  return gatewayOf(address) === withoutTrailingSlashes(gatewayUrl);
}

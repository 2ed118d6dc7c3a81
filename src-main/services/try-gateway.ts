/**
 * Asks a gateway as a client would, with the client's credentials. Invariant: only addresses below the given gateway are
 * asked, redirects are not followed, and neither the answer nor an error repeats a secret.
 */
import type { Attempt } from '../../shared/contract/doctor-views.ts';
import { withoutTrailingSlashes } from '../base/trailing-slashes.ts';
import { parsedUrl, routeBelow, shownAddress } from '../doctor/addresses.ts';
import { texts } from '../../shared/texts/texts.ts';

const words = texts.doctor.attempts;

export type Credentials = { readonly login: string; readonly password: string };
export type Target = {
  /** Of an index or a channel, with or without credentials in it. */
  readonly address: string;
  /** Sent where the address has none. */
  readonly credentials?: Credentials;
};

/** Long enough for an upstream that is asked for the first time. */
const timeoutMs = 15_000;
/** More channels than any token has; each may take as long as the timeout. */
const maxTries = 64;

/** In order, one after the other: a wrong token is slowed by the gateway, and answers stay apart. */
export async function tryGateway(gatewayUrl: string, targets: readonly Target[]): Promise<Attempt[]> {
  const below = targets.filter(({ address }) => routeBelow(address, gatewayUrl) !== undefined);
  const attempts: Attempt[] = [];
  for (const target of below.slice(0, maxTries)) attempts.push(await tryOne(gatewayUrl, target));
  if (below.length > maxTries) {
    const message = words.othersNotTried(below.length - maxTries);
    attempts.push({ url: shownAddress(gatewayUrl), ok: false, message });
  }
  return attempts;
}

async function tryOne(gatewayUrl: string, { address, credentials }: Target): Promise<Attempt> {
  const url = parsedUrl(address);
  const shown = shownAddress(address);
  if (url === undefined) return { url: shown, ok: false, message: words.noAddress };
  const own = url.password === '' && url.username === '' ? credentials : ownCredentials(url);
  url.username = '';
  url.password = '';
  // A channel has no page of its own; every conda channel has noarch.
  const isConda = routeBelow(address, gatewayUrl)?.startsWith('/pypi/') !== true;
  if (isConda) url.pathname = `${withoutTrailingSlashes(url.pathname)}/noarch/repodata.json`;
  try {
    const response = await fetch(url, {
      method: 'HEAD',
      redirect: 'manual',
      signal: AbortSignal.timeout(timeoutMs),
      ...(own === undefined
        ? {}
        : {
            headers: {
              authorization: `Basic ${Buffer.from(`${own.login}:${own.password}`).toString('base64')}`,
            },
          }),
    });
    const { status, statusText } = response;
    const ok = status === 200;
    return { url: shown, ok, status, message: ok ? words.answers : reasonOf(status, statusText) };
  } catch (error) {
    const code = error instanceof Error && error.cause instanceof Error && 'code' in error.cause;
    const why = code ? String((error.cause as { code?: unknown }).code) : words.noAnswer;
    return { url: shown, ok: false, message: words.unreachable(why) };
  }
}

function ownCredentials(url: URL): Credentials {
  return { login: decoded(url.username), password: decoded(url.password) };
}

/** As it stands where it is no encoding: whatever somebody pasted. */
function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** The reason phrase says more than the status; HTTP/2 and some proxies drop it. */
function reasonOf(status: number, reason: string): string {
  return reason === '' ? words.status(status) : `${reason} (${status}).`;
}

/**
 * Reads a file's link on an upstream's page. Invariant: what passes is an http(s) URL without credentials that is not
 * less protected than the page it stands on, and that names no address that the channel may not reach. A name is judged
 * when it is connected to, as its addresses change.
 */
import { isIP } from 'node:net';
import type { DropCause } from '../../../shared/model/channel-health.ts';
import { rangeOf } from '../../network/address-range.ts';
import { isThisComputer } from '../../network/proxy-rule.ts';
import { reachOf } from '../../network/reach.ts';
import type { Reach, Target } from '../../network/reach.ts';

const maxUrlChars = 8192;
/** A page names a handful of hosts; a hostile one may name any number. */
const maxKnownHosts = 1000;

/** Judges the links of one page. */
export class LinkReader {
  readonly #base: URL;
  readonly #page: URL;
  readonly #reach: (target: Target, address: string) => Reach;
  /** By `host:port`. */
  readonly #barred = new Map<string, DropCause | undefined>();

  /**
   * @param page URL that the page really came from
   * @param base URL that a relative link counts from (the page's, or its `<base href>`)
   * @param privateHosts what of the local network the channel may reach
   */
  constructor(page: URL, base: URL = page, privateHosts: readonly string[] = []) {
    this.#base = base;
    this.#page = page;
    this.#reach = reachOf(privateHosts, { ownPorts: () => [] });
  }

  /** The absolute URL without its fragment, or why the link must not be followed. */
  read(href: string): URL | DropCause {
    if (href.length > maxUrlChars || this.#base.href.length > maxUrlChars) return 'unreadable';
    const url = parseUrl(href, this.#base);
    if (url === undefined) return 'unreadable';
    if (url.protocol !== 'https:' && url.protocol !== 'http:') return 'scheme';
    if (url.username !== '' || url.password !== '') return 'credentials';
    if (this.#page.protocol === 'https:' && url.protocol === 'http:') return 'insecure';
    const barred = this.#barredOf(url);
    if (barred !== undefined) return barred;
    url.hash = '';
    return url;
  }

  /** Refused again when it is connected to; said here, so that a client is offered nothing that it cannot get. */
  #barredOf(url: URL): DropCause | undefined {
    // Most links, and reached before.
    if (url.host === this.#page.host) return undefined;
    if (this.#barred.has(url.host)) return this.#barred.get(url.host);
    const barred = this.#judge(url);
    if (this.#barred.size < maxKnownHosts) this.#barred.set(url.host, barred);
    return barred;
  }

  #judge(url: URL): DropCause | undefined {
    const hostname = url.hostname.replace(/^\[|\]$/g, '').replace(/\.$/, '');
    const isHere = isThisComputer(hostname);
    if (!isHere && isIP(hostname) === 0) return undefined;
    const address = isIP(hostname) === 0 ? '127.0.0.1' : hostname;
    const defaultPort = url.protocol === 'https:' ? 443 : 80;
    const target = { hostname, port: url.port === '' ? defaultPort : Number(url.port) };
    if (this.#reach(target, address).ok) return undefined;
    return isHere || rangeOf(address) === 'loopback' ? 'this-computer' : 'host';
  }
}

/** An absolute URL, or undefined if the text is not one. */
export function parseUrl(text: string, base?: URL): URL | undefined {
  try {
    return new URL(text, base);
  } catch (error) {
    if (error instanceof TypeError) return undefined;
    throw error;
  }
}

/** The last part of the path, decoded; undefined where it cannot be. */
export function lastPathSegment(url: URL): string | undefined {
  const { pathname } = url;
  const segment = pathname.slice(pathname.lastIndexOf('/') + 1);
  if (!segment.includes('%')) return segment;
  try {
    return decodeURIComponent(segment);
  } catch (error) {
    if (error instanceof URIError) return undefined;
    throw error;
  }
}

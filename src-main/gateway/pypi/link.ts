/**
 * Reads a file's link on an upstream's page. Invariant: what passes is an http(s) URL without credentials that is not
 * less protected than the page it stands on, and that does not point an outside index at this computer itself.
 */
import ipaddr from 'ipaddr.js';
import type { DropCause } from '../../../shared/model/channel-health.ts';

const maxUrlChars = 8192;
/** A page names a handful of hosts; a hostile one may name any number. */
const maxKnownHosts = 1000;

/** Judges the links of one page. */
export class LinkReader {
  readonly #base: URL;
  readonly #page: URL;
  readonly #isPageHere: boolean;
  readonly #here = new Map<string, boolean>();

  /**
   * @param page URL that the page really came from
   * @param base URL that a relative link counts from (the page's, or its `<base href>`)
   */
  constructor(page: URL, base: URL = page) {
    this.#base = base;
    this.#page = page;
    this.#isPageHere = isThisComputer(page.hostname);
  }

  /** The absolute URL without its fragment, or why the link must not be followed. */
  read(href: string): URL | DropCause {
    if (href.length > maxUrlChars) return 'unreadable';
    const url = parseUrl(href, this.#base);
    if (url === undefined) return 'unreadable';
    if (url.protocol !== 'https:' && url.protocol !== 'http:') return 'scheme';
    if (url.username !== '' || url.password !== '') return 'credentials';
    if (this.#page.protocol === 'https:' && url.protocol === 'http:') return 'insecure';
    // Else an index on the Internet could have the gateway read a metadata service or a port of its own computer.
    if (!this.#isPageHere && this.#isHere(url.hostname)) return 'this-computer';
    url.hash = '';
    return url;
  }

  #isHere(hostname: string): boolean {
    let isHere = this.#here.get(hostname);
    if (isHere === undefined) {
      isHere = isThisComputer(hostname);
      if (this.#here.size < maxKnownHosts) this.#here.set(hostname, isHere);
    }
    return isHere;
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

/** Loopback, link-local and unspecified addresses, written as names or numbers. Names that resolve to them are not seen here. */
function isThisComputer(hostname: string): boolean {
  const host = hostname.replace(/^\[|\]$/g, '').replace(/\.$/, '');
  if (host === 'localhost' || host.endsWith('.localhost')) return true;
  if (!ipaddr.isValid(host)) return false;
  return ['loopback', 'linkLocal', 'unspecified'].includes(ipaddr.process(host).range());
}

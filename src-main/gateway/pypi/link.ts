/**
 * Reads a file's link on an upstream's page. Invariant: what passes is an http(s) URL without credentials that is not
 * less protected than the page it stands on, and that does not point an outside index at this computer itself.
 */
import ipaddr from 'ipaddr.js';

const maxUrlChars = 8192;

/**
 * The absolute URL without its fragment, or undefined if the link must not be followed.
 * @param base URL that a relative link counts from (the page's, or its `<base href>`)
 * @param page URL that the page really came from
 */
export function resolveFileUrl(href: string, base: URL, page: URL): URL | undefined {
  if (href.length > maxUrlChars) return undefined;
  const url = parseUrl(href, base);
  if (url === undefined || (url.protocol !== 'https:' && url.protocol !== 'http:')) return undefined;
  if (url.username !== '' || url.password !== '') return undefined;
  if (page.protocol === 'https:' && url.protocol === 'http:') return undefined;
  // Else an index on the Internet could have the gateway read a metadata service or a port of its own computer.
  if (isThisComputer(url.hostname) && !isThisComputer(page.hostname)) return undefined;
  url.hash = '';
  return url;
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
  const segment = url.pathname.slice(url.pathname.lastIndexOf('/') + 1);
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

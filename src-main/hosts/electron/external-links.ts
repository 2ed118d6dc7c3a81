import { shell } from 'electron';
import { documentation } from '../../../shared/model/documentation.ts';

/**
 * Where the system's browser may be sent. Exact hosts, https only: what the page asks for is untrusted, and
 * shell.openExternal would start any program that has registered a scheme.
 */
const allowedHosts: ReadonlySet<string> = new Set(documentation.map(({ url }) => new URL(url).hostname));

/** Whether a URL may be opened in the system's browser: https, a listed host, the default port, no user name. */
export function isAllowedExternalUrl(candidate: string): boolean {
  if (candidate.length > 2048) return false;
  let url: URL;
  try {
    url = new URL(candidate);
  } catch {
    return false;
  }
  return (
    url.protocol === 'https:' &&
    allowedHosts.has(url.hostname) &&
    url.port === '' &&
    url.username === '' &&
    url.password === ''
  );
}

/** Opens a listed URL in the system's browser; anything else is dropped. Returns whether it was opened. */
export function openExternal(candidate: string): boolean {
  if (!isAllowedExternalUrl(candidate)) return false;
  // The normalised form: what was checked is what is opened.
  void shell.openExternal(new URL(candidate).href);
  return true;
}

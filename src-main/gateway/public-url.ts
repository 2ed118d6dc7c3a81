/** The address that clients use, where a proxy or a name stands before the gateway; it may have a path of its own. */
import { withoutTrailingSlashes } from '../base/trailing-slashes.ts';

export type PublicUrl = {
  /** Without a slash at the end: what links begin with. */
  readonly href: string;
  /** Its path, such as `/latchkey`; '' without one. */
  readonly path: string;
  /** The same as segments: a proxy may pass it on or take it off. */
  readonly base: readonly string[];
};

/** @param url as the settings' schema lets it through; empty or absent: there is none */
export function readPublicUrl(url: string | undefined): PublicUrl | undefined {
  if (url === undefined || url === '') return undefined;
  const href = withoutTrailingSlashes(url);
  const pathAt = href.indexOf('/', href.indexOf('//') + 2);
  const path = pathAt < 0 ? '' : href.slice(pathAt);
  return { href, path, base: path === '' ? [] : path.slice(1).split('/') };
}

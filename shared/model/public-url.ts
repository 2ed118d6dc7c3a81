/** The address that clients use for a gateway: scheme, host, and perhaps a path of its own behind a proxy. */

/** Letters that mean the same in a URL, a shell and a configuration file. */
const shape = /^https?:\/\/[^\s/?#@\\]{1,255}((?:\/[A-Za-z0-9._~-]{1,64}){0,8})\/?$/i;
/** The first segments of the gateway's own routes: below one of them a path would have two readings. */
const ownRoots: ReadonlySet<string> = new Set(['conda', 'pypi', 't', 'healthz', '.latchkey']);

/** What is wrong with an address, said so that it can be mended; undefined when it is fine. */
export function publicUrlProblem(url: string): string | undefined {
  const match = url.length <= 300 ? shape.exec(url) : null;
  if (match === null) return 'must look like https://packages.example.com or https://example.com/packages';
  const segments = (match[1] ?? '').split('/').slice(1);
  if (segments.some((segment) => segment === '.' || segment === '..'))
    return 'must not hold . or .. in its path';
  const [first = ''] = segments;
  return ownRoots.has(first)
    ? `must not have a path that begins with /${first}, as the gateway's own paths do`
    : undefined;
}

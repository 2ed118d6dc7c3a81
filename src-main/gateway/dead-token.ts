/**
 * Which status says that a token is dead (revoked, or expired), by client. All carry the same reason; what differs is
 * whether the client lets a person read it (docs/clients.md has the measurements). By User-Agent, which proves nothing:
 * nothing but the number depends on it.
 */
import type { Rule } from '../../shared/model/decision.ts';
import type { RequestTarget } from './request-target.ts';

const deadRules: ReadonlySet<Rule> = new Set(['access.token-revoked', 'access.token-expired']);

/** Where 403 hides the reason. Others (conda, rattler, pixi, curl) print the reason of a 403. */
const statusByProduct: ReadonlyMap<string, 410> = new Map([
  // Of 401 and 403 they say "check the credentials"; of any other status the reason phrase and the problem document.
  ['uv', 410],
  ['poetry', 410],
]);

/** @param client the first product of the User-Agent, such as `pip/26.3` */
export function statusForDeadToken(
  rule: Rule | undefined,
  client: string,
  target: Pick<RequestTarget, 'route' | 'segments'> | undefined,
): 401 | 410 | undefined {
  if (rule === undefined || !deadRules.has(rule)) return undefined;
  const slashAt = client.indexOf('/');
  const product = slashAt < 0 ? client : client.slice(0, slashAt);
  // Of a refused index page pip says nothing, unless it is a 401: "Credentials not correct for …". Of a refused file it
  // prints a 403's reason, and would ask for a password after a 401.
  const isPage = target?.route === 'pypi' && target.segments[0] === 'simple';
  return product === 'pip' ? (isPage ? 401 : undefined) : statusByProduct.get(product);
}

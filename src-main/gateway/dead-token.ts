/**
 * Which status says that a token is dead (revoked, or expired), by client. All carry the same reason; what differs is
 * whether the client lets a person read it (docs/clients.md has the measurements). By User-Agent, which proves nothing:
 * nothing but the number depends on it.
 */
import type { Rule } from '../../shared/model/decision.ts';

const deadRules: ReadonlySet<Rule> = new Set(['access.token-revoked', 'access.token-expired']);

/** Where 403 hides the reason. Others (conda, mamba, rattler, pixi, curl) print the reason of a 403. */
const statusByProduct: ReadonlyMap<string, 401 | 410> = new Map([
  // Says nothing at all of a refused index page, unless it is a 401: "Credentials not correct for …".
  ['pip', 401],
  // Of 401 and 403 they say "check the credentials"; of any other status the reason phrase and the problem document.
  ['uv', 410],
  ['poetry', 410],
]);

/** @param client the first product of the User-Agent, such as `pip/26.3` */
export function statusForDeadToken(rule: Rule | undefined, client: string): 401 | 410 | undefined {
  if (rule === undefined || !deadRules.has(rule)) return undefined;
  const slashAt = client.indexOf('/');
  return statusByProduct.get(slashAt < 0 ? client : client.slice(0, slashAt));
}

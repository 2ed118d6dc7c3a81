/**
 * Which policies speak about a request, and what their verdicts depend on. Invariant: the key is another one after every
 * change of policies, curation or facts, so that nothing that was made before is given out after it.
 */
import { createHash } from 'node:crypto';
import type { BundleToken } from '../../shared/model/bundle.ts';
import type { Policy } from '../../shared/model/policy.ts';
import type { PolicyTables } from './policy-tables.ts';
import type { PolicyScope } from './types.ts';
import { UpstreamError } from './types.ts';

/** Nothing is asked of packages. */
export const noPolicies: PolicyScope = { policies: [], key: '' };

export class PolicyScopes {
  readonly #tables: () => PolicyTables | undefined;
  readonly #factsVersion: () => string;
  #scopes = new WeakMap<readonly Policy[], PolicyScope & { readonly factsVersion: string }>();

  /** @param factsVersion of the facts that documents are judged by */
  constructor(tables: () => PolicyTables | undefined, factsVersion: () => string) {
    this.#tables = tables;
    this.#factsVersion = factsVersion;
  }

  of({ teamId, environmentId }: Pick<BundleToken, 'teamId' | 'environmentId'>): PolicyScope {
    const tables = this.#tables();
    const policies = tables?.forScope(teamId, environmentId);
    if (tables === undefined || policies === undefined || policies.length === 0) return noPolicies;
    const factsVersion = this.#factsVersion();
    let scope = this.#scopes.get(policies);
    if (scope?.factsVersion !== factsVersion) {
      const text = JSON.stringify([policies, tables.curationVersion, factsVersion]);
      const key = createHash('sha256').update(text).digest('base64url').slice(0, 22);
      scope = { policies, key, factsVersion };
      this.#scopes.set(policies, scope);
    }
    return scope;
  }
}

/** Changes that a request waits out: many at once are an import. */
const maxTurns = 5;

/**
 * Makes something under the policies that are in force when it is done: what was made under others is made again.
 * @throws what `make` throws; UpstreamError where they keep changing
 */
export async function underCurrent<T>(
  request: { readonly scope: PolicyScope },
  make: (scope: PolicyScope) => T | Promise<T>,
): Promise<T> {
  for (let turn = 0; turn < maxTurns; turn += 1) {
    const { scope } = request;
    try {
      // oxlint-disable-next-line no-await-in-loop
      const made = await make(scope);
      if (request.scope.key === scope.key) return made;
    } catch (error) {
      if (request.scope.key === scope.key) throw error;
    }
  }
  throw new UpstreamError(503, 'Policies are being changed, try again', { retryAfter: '1' });
}

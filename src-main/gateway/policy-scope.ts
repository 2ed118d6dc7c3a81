/**
 * Which policies speak about a request, and what their verdicts depend on. Invariant: the key is another one after every
 * change of policies, curation or facts, so that nothing that was made before is given out after it.
 */
import { createHash } from 'node:crypto';
import type { BundleToken } from '../../shared/model/bundle.ts';
import type { Policy } from '../../shared/model/policy.ts';
import type { PolicyTables } from './policy-tables.ts';

export type PolicyScope = { readonly policies: readonly Policy[]; readonly key: string };

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

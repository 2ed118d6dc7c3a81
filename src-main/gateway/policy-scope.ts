/**
 * Which policies speak about a request, and what their verdicts depend on. Invariant: the key is another one after every
 * change of policies, curation or facts, so that nothing that was made before is given out after it.
 */
import { createHash } from 'node:crypto';
import type { BundleToken } from '../../shared/model/bundle.ts';
import type { Policy } from '../../shared/model/policy.ts';
import type { PolicyTables } from './policy-tables.ts';
import type { ChannelResponse, PolicyScope } from './types.ts';
import { UpstreamError } from './types.ts';
import { texts } from '../../shared/texts/texts.ts';

/** Whether one of these policies wants to know the licence. */
export const asksLicenses = ({ policies }: Pick<PolicyScope, 'policies'>): boolean =>
  policies.some(({ rules }) => rules.some(({ type }) => type === 'licenses'));

/** Nothing is asked of packages. */
export const noPolicies: PolicyScope = { policies: [], key: '', tag: '' };

export class PolicyScopes {
  readonly #tables: () => PolicyTables | undefined;
  readonly #factsVersion: () => string;
  readonly #factsDigest: () => string;
  #scopes = new WeakMap<readonly Policy[], PolicyScope & { readonly factsVersion: string }>();

  /**
   * @param factsVersion of the facts that documents are judged by
   * @param factsDigest of what these say
   */
  constructor(
    tables: () => PolicyTables | undefined,
    factsVersion: () => string,
    factsDigest: () => string = factsVersion,
  ) {
    this.#factsDigest = factsDigest;
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
      const spoken = JSON.stringify(policies);
      const key = digestOf([spoken, `${tables.curationVersion}`, factsVersion]);
      const tag = digestOf([spoken, tables.curationDigest, this.#factsDigest()]);
      scope = { policies, key, tag, factsVersion };
      this.#scopes.set(policies, scope);
    }
    return scope;
  }
}

const digestOf = (parts: readonly string[]): string =>
  createHash('sha256').update(JSON.stringify(parts)).digest('base64url').slice(0, 22);

/** Changes that a request waits out: many at once are an import. */
const maxTurns = 5;

type Make<T> = (scope: PolicyScope, turn: number) => T | Promise<T>;

/**
 * Makes something under the policies that are in force when it is done: what was made under others is made again. For what
 * gives bytes of a package.
 * @param make is told how often it was made already: what changes keep overtaking should get quicker
 * @param drop told of what is not given out
 * @throws what `make` throws; UpstreamError where they keep changing
 */
export async function underCurrent<T>(
  request: { readonly scope: PolicyScope },
  make: Make<T>,
  drop: (made: T) => void = () => {},
): Promise<T> {
  return await underChanges(request, make, drop, false);
}

/**
 * The same for what only tells (an index, a list): where changes do not stop, what was in force when it was begun again
 * counts, which was after it was asked for, so that nobody waits for ever. Who asks after a change gets nothing from before.
 * @throws what `make` throws
 */
export async function underAsked<T>(
  request: { readonly scope: PolicyScope },
  make: Make<T>,
  drop: (made: T) => void = () => {},
): Promise<T> {
  return await underChanges(request, make, drop, true);
}

/** A change is in force by then, also for who asked before it. */
const inForceMs = 2_000;

async function underChanges<T>(
  request: { readonly scope: PolicyScope },
  make: Make<T>,
  drop: (made: T) => void,
  isTold: boolean,
): Promise<T> {
  for (let turn = 0; turn < maxTurns; turn += 1) {
    const { scope } = request;
    const begunAtMs = performance.now();
    const isLast = turn === maxTurns - 1;
    try {
      // oxlint-disable-next-line no-await-in-loop
      const made = await make(scope, turn);
      if (request.scope.key === scope.key) return made;
      if (isTold && (isLast || (turn > 0 && performance.now() - begunAtMs < inForceMs))) return made;
      drop(made);
    } catch (error) {
      if (request.scope.key === scope.key || (isTold && isLast)) throw error;
    }
  }
  throw new UpstreamError(503, texts.refusals.requests.policiesChanging, { retryAfter: '1' });
}

/** An answer that nobody gets: what it would have been sent from is let go. */
export function dropAnswer({ body }: ChannelResponse): void {
  if (body.type === 'stream') body.stream.destroy();
}

/**
 * Decisions of the last time, by their ids: what a developer has who only knows the id from a terminal. Invariant:
 * bounded; an id says nothing by itself; what is kept holds neither a token's secret nor an address.
 */
import { createHash } from 'node:crypto';
import { LRUCache } from 'lru-cache';
import type { Reason } from '../../shared/model/decision.ts';
import type { EnvironmentId, TeamId } from '../../shared/model/ids.ts';
import type { Ecosystem } from '../../shared/model/packages.ts';

const maxDecisions = 10_000;
/** Of 32 characters that are not taken for one another when they are read aloud (Crockford). */
const alphabet = '0123456789abcdefghjkmnpqrstvwxyz';
const idLength = 10;

export type PackageDecision = {
  readonly id: string;
  readonly atMs: number;
  readonly ecosystem: Ecosystem;
  readonly channelName: string;
  readonly filename: string;
  readonly name: string;
  readonly version: string;
  readonly teamId: TeamId;
  readonly environmentId: EnvironmentId;
  readonly reasons: readonly Reason[];
  /** The best version that is allowed, where one was looked for. */
  readonly nearestAllowed?: string | undefined;
};

export class DecisionMemory {
  readonly #decisions = new LRUCache<string, PackageDecision>({ max: maxDecisions });

  /**
   * The same decision has the same id, whoever asks again.
   * @param scopeKey of the policies and facts that it was made by
   */
  keep(decision: Omit<PackageDecision, 'id'>, scopeKey: string): PackageDecision {
    const { channelName, filename, teamId, environmentId } = decision;
    const hash = createHash('sha256')
      .update(JSON.stringify([scopeKey, channelName, filename, teamId, environmentId]))
      .digest();
    let id = '';
    for (let index = 0; index < idLength; index += 1) id += alphabet[(hash[index] ?? 0) % 32];
    const kept = { ...decision, id };
    this.#decisions.set(id, kept);
    return kept;
  }

  get(id: string): PackageDecision | undefined {
    return this.#decisions.get(id);
  }
}

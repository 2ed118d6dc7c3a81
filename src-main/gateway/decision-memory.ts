/**
 * Decisions of the last time, by their ids: what a developer has who only knows the id from a terminal; and which packages
 * each token was refused, for its notices. Invariant: bounded; an id says nothing by itself; what is kept holds neither a
 * token's secret nor an address.
 */
import { createHash } from 'node:crypto';
import { LRUCache } from 'lru-cache';
import type { Reason } from '../../shared/model/decision.ts';
import type { EnvironmentId, TeamId, TokenId } from '../../shared/model/ids.ts';
import type { Ecosystem } from '../../shared/model/packages.ts';

const maxDecisions = 10_000;
/** Those that were used last, each with its last packages. */
const maxTokens = 2_000;
const maxPackages = 50;
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

/** What policies did about a package that a token asked for. */
export type TokenNote = {
  /** Name and version that was not to be had. */
  readonly name: string;
  readonly version: string;
  /** Of a refusal. */
  readonly decisionId?: string;
  /** The older version that was taken while it was hidden. */
  readonly taken?: string;
  readonly atMs: number;
};

export class DecisionMemory {
  readonly #notes = new LRUCache<TokenId, LRUCache<string, TokenNote>>({ max: maxTokens });
  readonly #decisions = new LRUCache<string, PackageDecision>({ max: maxDecisions });

  /**
   * The same decision has the same id, whoever asks again.
   * @param scopeTag of the policies and facts that it was made by
   * @param tokenId whose request it was
   */
  keep(decision: Omit<PackageDecision, 'id'>, scopeTag: string, tokenId: TokenId): PackageDecision {
    const { channelName, filename, teamId, environmentId } = decision;
    const hash = createHash('sha256')
      .update(JSON.stringify([scopeTag, channelName, filename, teamId, environmentId]))
      .digest();
    let id = '';
    for (let index = 0; index < idLength; index += 1) id += alphabet[(hash[index] ?? 0) % 32];
    const kept = { ...decision, id };
    this.#decisions.set(id, kept);
    const { name, version, atMs } = decision;
    this.#notesOf(tokenId).set(`${name} ${version}`, { name, version, decisionId: id, atMs });
    return kept;
  }

  /** A version was taken while a newer one is hidden. */
  noteHidden(
    tokenId: TokenId,
    { name, version: taken }: { readonly name: string; readonly version: string },
    { version }: { readonly version: string },
    atMs: number,
  ): void {
    this.#notesOf(tokenId).set(`${name} ${version} hidden`, { name, version, taken, atMs });
  }

  /** What a token was refused, or did not see, since then; the last first. */
  notes(tokenId: TokenId, sinceMs: number): readonly TokenNote[] {
    return [...(this.#notes.get(tokenId)?.values() ?? [])].filter(({ atMs }) => atMs >= sinceMs);
  }

  #notesOf(tokenId: TokenId): LRUCache<string, TokenNote> {
    let notes = this.#notes.get(tokenId);
    if (notes === undefined) {
      notes = new LRUCache({ max: maxPackages });
      this.#notes.set(tokenId, notes);
    }
    return notes;
  }

  get(id: string): PackageDecision | undefined {
    return this.#decisions.get(id);
  }
}

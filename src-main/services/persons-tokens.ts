/**
 * Which tokens are a person's, or were one's: rows of then still are. Invariant: where the vault's log is not looked at
 * far enough back to tell, a token that was handed on counts as a person's.
 */
import type { HolderId, TokenId } from '../../shared/model/ids.ts';
import { maxLinesBack } from './entries-backwards.ts';
import type { OrganizationVault } from './organization-vault.ts';

type Known = {
  readonly vault: OrganizationVault;
  /** Lines that were looked at. */
  seq: number;
  /** Of the first of them: what was issued later was seen. */
  readonly firstAtMs: number;
  readonly persons: Set<TokenId>;
};

export class PersonsTokens {
  #known: Known | undefined;
  #looking: Promise<unknown> = Promise.resolve();

  async whose(vault: OrganizationVault, tokenId: TokenId): Promise<'person' | 'machine' | 'unknown'> {
    const { holders, tokens } = vault.state();
    const token = tokens.get(tokenId);
    const kind = token === undefined ? undefined : holders.get(token.holderId)?.kind;
    if (kind === undefined) return 'unknown';
    if (kind === 'person') return kind;
    // One after the other: a line is looked at once.
    const looked = this.#looking.then(() => this.#look(vault));
    this.#looking = looked.catch(() => undefined);
    return (await looked).persons.has(tokenId) ? 'person' : 'machine';
  }

  forget(): void {
    this.#known = undefined;
  }

  async #look(vault: OrganizationVault): Promise<Known> {
    const end = vault.seq();
    const from = Math.max(0, end - maxLinesBack);
    const { holders, tokens } = vault.state();
    const isPerson = (holderId: HolderId) => holders.get(holderId)?.kind === 'person';
    let known = this.#known?.vault === vault ? this.#known : undefined;
    for await (const { atMs, event } of vault.entries(known?.seq ?? from, end)) {
      known ??= { vault, seq: from, firstAtMs: from === 0 ? 0 : atMs, persons: new Set() };
      if (event.type === 'token.issued' || event.type === 'token.rotated') {
        const token = event.type === 'token.issued' ? event.token : event.successor;
        if (isPerson(token.holderId)) known.persons.add(token.id);
      } else if (event.type === 'token.changed') {
        const isOlder = (tokens.get(event.tokenId)?.issuedAtMs ?? 0) < known.firstAtMs;
        if (isOlder || isPerson(event.holderId)) known.persons.add(event.tokenId);
      }
    }
    known ??= { vault, seq: from, firstAtMs: 0, persons: new Set() };
    known.seq = end;
    this.#known = known;
    return known;
  }
}

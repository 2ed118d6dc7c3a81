/**
 * Equal values kept once. A hundred thousand tokens name the same few teams, environments and lists of channels; read
 * from JSON each would have copies of its own. For one reading: it is let go of afterwards.
 */
import type { Token } from '../../shared/model/domain.ts';
import type { HolderId } from '../../shared/model/ids.ts';

export class ValuesKeptOnce {
  readonly #texts = new Map<string, string>();
  readonly #lists = new Map<string, readonly string[]>();

  /** The token with values that others have too. Its members are as they were. */
  share(token: Token, holderIdOf: (id: HolderId) => HolderId): Token {
    // Made new and not written to: what JSON.parse makes has more room than it needs, and another shape for each order.
    return {
      ...token,
      holderId: holderIdOf(token.holderId),
      teamId: this.#text(token.teamId),
      environmentId: this.#text(token.environmentId),
      issuedBy: this.#text(token.issuedBy),
      permission: this.#text(token.permission),
      channelIds: this.#list(token.channelIds),
      networks: typeof token.networks === 'string' ? token.networks : this.#list(token.networks),
    };
  }

  #text<T extends string>(text: T): T {
    const known = this.#texts.get(text);
    if (known !== undefined) return known as T;
    this.#texts.set(text, text);
    return text;
  }

  #list<T extends string>(list: readonly T[]): readonly T[] {
    const key = list.join('\n');
    const known = this.#lists.get(key);
    if (known !== undefined) return known as readonly T[];
    this.#lists.set(key, list);
    return list;
  }
}

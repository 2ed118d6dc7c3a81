import type { GatewayRequestEvent, TokenUses } from '../../shared/model/gateway.ts';
import type { TokenId } from '../../shared/model/ids.ts';
import { addPolicyUses, policyUsesOf } from './policy-uses.ts';

/** Pairs of a token and a client; beyond, one for each token, and the rest is counted for its first client. */
const maxPairs = 2_000;
type Uses = { -readonly [K in keyof TokenUses]: TokenUses[K] };

/** Adds up which tokens were used by whom, where telling each request would cost more than the request. Bounded. */
export class TokenUseCounter {
  readonly #byToken = new Map<TokenId, Uses[]>();
  #pairs = 0;

  add(event: GatewayRequestEvent): void {
    const { tokenId, client, address, atMs, outcome, bytes } = event;
    if (tokenId === undefined) return;
    let ofToken = this.#byToken.get(tokenId);
    if (ofToken === undefined) {
      ofToken = [];
      this.#byToken.set(tokenId, ofToken);
    }
    let uses = ofToken.find((one) => one.client === client && one.address === address);
    if (uses === undefined && this.#pairs >= maxPairs) uses = ofToken[0];
    if (uses === undefined) {
      uses = {
        tokenId,
        client,
        address,
        firstAtMs: atMs,
        lastAtMs: atMs,
        requests: 0,
        allowed: 0,
        denied: 0,
        bytes: 0,
      };
      ofToken.push(uses);
      this.#pairs += 1;
    }
    uses.lastAtMs = Math.max(uses.lastAtMs, atMs);
    uses.requests += 1;
    if (outcome === 'allow') uses.allowed += 1;
    else if (outcome === 'deny') uses.denied += 1;
    uses.bytes += bytes;
    const said = policyUsesOf(event);
    if (said.length > 0) uses.policies = addPolicyUses(uses.policies ?? [], said);
  }

  all(): readonly TokenUses[] {
    return [...this.#byToken.values()].flat();
  }
}

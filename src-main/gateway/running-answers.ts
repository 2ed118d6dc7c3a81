/**
 * The answers that are being sent, by token. Invariant: what is enforced counts for an answer under way as well: when
 * its token is revoked or may no longer reach the channel, it ends before the change is acknowledged.
 */
import type { ServerResponse } from 'node:http';
import type { BundleChannel, BundleToken } from '../../shared/model/bundle.ts';
import type { TokenId } from '../../shared/model/ids.ts';
import { isGranted } from './access.ts';
import { breakOff } from './answer.ts';
import type { BundleTables } from './tables.ts';

type Running = { readonly res: ServerResponse; readonly channelName: string; readonly token: BundleToken };

export class RunningAnswers {
  readonly #byToken = new Map<TokenId, Set<Running>>();

  /** Until the answer is sent, or its connection closed. */
  add(res: ServerResponse, token: BundleToken, channel: BundleChannel): void {
    const running: Running = { res, token, channelName: channel.name };
    const known = this.#byToken.get(token.id);
    if (known === undefined) this.#byToken.set(token.id, new Set([running]));
    else known.add(running);
    res.once('close', () => {
      const others = this.#byToken.get(token.id);
      others?.delete(running);
      if (others?.size === 0) this.#byToken.delete(token.id);
    });
  }

  get count(): number {
    let count = 0;
    for (const running of this.#byToken.values()) count += running.size;
    return count;
  }

  /**
   * Ends what may not go on. An end that time alone brings (a token expires while it downloads) lets it finish: the
   * request came in time.
   */
  endDenied(tables: Pick<BundleTables, 'isReady' | 'token' | 'channelNamed'>, nowMs: number): void {
    for (const [id, running] of this.#byToken) {
      const token = tables.isReady ? tables.token(id) : undefined;
      for (const { res, channelName, token: before } of running) {
        const channel = tables.channelNamed(channelName);
        const goesOn =
          token !== undefined &&
          token.revoked === undefined &&
          (token.expiresAtMs >= before.expiresAtMs || token.expiresAtMs > nowMs) &&
          channel !== undefined &&
          isGranted(token, channel);
        // Cut off, not ended: nobody may take half a file for a whole one.
        if (!goesOn) breakOff(res);
      }
    }
  }
}

import type { GatewayView } from '../../shared/contract/gateway-views.ts';
import { texts } from '../../shared/texts/texts.ts';

/** What a gateway without a screen says of itself: that its process died, is behind the vault, and is well again. */
export class GatewayNotices {
  #problem: string | undefined;
  #startedAtMs: number | undefined;

  /** @param started the gateway as it was when it first ran */
  constructor(started: Pick<GatewayView, 'startedAtMs'>) {
    this.#startedAtMs = started.startedAtMs;
  }

  /** @returns what is to be said now, if anything; each change once */
  changeIn({ problem, startedAtMs }: Pick<GatewayView, 'problem' | 'startedAtMs'>): string | undefined {
    const was = this.#problem;
    // It may have died and be back before anybody looked.
    const isNew = startedAtMs !== undefined && startedAtMs !== this.#startedAtMs;
    this.#problem = problem;
    this.#startedAtMs = startedAtMs ?? this.#startedAtMs;
    if (problem !== undefined) return problem === was ? undefined : problem;
    return was !== undefined || isNew ? texts.gateway.wellAgain : undefined;
  }
}

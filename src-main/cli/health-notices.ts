import type { ChannelHealthView } from '../../shared/contract/gateway-views.ts';
import type { ChannelId } from '../../shared/model/ids.ts';
import { texts } from '../../shared/texts/texts.ts';

/** An upstream that says something else each time fills no log. */
const quietMs = 60_000;

type Told = { readonly text: string; readonly atMs: number };

/** What a gateway without a screen says of its channels' upstreams: each change once. */
export class HealthNotices {
  readonly #told = new Map<ChannelId, Told>();

  /** @returns what is to be said now, about which channels */
  changesIn(
    channels: readonly ChannelHealthView[],
    nowMs: number,
  ): { readonly channelId: ChannelId; readonly text: string }[] {
    return channels.flatMap((health) => {
      const { channelId } = health;
      const told = this.#told.get(channelId);
      const text = texts.upstreams.health(health) ?? texts.upstreams.answersAgain;
      if (text === (told?.text ?? texts.upstreams.answersAgain)) return [];
      if (told !== undefined && nowMs - told.atMs < quietMs) return [];
      this.#told.set(channelId, { text, atMs: nowMs });
      return [{ channelId, text }];
    });
  }
}

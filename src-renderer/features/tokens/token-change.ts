import type { TokenChange, TokenView } from '../../../shared/contract/token-views.ts';
import type { ChannelId } from '../../../shared/model/ids.ts';
import type { Widening } from '../../../shared/texts/en/token-forms.ts';
import type { NetworksChoice } from '../../ui/networks-field.tsx';
import type { HolderForm } from './holder-form.ts';
import { holderChoice } from './holder-form.ts';
import { endOfDayMs, isoDate } from './lifetime.ts';

/** What the form of a token that there is holds. */
export type TokenForm = {
  readonly holder: HolderForm;
  readonly note: string;
  readonly channelIds: readonly ChannelId[];
  readonly networks: NetworksChoice;
  /** The last day, `YYYY-MM-DD` in local time. */
  readonly lastDay: string;
};

export function tokenForm(token: TokenView): TokenForm {
  return {
    holder: token.holder,
    note: token.note,
    channelIds: token.channelIds,
    networks: token.networks,
    lastDay: isoDate(token.expiresAtMs),
  };
}

/**
 * Only what differs, so that nothing else is judged or overwritten; undefined when nothing does.
 * @param latestMs the latest end that policies allow: on its day the token ends at that moment, not at the day's end
 */
export function tokenChangeOf(
  token: TokenView,
  form: TokenForm,
  latestMs: number = Infinity,
): TokenChange | undefined {
  const change: Omit<TokenChange, 'id'> = {
    ...(isSameHolder(token, form.holder) ? {} : { holder: holderChoice(form.holder) }),
    ...(form.note.trim() === token.note ? {} : { note: form.note.trim() }),
    ...(isSameSet(form.channelIds, token.channelIds) ? {} : { channelIds: [...form.channelIds] }),
    ...(isSameNetworks(form.networks, token.networks)
      ? {}
      : { networks: form.networks === 'anywhere' ? 'anywhere' : [...form.networks] }),
    ...(form.lastDay === isoDate(token.expiresAtMs)
      ? {}
      : { expiresAtMs: Math.min(endOfDayMs(form.lastDay), latestMs) }),
  };
  return Object.keys(change).length === 0 ? undefined : { id: token.id, ...change };
}

/** What a change would let the token do that it may not do now, each is judged like a new token. */
export function wideningOf(token: TokenView, form: TokenForm): readonly Widening[] {
  const added = form.channelIds.some((id) => !token.channelIds.includes(id));
  const { networks } = token;
  const isWider =
    networks !== 'anywhere' &&
    (form.networks === 'anywhere' || form.networks.some((network) => !networks.includes(network)));
  const isLonger =
    form.lastDay !== isoDate(token.expiresAtMs) && endOfDayMs(form.lastDay) > token.expiresAtMs;
  return [
    ...(added ? ['channels' as const] : []),
    ...(isWider ? ['networks' as const] : []),
    ...(isLonger ? ['end' as const] : []),
  ];
}

function isSameHolder(token: TokenView, form: HolderForm): boolean {
  return form.kind === token.holder.kind && form.name.trim() === token.holder.name;
}

function isSameSet(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && a.every((entry) => b.includes(entry));
}

function isSameNetworks(a: NetworksChoice, b: NetworksChoice): boolean {
  return a === 'anywhere' || b === 'anywhere' ? a === b : isSameSet(a, b);
}

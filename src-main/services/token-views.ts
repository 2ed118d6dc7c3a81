/** Tokens as they are shown. */
import type { TokenView } from '../../shared/contract/token-views.ts';
import type { Token } from '../../shared/model/domain.ts';
import type { OrganizationState } from '../organization/state.ts';
import { tokenState } from '../tokens/lifecycle.ts';
import type { UsageStore } from './usage.ts';
import { texts } from '../../shared/texts/texts.ts';

const words = texts.tokens.gone;

/** A token as it is shown: names instead of ids, its state now, its usage; no digest. */
export function tokenView(
  state: OrganizationState,
  token: Token,
  nowMs: number,
  usage: Pick<UsageStore, 'get'>,
): TokenView {
  const { digest: _digest, holderId, ...open } = token;
  const holder = state.holders.get(holderId);
  const used = usage.get(token.id);
  return {
    ...open,
    holder: { id: holderId, kind: holder?.kind ?? 'person', name: holder?.name ?? words.holder },
    state: tokenState(token, nowMs),
    teamName: state.teams.get(token.teamId)?.name ?? words.team,
    environmentName: state.environments.get(token.environmentId)?.name ?? words.environment,
    channelNames: token.channelIds.map((id) => state.channels.get(id)?.name ?? words.channel),
    issuedByName: state.operators.get(token.issuedBy)?.name ?? words.operator,
    ...(used === undefined ? {} : { usage: used }),
  };
}

import type { TokenView } from '../../shared/contract/token-views.ts';
import { texts } from '../../shared/texts/texts.ts';
import { utcMinute } from '../../shared/texts/utc.ts';

/** All facts about a token, a line each. */
export function describeToken(token: TokenView): string {
  const facts: [string, string][] = [
    ['Id', `lk-${token.id}`],
    [
      'State',
      texts.tokens.state(token).toLowerCase() +
        (token.revoked === undefined ? '' : ` (${token.revoked.reason})`),
    ],
    ['Holder', `${token.holder.name} (${token.holder.kind})`],
    ['Team', token.teamName],
    ['Environment', token.environmentName],
    ['Channels', token.channelNames.join(', ')],
    ['Networks', token.networks === 'anywhere' ? 'anywhere' : token.networks.join(', ')],
    ['Issued', `${utcMinute(token.issuedAtMs)} by ${token.issuedByName}`],
    [texts.tokens.endLabel(token.state), utcMinute(token.expiresAtMs)],
    [
      'Last used',
      token.usage === undefined
        ? 'never'
        : `${utcMinute(token.usage.lastUsedAtMs)} by ${token.usage.lastClient}`,
    ],
    ...(token.rotatedFrom === undefined ? [] : [['Replaces', `lk-${token.rotatedFrom}`] as [string, string]]),
    ...(token.rotatedTo === undefined ? [] : [['Replaced by', `lk-${token.rotatedTo}`] as [string, string]]),
    ['Note', token.note],
  ];
  return facts.map(([name, value]) => `${name.padEnd(15)} ${value}`.trimEnd()).join('\n');
}

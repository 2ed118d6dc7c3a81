import type { TokenView } from '../../shared/contract/token-views.ts';
import { texts } from '../../shared/texts/texts.ts';
import { utcMinute } from '../../shared/texts/utc.ts';

const words = texts.cli.tokens;

/** All facts about a token, a line each. */
export function describeToken(token: TokenView): string {
  const facts: [string, string][] = [
    [words.id, `lk-${token.id}`],
    [
      words.state,
      texts.tokens.state(token).toLowerCase() +
        (token.revoked === undefined ? '' : ` (${token.revoked.reason})`),
    ],
    [words.holder, `${token.holder.name} (${token.holder.kind})`],
    [words.team, token.teamName],
    [words.environment, token.environmentName],
    [words.channels, token.channelNames.join(', ')],
    [words.networks, token.networks === 'anywhere' ? words.anywhere : token.networks.join(', ')],
    [words.issued, words.by(utcMinute(token.issuedAtMs), token.issuedByName)],
    [texts.tokens.endLabel(token.state), utcMinute(token.expiresAtMs)],
    [
      words.lastUsed,
      token.usage === undefined
        ? words.never
        : words.by(utcMinute(token.usage.lastUsedAtMs), token.usage.lastClient),
    ],
    ...(token.usage?.policies ?? []).map(
      (use) => [words.policies, texts.policyUses.line(use)] as [string, string],
    ),
    ...(token.rotatedFrom === undefined
      ? []
      : [[words.replaces, `lk-${token.rotatedFrom}`] as [string, string]]),
    ...(token.rotatedTo === undefined
      ? []
      : [[words.replacedBy, `lk-${token.rotatedTo}`] as [string, string]]),
    [words.note, token.note],
  ];
  return facts.map(([name, value]) => `${name.padEnd(15)} ${value}`.trimEnd()).join('\n');
}

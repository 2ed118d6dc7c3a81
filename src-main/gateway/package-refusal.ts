/** The answer to a request for a package that policies deny. It never reads like a missing permission. */
import { texts } from '../../shared/texts/texts.ts';
import type { Ecosystem } from '../../shared/model/packages.ts';
import type { DecisionMemory } from './decision-memory.ts';
import type { SpokenPackage } from './documents/spoken-files.ts';
import type { ChannelRequest, ChannelResponse } from './types.ts';

/** Whether one of those that spoke denies. */
export const isDenied = (spoken: SpokenPackage | undefined): spoken is SpokenPackage =>
  spoken?.reasons.some(({ mode }) => mode !== 'observe') ?? false;

/** An answer of which policies that only observe would have said something else. */
export const observed = (response: ChannelResponse, spoken: SpokenPackage | undefined): ChannelResponse =>
  spoken === undefined ? response : { ...response, decision: { effect: 'allow', reasons: spoken.reasons } };

/**
 * @param request for the file
 * @param denied what was denied, with the reasons; those that deny come first
 */
export function packageRefusal(
  request: Pick<ChannelRequest, 'channel' | 'token' | 'scope'>,
  ecosystem: Ecosystem,
  denied: SpokenPackage,
  decisions: DecisionMemory,
  nowMs: number,
): ChannelResponse {
  const { channel, token, scope } = request;
  const { filename, name, version, reasons } = denied;
  const { id } = decisions.keep(
    {
      atMs: nowMs,
      ecosystem,
      channelName: channel.name,
      filename,
      name,
      version,
      teamId: token.teamId,
      environmentId: token.environmentId,
      reasons,
    },
    scope.key,
  );
  const [first] = reasons;
  return {
    status: 403,
    reason: first === undefined ? `Blocked by policy [${id}]` : texts.reasons.blocked(first, id),
    headers: {},
    body: { type: 'none' },
    decision: { effect: 'deny', reasons },
    problem: {
      decision: id,
      package: { ecosystem, name, version, filename },
      reasons: reasons.map((reason) => ({
        policy: reason.policyName,
        rule: reason.rule,
        mode: reason.mode,
        evidence: reason.evidence,
        says: texts.reasons.of(reason),
      })),
    },
  };
}

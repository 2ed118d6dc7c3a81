/** The answer to a request for a package that policies deny. It never reads like a missing permission. */
import { texts } from '../../shared/texts/texts.ts';
import type { Ecosystem } from '../../shared/model/packages.ts';
import type { DecisionMemory } from './decision-memory.ts';
import type { SpokenPackage } from './documents/spoken-files.ts';
import type { JudgedFile } from './judged-file.ts';
import type { ChannelRequest, ChannelResponse } from './types.ts';

/** An answer of which policies that only observe would have said something else, or that stands for a newer version. */
export function observed(
  request: Pick<ChannelRequest, 'token'>,
  response: ChannelResponse,
  { about, spoken, insteadOf: newer }: JudgedFile,
  decisions: DecisionMemory,
  nowMs: number,
): ChannelResponse {
  // Nothing was taken instead of it where nothing was there.
  const insteadOf = response.status === 200 ? newer : undefined;
  if (about === undefined || (spoken === undefined && insteadOf === undefined)) return response;
  if (insteadOf !== undefined) decisions.noteHidden(request.token.id, about, insteadOf, nowMs);
  return {
    ...response,
    ...(spoken === undefined ? {} : { decision: { effect: 'allow', reasons: spoken.reasons } }),
    about: { ...response.about, package: about, ...(insteadOf === undefined ? {} : { insteadOf }) },
  };
}

/**
 * @param request for the file
 * @param denied what was denied, with the reasons; those that deny come first
 * @param nearestAllowed the version that is allowed and nearest to it
 */
export function packageRefusal(
  request: Pick<ChannelRequest, 'channel' | 'token' | 'scope'>,
  ecosystem: Ecosystem,
  denied: SpokenPackage,
  decisions: DecisionMemory,
  nowMs: number,
  nearestAllowed: string | undefined,
): ChannelResponse {
  const { channel, token, scope } = request;
  const { filename, name, version, reasons } = denied;
  // Another build of the same version may be allowed.
  const near = nearestAllowed === undefined ? {} : { nearestAllowed };
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
      ...near,
    },
    scope.tag,
    token.id,
  );
  const [first] = reasons;
  return {
    status: 403,
    reason:
      first === undefined ? `Blocked by policy [${id}]` : texts.reasons.blocked(first, id, nearestAllowed),
    headers: {},
    body: { type: 'none' },
    decision: { effect: 'deny', reasons },
    about: { package: { ecosystem, name, version }, decisionId: id },
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
      ...near,
    },
  };
}

/** The words for a decision's reasons: what a developer reads in a terminal, an admin in a form and an operator in a log. */
import { assertNever } from '../../assert-never.ts';
import type { Reason } from '../../model/decision.ts';
import { utcDate, utcMinute } from '../utc.ts';
import { isPackageReason, packageReason } from './package-reasons.ts';

export const reasons = {
  /**
   * What a client is told of a package that a policy denies; `id` can be looked up and is never cut off. `nearest` is the
   * version to take instead.
   */
  blocked: (reason: Reason, id?: string, nearest?: string): string => {
    const start = `Blocked by policy ${reason.policyName ?? '?'}: `;
    if (id === undefined) return start + wordsOf(reason);
    const end = ` [${id}]${nearest === undefined ? '' : `; ${nearest} is allowed`}`;
    return start + cut(wordsOf(reason), maxPhraseChars - start.length - end.length) + end;
  },
  /** One reason as part of a sentence, with the policy behind it where one spoke. */
  of: (reason: Reason): string => {
    const policy = reason.policyName === undefined ? '' : ` (policy ${reason.policyName})`;
    return `${wordsOf(reason)}${policy}`;
  },
};

/** A status line takes 180, and some characters are written as several. */
const maxPhraseChars = 170;
const cut = (text: string, maxChars: number): string =>
  text.length <= maxChars ? text : `${text.slice(0, Math.max(0, maxChars - 3))}...`;

function wordsOf(reason: Reason): string {
  if (isPackageReason(reason)) return packageReason(reason);
  switch (reason.rule) {
    case 'tokens.lifetime':
      return `a lifetime of ${reason.evidence.ttlDays} days exceeds the limit of ${reason.evidence.maxTtlDays} days`;
    case 'tokens.networks':
      return 'source networks are required';
    case 'access.credential-missing':
      return 'Token required';
    case 'access.credential-malformed':
      return `Malformed token (${reason.evidence.what})`;
    case 'access.credential-ambiguous':
      return reason.evidence.what;
    case 'access.not-configured':
      return 'The gateway has no configuration yet';
    case 'access.token-unknown':
      return 'Unknown token';
    case 'access.token-revoked':
      return `Token lk-${reason.evidence.tokenId} was revoked: ${reason.evidence.reason}`;
    case 'access.token-expired': {
      const { tokenId, expiresAtMs, rotatedTo } = reason.evidence;
      const successor = rotatedTo === undefined ? '' : ` and was replaced by lk-${rotatedTo}`;
      return `Token lk-${tokenId} expired on ${utcDate(expiresAtMs)}${successor}`;
    }
    case 'access.token-not-yet-valid':
      return `Token lk-${reason.evidence.tokenId} is not valid before ${utcMinute(reason.evidence.notBeforeMs)}`;
    case 'access.network':
      return `Token lk-${reason.evidence.tokenId} may not be used from ${reason.evidence.address}`;
    case 'access.path-unknown':
      return 'No such path on this gateway';
    case 'access.channel':
      return `Channel not available to token lk-${reason.evidence.tokenId}`;
    default:
      return assertNever(reason);
  }
}

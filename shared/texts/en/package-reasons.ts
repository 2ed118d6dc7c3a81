/** Why a package is denied: in a reason phrase, a form, a log. One part of a sentence each, without a full stop. */
import { assertNever } from '../../assert-never.ts';
import type { Reason } from '../../model/decision.ts';
import { utcDate } from '../utc.ts';

export type PackageReason = Extract<Reason, { readonly rule: `package.${string}` }>;

export const isPackageReason = (reason: Reason): reason is PackageReason =>
  reason.rule.startsWith('package.');

/** What a rule about packages brings forward. */
export function packageReason(reason: PackageReason): string {
  switch (reason.rule) {
    case 'package.channel':
      return 'only other channels are allowed';
    case 'package.not-listed':
      return 'not on the list of allowed packages';
    case 'package.listed':
      return `on the deny list as ${reason.evidence.spec}`;
    case 'package.vulnerable':
      return vulnerable(reason.evidence);
    case 'package.malware':
      return `malware, ${reason.evidence.advisoryId}`;
    case 'package.quarantined':
      return 'quarantined by its index';
    case 'package.no-facts':
      return reason.evidence.about === 'malware'
        ? 'no advisories about malware are there yet'
        : 'no advisories about vulnerabilities are there yet';
    case 'package.license':
      if (reason.evidence.isUnread === true) return 'license not yet read';
      return reason.evidence.license === undefined
        ? 'no license given'
        : `license ${theirs(reason.evidence.license)} is ${reason.evidence.isUnknown ? 'unknown' : 'not allowed'}`;
    case 'package.too-young': {
      const { publishedAtMs, minDays } = reason.evidence;
      return `published on ${utcDate(publishedAtMs)}, less than ${days(minDays)} ago`;
    }
    case 'package.age-unknown':
      return `no publication date, and ${days(reason.evidence.minDays)} are required`;
    case 'package.status': {
      const { status, reason: why } = reason.evidence;
      return why === undefined ? status : `${status}: ${theirs(why)}`;
    }
    case 'package.superseded':
      return `older than ${days(reason.evidence.days)}, and there is ${theirs(reason.evidence.newest)}`;
    case 'package.silent':
      return `no release since ${utcDate(reason.evidence.newestAtMs)}`;
    case 'package.platform':
      return `platform ${theirs(reason.evidence.platform)} is not allowed`;
    case 'package.sdist':
      return 'source distributions run code at install and are not allowed';
    case 'package.label-missing':
      return `not labelled ${reason.evidence.label}`;
    case 'package.label-denied':
      return `labelled ${reason.evidence.label}`;
    case 'package.namespace':
      return `names like ${reason.evidence.pattern} come from internal channels only`;
    case 'package.unsatisfiable':
      return `needs ${theirs(reason.evidence.needs)}, of which nothing is left`;
    case 'package.unlisted':
      if (reason.evidence.isUnusable === true) return 'its record in the index cannot be relied on';
      return reason.evidence.isRemoved === true ? 'removed from its channel' : 'in no index of its channel';
    case 'package.failed':
      return `the policy could not be evaluated (${reason.evidence.code})`;
    default:
      return assertNever(reason);
  }
}

/** A text of a package's author, on one line, that cannot be taken for a decision's id or for the version to take instead. */
const theirs = (text: string): string =>
  text
    .replace(/[\s\p{Cc}]+/gu, ' ')
    .replaceAll('[', '(')
    .replaceAll(']', ')')
    .replaceAll(';', ',');

function vulnerable(evidence: Extract<PackageReason, { rule: 'package.vulnerable' }>['evidence']): string {
  const { advisoryId, score, isExploited, epss, fixedIn, others } = evidence;
  const facts = [
    score === undefined ? 'no score' : score.toFixed(1),
    ...(isExploited ? ['known to be exploited'] : []),
    ...(epss === undefined ? [] : [`EPSS ${Math.round(epss * 100)} %`]),
  ];
  const more = others === undefined ? '' : ` and ${others} more`;
  return `${advisoryId} (${facts.join(', ')})${more}${fixedIn === undefined ? '' : `, fixed in ${fixedIn}`}`;
}

const days = (count: number): string => `${count} ${count === 1 ? 'day' : 'days'}`;

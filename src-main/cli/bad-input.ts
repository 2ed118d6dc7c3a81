/**
 * What the door says about an input, in the words of the command line: the option that somebody typed, never the name of
 * a field of the contract.
 */
import type { WireResult } from '../../shared/errors.ts';
import { texts } from '../../shared/texts/texts.ts';

const words = texts.cli.input;

/** The end of a field's path → what it is called on the command line. Numbers in a path stand for `*`. */
export const namesOfFields: Readonly<Record<string, string>> = {
  organizationName: '--organization',
  operatorName: '--operator',
  passphrase: words.passphrase,
  name: words.name,
  description: '--description',
  rank: '--rank',
  isProtected: '--protected',
  note: '--note',
  'holder.name': '--holder',
  'holder.kind': words.holderKind,
  holder: '--holder',
  teamId: '--team',
  'teamIds.*': '--team',
  teamIds: '--team',
  environmentId: '--env',
  'environmentIds.*': '--env',
  environmentIds: '--env',
  'channelIds.*': '--channels',
  channelIds: '--channels',
  rowsDays: '--rows',
  addressDays: '--addresses',
  ciUserDays: '--ci-users',
  rollupDays: '--sums',
  maxGib: '--max-gib',
  policyName: '--policy',
  ttlDays: '--days',
  overlapHours: '--overlap',
  expiresAtMs: '--expires',
  networks: '--network',
  'networks.*': '--network',
  reason: '--reason',
  holderIds: '--holder',
  'holderIds.*': '--holder',
  kinds: '--kind',
  'kinds.*': '--kind',
  ids: words.tokenId,
  'ids.*': words.tokenId,
  id: words.id,
  tokenId: '--token',
  secret: words.secret,
  format: words.format,
  tokens: '--tokens',
  holders: '--holders',
  search: '--search',
  states: '--state',
  'states.*': '--state',
  sort: '--sort',
  limit: '--limit',
  kind: '--kind',
  upstream: words.upstream,
  'upstream.url': '--url',
  'upstream.label': '--label',
  'upstream.path': '--folder',
  credentials: '--auth',
  'credentials.username': '--username',
  'credentials.password': words.password,
  'credentials.token': words.upstreamToken,
  privateHosts: '--private-host',
  'privateHosts.*': '--private-host',
  lookFor: '--look-for',
  label: words.label,
  path: words.path,
  rules: '--max-days',
  'rules.*': '--max-days',
  'rules.*.maxTtlDays': '--max-days',
  'rules.*.networksRequired': '--networks-required',
  mode: words.mode,
  style: '--style',
  teams: '--team',
  'teams.*': '--team',
  environments: '--env',
  'environments.*': '--env',
};

/** What a field is called; its longest known end counts. Settings have their own names on the command line. */
export function nameOfField(path: string): string | undefined {
  const parts = path.split('.').map((part) => (/^\d+$/.test(part) ? '*' : part));
  for (let from = 0; from < parts.length; from += 1) {
    const name = namesOfFields[parts.slice(from).join('.')];
    if (name !== undefined) return name;
  }
  return undefined;
}

/** The same answer; a bad input said by options. */
export function inWordsOfOptions(result: WireResult<unknown>): WireResult<unknown> {
  if (result.ok || result.error.code !== 'IPC_BAD_INPUT') return result;
  const issues = (result.error.details.issues ?? []).map(issueText);
  const says = issues.length === 0 ? words.invalid : words.invalidWith(issues.join('; '));
  return { ok: false, error: { code: 'INVALID_INPUT', says, details: {} } };
}

/** `ttlDays: must be at most 3650` → `--days must be at most 3650`. */
function issueText(issue: string): string {
  const [, path = '', text = ''] = /^([\w.]+): (.*)$/s.exec(issue) ?? [];
  if (path === '') return issue;
  const name = nameOfField(path) ?? path;
  if (/^(must|is|has|holds)\b/.test(text)) return `${name} ${text}`;
  // What is to be done stands after a colon: `the name: use lower-case letters`.
  return /^(use|choose)\b/.test(text) ? `${name}: ${text}` : `${name} ${words.isNotValid(text)}`;
}

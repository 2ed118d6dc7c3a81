import type { Rule } from '../../shared/model/decision.ts';
import { LatchkeyError } from '../../shared/errors.ts';
import { texts } from '../../shared/texts/texts.ts';
import { errorText } from './error-text.ts';
import { issueText } from './issue-text.ts';

/** Fields that several forms have. */
export type FieldName =
  | 'name'
  | 'holder'
  | 'note'
  | 'description'
  | 'channels'
  | 'environments'
  | 'teams'
  | 'networks'
  | 'private-hosts'
  | 'lifetime'
  | 'folder'
  | 'label'
  | 'url'
  | 'passphrase'
  | 'new-passphrase'
  | 'gateway-host'
  | 'port'
  | 'public-url'
  | 'trusted-proxies'
  | 'ca-file'
  | 'proxy-url'
  | 'proxy-password-file'
  | 'no-proxy'
  | 'feed-url';
export type FieldProblems = {
  readonly at: Readonly<Partial<Record<FieldName, string>>>;
  /** All that is wrong stands at a field: nothing is left to be said below the form. */
  readonly isWhole: boolean;
};

export const noFieldProblems: FieldProblems = { at: {}, isWhole: false };

const fieldOfRule: Readonly<Partial<Record<Rule, FieldName>>> = {
  'tokens.lifetime': 'lifetime',
  'tokens.networks': 'networks',
};
/** Paths of the contract's inputs, by their beginning. */
const fieldOfPath: readonly (readonly [string, FieldName])[] = [
  ['holder', 'holder'],
  ['name', 'name'],
  ['note', 'note'],
  ['description', 'description'],
  ['channelIds', 'channels'],
  ['environmentIds', 'environments'],
  ['environments', 'environments'],
  ['teams', 'teams'],
  ['networks', 'networks'],
  ['privateHosts', 'private-hosts'],
  ['ttlDays', 'lifetime'],
  ['expiresAtMs', 'lifetime'],
  ['upstream.path', 'folder'],
  ['upstream.label', 'label'],
  ['upstream.url', 'url'],
  ['source.url', 'url'],
  ['source.privateHosts', 'private-hosts'],
  ['path', 'folder'],
  ['gateway.host', 'gateway-host'],
  ['gateway.port', 'port'],
  ['gateway.publicUrl', 'public-url'],
  ['gateway.trustedProxies', 'trusted-proxies'],
  ['network.caFile', 'ca-file'],
  ['network.proxyUrl', 'proxy-url'],
  ['network.proxyPasswordFile', 'proxy-password-file'],
  ['network.noProxy', 'no-proxy'],
  ['updates.feedUrl', 'feed-url'],
];

/** Where in a form an error belongs. @param fields those that the form has */
export function fieldProblems(error: unknown, fields: readonly FieldName[]): FieldProblems {
  if (!(error instanceof LatchkeyError)) return noFieldProblems;
  const found = problemsOf(error);
  const at: Partial<Record<FieldName, string>> = {};
  let placed = 0;
  for (const { field, text } of found) {
    if (field === undefined || !fields.includes(field)) continue;
    at[field] = at[field] === undefined ? text : `${at[field]} ${text}`;
    placed += 1;
  }
  return { at, isWhole: placed > 0 && placed === found.length };
}

type Problem = { readonly field: FieldName | undefined; readonly text: string };

/** Of the codes that say something about fields; the others are said below the form. */
function problemsOf(error: LatchkeyError): readonly Problem[] {
  if (error.code === 'NAME_TAKEN') {
    return [{ field: error.details.what === 'holder' ? 'holder' : 'name', text: error.message }];
  }
  if (error.code === 'INVALID_INPUT') {
    const { network, channel, folder, privateHost, field: named } = error.details;
    const fields: readonly (readonly [string | undefined, FieldName])[] = [
      [network, 'networks'],
      [channel, 'channels'],
      [folder, 'folder'],
      [privateHost, 'private-hosts'],
    ];
    const field = named ?? fields.find(([detail]) => detail !== undefined)?.[1];
    return [{ field, text: error.message }];
  }
  if (error.code === 'VAULT_WRONG_PASSPHRASE') {
    return [{ field: 'passphrase', text: errorText(error).text }];
  }
  // Of a form that asks for a path: what cannot be written there is about it.
  if (error.code === 'FILE_NOT_WRITABLE' || error.code === 'FILE_NOT_REGULAR')
    return [{ field: 'folder', text: errorText(error).text }];
  if (error.code === 'PASSPHRASE_TOO_WEAK') return [{ field: 'new-passphrase', text: error.message }];
  if (error.code === 'POLICY_DENIED') {
    return error.details.reasons.map((reason) => ({
      field: fieldOfRule[reason.rule],
      text: `${texts.grammar.capital(texts.reasons.of(reason))}.`,
    }));
  }
  return error.code === 'IPC_BAD_INPUT' ? (error.details.issues ?? []).map(problemOfIssue) : [];
}

/** @param issue `path.in.the.input: what is wrong`, as the door writes it */
function problemOfIssue(issue: string): Problem {
  const [path = '', ...rest] = issue.split(': ');
  const field = fieldOfPath.find(([start]) => path === start || path.startsWith(`${start}.`))?.[1];
  return { field, text: issueText(rest.length === 0 ? path : rest.join(': ')) };
}

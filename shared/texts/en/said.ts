/** What the other errors say: what is wrong, and what to do. Each is a sentence of facts, nothing more. */
import type { User } from '../../error-details.ts';
import type { PolicyProblem } from '../../contract/policy-views.ts';
import type { Reason } from '../../model/decision.ts';
import type { PassphraseLack } from '../../passphrase/judge.ts';
import { channels } from './channels.ts';
import { curationTables } from './curation-tables.ts';
import { listed } from './grammar.ts';
import { passphrase } from './passphrase.ts';
import { policies } from './policies.ts';
import { policyText } from './policy-text.ts';
import { reasons } from './reasons.ts';

const nouns: Readonly<Record<string, readonly [string, string]>> = {
  token: ['valid token', 'valid tokens'],
  policy: ['policy', 'policies'],
};

const countOf = (kind: string, count: number): string => {
  const [one, many] = nouns[kind] ?? [kind, `${kind}s`];
  return `${count} ${count === 1 ? one : many}`;
};

/** What to do about each kind of user. */
const adviceByKind: readonly (readonly [User['kind'], string])[] = [
  ['token', 'Revoke or change the tokens first.'],
  ['policy', 'Give a policy that names nothing else another scope first, or remove it.'],
  ['channel', 'Open a channel that is open to nothing else to another environment first, or remove it.'],
  ['operator', 'Give its leads another team first.'],
];

/** A policy names a channel in a rule. */
const adviceForChannel: typeof adviceByKind = [
  ['token', 'Revoke or change the tokens first.'],
  ['policy', 'Take the channel out of the rules of the policies first.'],
];

const invalidNetwork = 'Write it like 10.0.0.0/8, 192.0.2.7 or 2001:db8::/32.';

export const saidOfRest = {
  importNothing: (): string => 'Nothing to import: give teams, holders or tokens.',
  notFound: (what: string): string => `This ${what} doesn’t exist, or has been removed.`,
  nameTaken: (what: string, name: string): string =>
    `Another ${what} is already named "${name}". Choose a different name.`,
  inUse: (what: string, counts: readonly (readonly [kind: string, count: number])[]): string => {
    const advice = (what === 'channel' ? adviceForChannel : adviceByKind).filter(([kind]) =>
      counts.some(([found]) => found === kind),
    );
    const who = listed(counts.map(([kind, count]) => countOf(kind, count)));
    return `This ${what} is still needed by ${who}. ${advice.map(([, text]) => text).join(' ')}`.trim();
  },
  logTooSlow: (seconds: number): string =>
    `The request log had no answer after ${seconds} seconds. Choose a shorter period.`,
  logTooLarge: (groups: number): string =>
    `The answer would be made of more than ${groups} entries. Choose a shorter period.`,
  logClosed: (): string => 'The request log was closed before it answered.',
  logCursor: (): string => 'This is no place in the request log. Start from the first page.',
  policyDenied: (denied: readonly Reason[]): string =>
    `A policy does not allow this: ${denied.map(reasons.of).join('; ')}.`,
  advisoryUnknown: (id: string): string =>
    `No feed knows ${id}. Check the id. To keep an assessment until a feed does: latchkey advisory assess --unknown`,
  advisoryOfOthers: (id: string, name: string): string =>
    `No feed says that ${id} is about ${name}. Check the package. To keep an assessment until one does: latchkey advisory assess --unknown`,
  vexDocument: (source: string, why: string): string => `${source} is not an OpenVEX 0.2.0 document: ${why}.`,
  vexFeedDamaged: (source: string): string =>
    `What was kept of ${source} is damaged. Update the feed, and try again.`,
  vexPlanStale: (): string =>
    'What was read, or what is said here, has changed since this was shown. Look at the proposals again, and apply those.',
  tablePlanStale: (): string =>
    'The table or the file has changed since this plan was made. Make a new plan, look at it, and apply that.',
  tableFile: (source: string, place: string, why: string): string =>
    `${source}: ${curationTables.problem(place, why)}`,
  tableEntry: (entry: string, why: string): string => curationTables.problem(entry, why),
  policyPlanStale: (): string =>
    'The policies have changed since this plan was made. Make a new plan, look at it, and apply that.',
  policyText: (line: number, why: string): string => `Line ${line}: ${policyText.alone(why)}`,
  policyInvalid: (policyName: string, problem: PolicyProblem): string =>
    policies.refused(policyName, problem),
  needsRole: (role: 'admin' | 'lead'): string =>
    role === 'admin' ? 'Only an admin can do this.' : 'Only an admin or a lead can do this.',

  passphraseTooWeak: (lack: PassphraseLack): string => passphrase.lack(lack),
  passphraseFor: (act: string): string =>
    `Enter the passphrase ${act}: unlocking with this computer is not enough.`,
  passphraseDue: (days: number): string =>
    `The passphrase is asked for every ${days} days, so that it is not forgotten. Enter it this time.`,
  keychainEmpty: (): string => 'This computer keeps nothing to unlock with. Use the passphrase.',
  keychainRefused: (): string =>
    'This computer’s keychain no longer opens the organization. Unlock it with the passphrase.',
  keychainDropped: (): string =>
    'What this computer’s keychain kept could no longer be opened (another profile, or a changed keyring), so it was removed. Unlock with the passphrase, then set it up again.',
  keychainMissing: (): string =>
    'No keychain is running in this session, so this computer cannot unlock the organization. On Linux, start GNOME Keyring or KWallet and log in again.',
  keychainPlain: (): string =>
    'The only keychain here stores without real encryption, so it is not used. On Linux, start GNOME Keyring or KWallet and log in again.',
  keychainDesktopOnly: (): string => 'Only the desktop app can unlock with this computer.',

  networkInvalid: (text: string): string => `"${text}" is not a valid network. ${invalidNetwork}`,
  networkPrefix: (text: string): string => `"${text}" has no valid prefix length after the slash.`,
  networkPrefixTooLong: (text: string, max: number): string => `"${text}" has a prefix length over ${max}.`,
  networkBitsSet: (text: string, network: string, address: string): string =>
    `"${text}" has bits set after its prefix. Did you mean ${network}, or the single address ${address}?`,
  networksMissing: (): string => 'Enter at least one network, or choose "From anywhere".',
  privateHostInvalid: (text: string): string =>
    `"${text}" is not a valid private host. Write it like store.corp.example:443, 10.1.2.3:8081, [fd00::5]:443 or 10.0.0.0/8.`,
  privateHostTooWide: (text: string): string =>
    `"${text}" covers too many addresses. List the networks that the channel needs.`,
  privateHostMetadata: (text: string): string =>
    `"${text}" is where a cloud gives a machine its credentials. No channel may reach it.`,
  privateHostUnusable: (text: string): string => `"${text}" is not the address of any machine.`,
  folderReachesNoHosts: (): string => 'A local folder reaches no hosts. Remove the private hosts.',
  folderNeedsNoCredentials: (): string => 'A local folder needs no credentials. Remove them.',
  folderNotAbsolute: (): string => 'Enter an absolute path to the folder.',
  folderNotReadable: (path: string): string => `The folder ${path} cannot be read. Check that it exists.`,
  folderNot: (path: string): string => `${path} is not a folder.`,
  folderMapDamaged: (path: string): string =>
    `${path} is damaged. Repair it, or move it away and map the folders again.`,
  tokenInUrl: (): string =>
    'The URL contains a token, after /t/. Remove it from the URL and enter it as credentials, where it is sealed.',
  credentialsNeedHttps: (): string =>
    'Credentials are only sent over https, or to this computer. Change the URL to https://.',
  channelKindFixed: (): string => 'The kind of a channel cannot change. Add another channel.',
  condaName: (name: string, subdir: string): string =>
    `A conda channel cannot be named "${name}". ${channels.condaName(subdir)}`,
  credentialsElsewhere: (): string =>
    'The upstream is on another host now. Enter its credentials again, or remove the stored ones.',
  channelNotInEnvironment: (channel: string, environment: string): string =>
    `Channel "${channel}" is not available in ${environment}. Leave it out, or add the environment to the channel.`,
  proxyInvalid: (url: string): string =>
    `"${url}" is not a valid proxy address. Write it like http://proxy:3128.`,
  caFileInvalid: (path: string, why: string): string =>
    `${path} cannot be used as a CA file: ${why}. It must hold certificates as PEM ("-----BEGIN CERTIFICATE-----").`,
  networkFileNotAbsolute: (path: string): string => `Enter an absolute path instead of ${path}.`,
  networkFileMissing: (path: string): string => `The file ${path} of the network settings doesn’t exist.`,

  tokenOther: (tokenId: string): string => `The secret belongs to another token than lk-${tokenId}.`,
  tokenIncomplete: (): string => 'This is not a token. Copy it whole, from lk- to its end.',
  tokenRevoked: (tokenId: string): string => `Token lk-${tokenId} is revoked. Issue a new one instead.`,
  tokenExpired: (tokenId: string): string => `Token lk-${tokenId} has expired. Issue a new one instead.`,
  tokenRotated: (tokenId: string, successor: string): string =>
    `Token lk-${tokenId} was already replaced. Rotate its successor lk-${successor} instead.`,
  tokenRotatedNotExtended: (tokenId: string, successor: string): string =>
    `Token lk-${tokenId} was replaced by lk-${successor}, so it is not extended.`,
  tokenEndsBeforeStart: (): string => 'The token would expire before it starts. Choose a later date.',
  tokenTooLong: (days: number): string =>
    `A token lasts at most ${days} days from its issue. Choose an earlier date.`,
  tokenAddress: (): string => 'This address does not name a token.',
  tableHoldsSecret: (): string => 'A table must not contain the secret of a token.',
  otherTokens: (): string =>
    'The tokens that would change are not the ones shown. Look at the preview again.',
  nothingChanges: (): string => 'No token would change.',
  tooManyAtOnce: (most: number, count: number): string =>
    `At most ${most} tokens can be changed at once; this would change ${count}. Narrow the selection.`,

  gatewayPortInUse: (host: string, port: number): string =>
    `Port ${port} on ${host} is used by another program. Choose another port in the settings, or 0 for a free one.`,
  logPersonsNeedAdmin: (): string => 'Addresses and users of CI are sealed to the admins. Ask one of them.',
  retentionOrder: (): string =>
    'Addresses and CI users cannot be kept longer than rows, nor rows longer than sums. Change the days.',
  logKeyDamaged: (): string =>
    'A key of the request log does not open. It was changed, or sealed to another key.',
  gatewayForPackages: (): string =>
    'Only the gateway that the app runs remembers what it decided. Start it; for the command line, also turn on Settings → Command line in the app.',
  gatewayCannotListen: (host: string, port: number, reason: string): string =>
    `The gateway cannot listen on ${host}:${port} (${reason}). Check the address in the settings.`,
  gatewayNotOurs: (url: string): string =>
    `Another program answers at ${url}, and would get the tokens. End it, or choose another port or address in the settings and restart the gateway.`,
  gatewayPortUnknown: (): string =>
    'The settings let the gateway take a free port at each start, so its address is not known here. Export from the app while the gateway runs, or set gateway.port or gateway.publicUrl.',
  gatewayAddressInvalid: (): string =>
    'The address of the gateway is not valid. Write it like https://packages.example.org or http://127.0.0.1:8700.',
  gatewayBug: (): string => 'Something went wrong inside the gateway.',
  gatewayEnded: (): string => 'The gateway’s process ended before it answered.',
  configUnknown: (): string =>
    'This is not a known configuration file. Use a .condarc, pip.conf (pip.ini), uv.toml or .netrc.',
  configTooLong: (): string => 'The file is too long for a configuration.',
  exportUnsupported: (tokenId: string, kinds: readonly ('conda' | 'pypi')[]): string =>
    `Token lk-${tokenId} does not reach ${kinds.length > 1 ? 'any channel' : kinds[0] === 'conda' ? 'a conda channel' : 'a PyPI channel'}. Choose another format, or issue a token for such a channel.`,
  exportHasNoFile: (fileName: string): string => `This export has no file named ${fileName}.`,
  nothingSaved: (): string => 'Nothing was saved.',
  savePathNotAbsolute: (): string => 'Enter an absolute path.',
  saveFolderMissing: (dir: string): string => `The folder ${dir} doesn’t exist.`,
  saveOutsideHome: (home: string): string => `Choose a place inside your home folder (${home}).`,
  noClipboard: (): string => 'This host has no clipboard. Copy the text in the page.',
  noFolderDialog: (): string => 'This host has no such dialog. Enter the path.',
  rendererMissing: (): string => 'The renderer has not been built. Run `npm run build`.',

  badInput: (issues: readonly string[]): string => `The input is not valid: ${issues.join('; ')}.`,
  notPlainData: (): string => 'The input is not plain data.',
  unknownMethod: (): string => 'This method does not exist.',
  inputTooLarge: (kib: number): string => `The input is larger than ${kib} KiB.`,
  untrustedSender: (): string => 'This call did not come from the window of Latchkey.',
  bug: (): string => 'Something went wrong inside Latchkey. The change did not happen.',
  cancelled: (): string => 'Cancelled.',
  hostAnswered: (status: number): string => `Latchkey answered with HTTP ${status}. Reload this page.`,
  notJson: (): string => 'The body is not JSON.',
  launchUsed: (): string =>
    'This launch address was already used, or is too old. Press Enter where Latchkey runs to get a new one. If you did not use it yourself, someone else on this computer may have.',
  eventPlaceInvalid: (): string => 'The place in the events is not valid.',
  callNotPost: (): string => 'Calls are made by POST.',
  callForeignPage: (): string => 'The call does not come from Latchkey’s own page.',
  callWithoutHeader: (): string => 'The call lacks its header.',
  callNotJson: (): string => 'The call is not JSON.',
  callOtherSite: (): string => 'The call comes from another site.',
  notSignedIn: (): string => 'This page is not signed in to Latchkey.',
};

/** `latchkey facts`, `latchkey advisory` and `latchkey label`. */
import { plural } from './grammar.ts';

export const factCommands = {
  facts: 'facts about packages: advisories, known exploits, scores',
  status: 'list the feeds, how old they are, and what is wrong with them; ends with 1 when anything is',
  add: 'add a feed, or change one',
  kind: 'osv, kev, epss or vex',
  url: 'where to fetch it',
  folder: 'label of a folder of this computer (see "folder map")',
  privateHosts: 'hosts of the local network that it may reach, e.g. store.corp.example:443',
  every: 'how often to look, in hours',
  staleAfter: 'when it counts as out of date, in hours',
  remove: 'remove a feed',
  update: 'read one feed now, or all',
  acceptShrunk: 'take it as it is: also with fewer records, and without those it no longer has',
  import: 'read a feed from a folder or file of this computer, whatever its source',
  advisory: 'advisories, and what you found out about them',
  advisoryList: 'search advisories, the worst first',
  ecosystem: 'conda or pypi',
  open: 'only those that nobody has assessed',
  inUse: 'only about what was asked for through gateways of this data folder in the last 90 days',
  asked: 'asked for',
  malware: 'malware',
  noUse:
    'No request is remembered yet: what is in use shows once clients have asked a gateway of this data folder.',
  limit: 'how many at most',
  assess: 'say what an advisory means for a package; it counts from the next request on',
  unknown: 'keep it although no feed knows the advisory for this package: it counts when one does',
  assessStatus: 'reported, active, mitigated, cleared or disputed',
  justification: 'why it is not affected, as OpenVEX says it, e.g. component_not_present',
  reason: 'why',
  evidence: 'a link, a ticket, a commit',
  label: 'set the labels of a package, or of one version; none takes them off',
  needsSource: 'Give either --url or --folder.',
  needsPackage: 'Write the package as conda:openssl or pypi:django==4.2.',
  feedAdded: (name: string): string => `Feed ${name} saved. Read it with: latchkey facts update ${name}`,
  feedRemoved: (name: string): string => `Feed ${name} removed.`,
  noFeeds: 'There is no feed yet. Add one with: latchkey facts add',
  assessed: (id: string, name: string, status: string): string => `${id} is ${status} for ${name}.`,
  assessedUnknown: (id: string, name: string, status: string): string =>
    `${id} will be ${status} for ${name} once a feed knows it.`,
  labelled: (name: string, labels: readonly string[]): string =>
    labels.length === 0 ? `${name} has no labels.` : `${name}: ${labels.join(', ')}`,
  shrunk: (from: number, to: number): string =>
    `has shrunk from ${from} to ${to} records; accept that with --accept-shrunk`,
  stale: 'out of date',
  updated: 'up to date',
  updating: 'being read',
  never: 'never',
  total: (shown: number, total: number): string =>
    shown === total ? `${plural(total, 'advisory', 'advisories')}.` : `The first ${shown} of ${total}.`,
  head: {
    feeds: ['FEED', 'KIND', 'RECORDS', 'GONE', 'READ', 'STATE'],
    advisories: ['ADVISORY', 'PACKAGE', 'AFFECTED', 'SCORE', 'STATUS', 'IN USE', 'SUMMARY'],
  },
};

/** The request log and the package cache, in app and commands. */
import type { Retention } from '../../model/log-keeping.ts';
import { formatCount } from '../format.ts';
import { listed, plural } from './grammar.ts';

const isoDay = (atMs: number): string => new Date(atMs).toISOString().slice(0, 10);

export const requestLog = {
  everybody: 'everybody',
  tokenOf: (id: string, holder: string | undefined): string =>
    holder === undefined ? `lk-${id}` : `lk-${id} (${holder})`,
  /** What is wrong with a segment. */
  problems: {
    'damaged-line': (line: number): string => `Line ${line} can’t be read.`,
    'unproved-line': (line: number): string =>
      `Line ${line} can’t be checked, because the one before it is damaged.`,
    'torn-line': (line: number): string =>
      `Line ${line} ends half-way: its gateway was ended while it wrote.`,
    'another-segment': 'It is another segment, under this name.',
    'batch-order': (line: number): string => `Before line ${line} something was taken out, doubled or moved.`,
    'persons-changed': (line: number): string => `The sealed addresses at line ${line} were changed.`,
    mac: (line: number): string => `Line ${line} was changed after it was written.`,
    root: 'Its end does not fit what stands before it.',
    signature: 'Its signature is not the gateway’s.',
    'after-the-end': (line: number): string => `Line ${line} was added after the end.`,
    'mac-keys-changed': 'The file of its keys (.mac.json) was changed.',
    'person-keys-changed': 'The file of its keys (.address.json or .ci-user.json) was changed.',
    'mac-keys-missing': 'The file of its keys (.mac.json) is gone.',
    'not-in-chain': 'It does not follow from the segment before it.',
    'retired-too-soon': 'It is said to be taken by retention, but is too new for that.',
    'retired-unproved': 'It is said to be taken by retention, but no gateway that is known has signed that.',
  },
  notAsNamed: (by: string): string => `Segment ${by} says that it was another.`,
  notAsAnchored: 'The vault says that it was another.',
  missing: 'It was there, and is neither here now nor taken by retention.',
  notClosed: 'Its gateway ended without signing it.',
  notReadable: 'The request log could not be read. Look at its folder and disk.',
  gapAlarm: (count: number, first: string): string =>
    `${plural(count, 'segment')} of the request log ${count === 1 ? 'is' : 'are'} missing (${first}${count === 1 ? '' : ', …'}). Put ${count === 1 ? 'it' : 'them'} back from a backup, or find out who removed ${count === 1 ? 'it' : 'them'}. Activity › Log, or “latchkey log verify”, names each.`,
  tamperedAlarm: (count: number, first: string, what: string): string =>
    `${plural(count, 'segment')} of the request log ${count === 1 ? 'is' : 'are'} not as written (${first}: ${what}) Find out whether the disk or somebody changed ${count === 1 ? 'it' : 'them'}. Activity › Log, or “latchkey log verify”, names each.`,
  /** Why a gateway writes no rows. */
  writing: (code: string): string =>
    code === 'ENOSPC' || code === 'EDQUOT'
      ? 'The disk is full: the request log is not written.'
      : `The request log can’t be written (${code}).`,
  /** Also a line of a gateway's log. */
  segmentDamaged: (segment: string, aside: string | undefined): string =>
    `A part of the request log is damaged${aside === undefined ? `: ${segment}` : `, and was put aside: request-log/${aside}`}. What can be read of it answers, and so do all others. Check the disk. “latchkey log verify” says which lines.`,
  isAside: (aside: string): string =>
    `It was put aside, as request-log/${aside}. Check the disk. A whole copy of it from a backup belongs in request-log/segments.`,
  areAside: (count: number, files: readonly string[]): string =>
    `${plural(count, 'damaged segment')} put aside: ${files.map((file) => `request-log/${file}`).join(', ')}${count > files.length ? ', …' : ''}. What can be read of ${count === 1 ? 'it' : 'them'} answers. Check the disk; whole copies from a backup belong in request-log/segments.`,
  clockDoubted: (clockMs: number, daysLeft: number): string =>
    `The clock says ${isoDay(clockMs)}, far ahead of the last known time: until it has said so on ${plural(daysLeft, 'more day')}, nothing of the request log goes by it.`,
  goneForRoom: (toMs: number): string =>
    `The request log is as large as it may be: rows up to ${isoDay(toMs)} went before their time.`,
  tookForRoom: (segments: number, toMs: number): string =>
    `The request log is as large as it may be: ${plural(segments, 'segment')} up to ${isoDay(toMs)} went before their time.`,
  noAdmins: 'The request log waits for the vault to be unlocked once.',
};

export const packageCache = {
  notReadable: 'The cache could not be read. Look at its folder and disk.',
};

export const logCommands = {
  log: 'what gateways of this data folder wrote of downloads and refusals',
  query: 'list rows, newest first; rows of persons are noted in the vault before they are shown',
  token: 'of one token, by id',
  team: 'of one team',
  environment: 'of one environment',
  package: 'of a package, e.g. conda:openssl or pypi:django==4.2, or a SHA-256',
  needsPackage: 'Write the package as conda:openssl or pypi:django==4.2, or give a file’s SHA-256.',
  kind: 'download, cut or refusal',
  policy: 'what a policy refused',
  from: 'from that day or time on, e.g. 2026-11-01',
  to: 'up to before that day or time',
  open: 'with address and CI user (admins)',
  limit: 'how many at most, up to 1000',
  limitOfRows: 'how many at most, up to 1000; "log export" writes all',
  whoHas: 'who fetched a package or a file, in any spelling; noted in the vault before it is shown',
  installed: 'what a team, an environment or a token installed',
  refusals: 'refusals by day, policy and rule',
  clients: 'which programs used a token, for which CI project and job',
  export: 'write all rows of a period on standard output',
  format: 'jsonl (the default) or csv',
  badFormat: (text: string): string => `There is no format "${text}". There are jsonl and csv.`,
  status: 'how much there is, and how long it is kept',
  retention: 'show or change how long and how large it is kept; the answer says what that takes',
  rowsDays: 'rows',
  addressDays: 'client addresses',
  ciUserDays: 'CI users',
  rollupDays: 'sums per day',
  maxGib: 'how much of a gateway’s disk rows may take, in GiB',
  yes: 'do it',
  lookUps: 'who looked somebody up',
  verify:
    'check every segment, the chain, what the vault says and, for admins, MACs; ends with 1 when something is not as written',
  prune: 'remove what retention no longer keeps; without --yes it only says what that is',
  checkedSegments: (checked: number, total: number): string =>
    `Checked ${formatCount(checked)} of ${plural(total, 'segment')}.`,
  noSegments: 'There is no request log.',
  verified: (segments: number, rows: number, open: number, retired: number): string =>
    `${plural(segments, 'segment')}, ${plural(rows, 'row')}${open === 0 ? '' : `; ${formatCount(open)} being written`}${retired === 0 ? '' : `; ${formatCount(retired)} taken by retention`}.`,
  asWritten: 'Everything is as it was written.',
  wrong: (parts: readonly string[]): string => `Not as written: ${listed(parts)}.`,
  states: {
    tampered: 'changed',
    missing: 'missing',
    damaged: 'damaged',
    'not-closed': 'not closed',
    open: 'open',
    retired: 'retired',
    whole: 'whole',
  },
  macsAll: 'Checked: signatures, the chain and, with your keys, MACs.',
  macsNone: 'Checked: signatures and the chain. MACs take an admin’s keys.',
  macsSome: (count: number): string =>
    `MACs of ${plural(count, 'segment')}; of the others signatures and chain only, as their keys are sealed to others, or gone.`,
  unknownSigner: (count: number): string =>
    `${plural(count, 'segment')} signed by a gateway that neither the vault nor this computer knows.`,
  moreProblems: (count: number): string => `… and ${formatCount(count)} more.`,
  nothingToPrune: 'Nothing is due for removal.',
  wouldPrune: (segments: number, bytes: string, persons: number): string =>
    `${plural(segments, 'segment')}, ${bytes}, and addresses and CI users of ${plural(persons, 'further segment')} would be removed. Add --yes to remove them.`,
  pruned: (segments: number, bytes: string, persons: number): string =>
    `${plural(segments, 'segment')}, ${bytes}, and addresses and CI users of ${plural(persons, 'further segment')} removed.`,
  more: 'There is more; give a higher --limit, up to 1000, or a period.',
  moreRows:
    'There is more; give a higher --limit, up to 1000, or a period, or write all with "latchkey log export".',
  unopened: (count: number): string =>
    `${plural(count, 'row')} without address: no longer kept, or sealed to other admins.`,
  oneOfThree: 'Give one of --team, --env and --token.',
  badTime: (text: string): string =>
    `"${text}" is not a time. Write it like 2026-11-01 or 2026-11-01T08:00Z.`,
  noPeriod: '--to must be after --from.',
  kept: ({ rowsDays, addressDays, ciUserDays, rollupDays }: Retention): string =>
    `Kept: rows ${plural(rowsDays, 'day')}, addresses ${plural(addressDays, 'day')}, CI users ${plural(ciUserDays, 'day')}, sums ${plural(rollupDays, 'day')}.`,
  takes: (rows: string, personal: string, sums: string, days: number): string =>
    days === 0
      ? 'Nothing was written yet, so what that takes is not known.'
      : `That takes about ${rows} for rows, ${personal} for keys of addresses and CI users, and ${sums} for sums, going by ${plural(days, 'day')}.`,
  frees: (size: string): string => `That frees about ${size}.`,
  atMost: (size: string): string => `Rows take at most ${size}; beyond that the oldest go before their time.`,
  fullAfter: (days: number): string => `There is room for about ${plural(days, 'day')} of rows.`,
  forRoom: (segments: number, bytes: string, toMs: number): string =>
    `For room, before their time: ${plural(segments, 'segment')}, ${bytes}, up to ${isoDay(toMs)}.`,
  notDone: 'Nothing was changed. Add --yes to change it.',
  sizes: (rows: number, rowsBytes: string, rollupBytes: string, dropped: number): string =>
    `${plural(rows, 'row')}, ${rowsBytes}; sums ${rollupBytes}.${
      dropped === 0 ? '' : ` ${plural(dropped, 'row')} could not be written.`
    }`,
  head: {
    rows: ['TIME', 'WHAT', 'TOKEN', 'HOLDER', 'ENVIRONMENT', 'CHANNEL', 'FILE', 'STATUS', 'CLIENT', 'WHY'],
    opened: ['ADDRESS', 'CI USER'],
    holdings: ['FILE', 'TOKEN', 'HOLDER', 'TEAM', 'ENVIRONMENT', 'TIMES', 'FIRST', 'LAST'],
    installed: ['NAME', 'VERSION', 'FILE', 'TIMES', 'FIRST', 'LAST'],
    refusals: ['DAY', 'POLICY', 'WHY', 'ENVIRONMENT', 'COUNT'],
    clients: ['CLIENT', 'CI PROJECT', 'CI JOB', 'REQUESTS', 'REFUSED', 'FIRST', 'LAST'],
    problems: ['SEGMENT', 'IS', 'WHAT'],
    lookUps: ['TIME', 'WHO', 'WHOSE ROWS', 'FROM', 'TO', 'OPENED'],
  },
  withAddresses: 'addresses',
  rowsOnly: 'rows',
  anchored: (at: string | undefined): string =>
    at === undefined ? 'Not noted in the vault yet.' : `Noted in the vault ${at}.`,
};

export const cacheCommands = {
  cache: 'files that gateways of this data folder keep',
  status: 'how much is kept, and how often it answered',
  list: 'list files, the biggest first',
  channel: 'only those of a channel',
  held: 'only what policies deny to everybody',
  unusedFirst: 'the last used first',
  limit: 'how many at most, up to 1000',
  verify: 'read every file anew; damaged ones are put aside; ends with 1 when there are any',
  purge: 'remove files by a rule; without --yes it only says which',
  all: 'all of them, and all index documents',
  ofChannel: 'what a channel has sent, and its index documents',
  unused: 'what nobody has asked for in so many days',
  denied: 'what policies deny to everybody',
  package: 'a package, or one version, e.g. openssl or openssl==3.0.7',
  sha256: 'one file by its SHA-256',
  yes: 'do it',
  badHash: 'Write the SHA-256 of the file, 64 hex digits.',
  oneRule: 'Give one of --all, --channel, --unused, --denied, --package and --sha256.',
  nothing: 'There is nothing to remove.',
  wouldGo: (what: string, count: number): string =>
    `${what}, would be removed. Add --yes to remove ${count === 1 ? 'it' : 'them'}.`,
  gone: (what: string): string => `${what}, removed.`,
  files: (files: number, bytes: string): string => `${plural(files, 'file')}, ${bytes}`,
  also: (files: string, documents: number, bytes: string): string =>
    `${files}, and ${plural(documents, 'index document')}, ${bytes}`,
  total: (files: number, bytes: string): string => `${plural(files, 'file')}, ${bytes}.`,
  summary: (files: number, bytes: string, max: string): string =>
    `${plural(files, 'file')}, ${bytes} of ${max}.`,
  ratio: (hits: number, asked: number, days: number): string =>
    asked === 0
      ? `No file was asked for in ${plural(days, 'day')}.`
      : `${hits} of ${plural(asked, 'file')} (${Math.round((hits / asked) * 100)} %) came from the cache in ${plural(days, 'day')}.`,
  documents: (count: number, bytes: string): string =>
    `${plural(count, 'index document')}, ${bytes}, for the time that an upstream is away.`,
  aside: (count: number): string => `${plural(count, 'damaged file')} put aside.`,
  verified: (files: number, bytes: string, damaged: number): string =>
    `${plural(files, 'file')} read, ${bytes}; ${damaged === 0 ? 'all are as they were' : `${damaged} damaged, put aside`}.`,
  head: ['FILE', 'SIZE', 'LAST USED', 'CHANNELS', 'SHA-256'],
};

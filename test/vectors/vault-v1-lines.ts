/** The lines of the vector: an organization's first days, and what some of its people tried. */
import { operatorId } from '../../shared/model/ids.ts';
import type { OperatorRole } from '../../shared/model/domain.ts';
import { organizationDomain } from '../../src-main/organization/domain.ts';
import type { DomainEvent } from '../../src-main/organization/events.ts';
import { parseEvents } from '../../src-main/organization/events.ts';
import type { OrganizationState } from '../../src-main/organization/state.ts';
import type { Clear } from '../../src-main/vault/domain.ts';
import { signHead } from '../../src-main/vault/head.ts';
import { jcs } from '../../src-main/vault/jcs.ts';
import { grantKey } from '../../src-main/vault/keyring.ts';
import { hashLine } from '../../src-main/vault/line.ts';
import type { ReplayCursor } from '../../src-main/vault/replay.ts';
import { startCursor } from '../../src-main/vault/replay.ts';
import { sealTextNow } from '../../src-main/base/seal-text.ts';
import { kidOf } from '../../src-main/vault/sign.ts';
import { buildLine } from '../../src-main/vault/write-line.ts';
import { fixedBytes, fixedKeyPair } from '../support/fixed-randomness.ts';
import type { RawLine } from '../support/raw-line.ts';
import { rawLine } from '../support/raw-line.ts';

export const vaultId = Buffer.from(fixedBytes(16)).toString('base64url');
export const keys = { org: fixedBytes(32), upstream: fixedBytes(32) };

const person = (id: string, name: string) => ({
  id: operatorId.parse(id),
  name,
  kid: kidOf(id, 1),
  signKey: fixedKeyPair('Ed25519'),
  receiveKey: fixedKeyPair('X25519'),
});
export const people = {
  ada: person('ada-0', 'Ada Lovelace'),
  lena: person('lena-1', 'Lena'),
  aude: person('aude-2', 'Aude'),
  otto: person('otto-3', 'Otto'),
  /** Whom only a void line names. */
  mallory: person('mallory-4', 'Mallory'),
};
export type Person = (typeof people)['ada'];

/** The public half. */
const shown = ({ id, name, signKey, receiveKey }: Person) => ({
  id,
  name,
  signKey: { kty: 'OKP', crv: 'Ed25519', x: signKey.x } as const,
  receiveKey: { kty: 'OKP', crv: 'X25519', x: receiveKey.x } as const,
});

const hourMs = 3_600_000;
const dayMs = 24 * hourMs;
/** 2026-01-05, 08:00 UTC; one line an hour. */
export const startMs = 1_767_600_000_000;

export type Writing = { readonly lines: readonly string[]; readonly head: string; readonly genesis: string };
type Raw = Readonly<Record<string, unknown>>;

type Added = { readonly operator: Person; readonly role: OperatorRole; readonly teamIds: readonly string[] };

export const authorityOf = (operator: Person, role: OperatorRole, teamIds: readonly string[]) => {
  const { name: _name, id, ...publicKeys } = shown(operator);
  const rest = { role, teamIds, removed: false, adminQuorum: 1 };
  return { signer: id, kind: 'operator', keyNo: 1, ...publicKeys, ...rest };
};

function stored(raw: readonly unknown[]): readonly DomainEvent[] {
  const parsed = parseEvents({ events: raw });
  if (!parsed.ok) throw new Error(parsed.why);
  return parsed.events;
}

class Log {
  readonly lines: string[] = [];
  #cursor: ReplayCursor<OrganizationState> = startCursor(vaultId, '');

  get atMs(): number {
    return startMs + this.lines.length * hourMs;
  }

  /** A line as the app writes it. */
  async write(signer: Person, ...raw: readonly Raw[]): Promise<void> {
    const writer = {
      domain: organizationDomain,
      operatorId: signer.id,
      keyNo: 1,
      signKey: signer.signKey,
      keyring: { get: (name: 'org' | 'upstream') => keys[name] },
      random: fixedBytes,
    };
    const { line, cursor } = await buildLine(writer, this.#cursor, stored(raw), this.atMs);
    this.lines.push(line);
    this.#cursor = cursor;
  }

  /** A line as the app would not write it. */
  forge(signer: Person, fields: Partial<RawLine> & Pick<RawLine, 'events'>): void {
    const { seq, hash: prev } = this.#cursor;
    const whole = { vault: vaultId, seq, prev, atMs: this.atMs, orgKey: keys.org, ...fields };
    const line = rawLine(signer, whole, fixedBytes);
    this.lines.push(line);
    this.#cursor = { ...this.#cursor, seq: seq + 1, hash: hashLine(line) };
  }

  /** A line that brings an operator in the right way, but for a content or a grant that does not open. */
  async addOperator(signer: Person, added: Added, damaged: 'content' | 'grant'): Promise<void> {
    const { operator, role, teamIds } = added;
    const { name: _name, id, ...publicKeys } = shown(operator);
    const clear = { authority: authorityOf(operator, role, teamIds) } as unknown as Clear;
    const receiver = { id, receiveKey: publicKeys.receiveKey };
    const key = await grantKey(vaultId, 'org', damaged === 'grant' ? keys.upstream : keys.org, [receiver]);
    const { commitment } = await grantKey(vaultId, 'org', keys.org, [receiver]);
    const events = [{ type: 'operator.added', operator: { ...shown(operator), role, teamIds } }];
    const orgKey = damaged === 'content' ? keys.upstream : keys.org;
    const context = { vaultId, seq: this.#cursor.seq, atMs: this.atMs, logTimeMs: 0, signer: signer.id };
    this.forge(signer, { events, clear, keys: [{ ...key, commitment }], orgKey });
    const { authority, state } = this.#cursor;
    const counted = damaged === 'content' ? organizationDomain.eventsOfClear(state, clear) : stored(events);
    const verdict = organizationDomain.applyLine(state, counted ?? [], context);
    if (authority === undefined || !verdict.ok) throw new Error('it should count');
    const operators = new Map(authority.operators);
    operators.set(id, { keyNo: 1, ...publicKeys, role, teamIds, removed: false });
    this.#cursor = { ...this.#cursor, state: verdict.state, authority: { ...authority, operators } };
  }

  finish(signer: Person): Writing {
    const last = { vault: vaultId, seq: this.lines.length - 1, hash: this.#cursor.hash ?? '' };
    const head = signHead(signer.signKey, signer.kid, { ...last, atMs: this.atMs - hourMs });
    return { lines: this.lines, head, genesis: hashLine(this.lines[0] ?? '') };
  }
}

const team = (id: string) => ({ id, name: id, description: `team ${id}` });
const environment = (id: string, rank: number, isProtected: boolean) => ({ id, name: id, rank, isProtected });
const mainChannel = {
  id: 'main',
  name: 'main',
  kind: 'conda',
  upstream: { type: 'url', url: 'https://conda.example.org/main' },
  environmentIds: ['dev', 'prod'],
  note: 'ü',
  privateHosts: ['store.corp.example:443', '[fd00::5]:8443', '10.0.0.0/8'],
  sealedCredentials: sealTextNow(
    keys.upstream,
    JSON.stringify({ type: 'basic', username: 'ci', password: 'upstream password ü' }),
    {
      use: 'secret',
      vault: vaultId,
      key: 'upstream',
      epoch: 0,
      subject: 'main',
      origin: 'https://conda.example.org',
    },
    fixedBytes,
  ),
};
const buildsChannel = {
  id: 'builds',
  name: 'builds',
  kind: 'pypi',
  upstream: { type: 'folder', label: 'builds' },
  environmentIds: ['dev'],
  note: '',
};
const strict = {
  id: 'strict',
  name: 'strict',
  mode: 'enforce',
  style: 'hide',
  teams: 'all',
  environments: ['prod'],
  rules: [
    { type: 'tokens', maxTtlDays: 90, networksRequired: true },
    { type: 'channels', channelIds: ['main', 'builds'] },
    {
      type: 'packages',
      list: 'deny',
      specs: [
        { ecosystem: 'conda', spec: 'openssl <3' },
        { ecosystem: 'pypi', spec: 'requests <2.32' },
      ],
    },
    {
      type: 'vulnerabilities',
      atLeast: 7.5,
      unknown: 'deny',
      exploitedOnly: false,
      epssAtLeast: 0.1,
      liftedBy: ['mitigated', 'cleared'],
      fixedOnly: true,
      graceDays: 3,
      noFacts: 'allow',
    },
    { type: 'malware', noFacts: 'deny' },
    { type: 'licenses', list: 'allow', ids: ['MIT', 'Apache-2.0'], unknown: 'deny' },
    { type: 'age', minDays: 7, unknown: 'deny' },
    { type: 'status', denied: ['yanked', 'archived'], supersededAfterDays: 365, silentYears: 5 },
    { type: 'platform', subdirs: ['linux-64', 'noarch'], wheelTags: ['any'], sdists: 'deny' },
    { type: 'labels', required: ['approved'], denied: ['banned'] },
    { type: 'namespace', names: ['acme-*'], channelIds: ['builds'] },
    { type: 'satisfiable' },
  ],
};
const watching = {
  id: 'watching',
  name: 'watching',
  mode: 'observe',
  style: 'refuse',
  teams: ['core'],
  environments: 'all',
  rules: [{ type: 'tokens', networksRequired: true }],
};
const token = (id: string, fields: Raw = {}) => ({
  id,
  digest: Buffer.from(id).toString('hex').padEnd(64, '0'),
  holderId: 'ci',
  teamId: 'core',
  environmentId: 'dev',
  channelIds: ['main'],
  permission: 'install',
  expiresAtMs: startMs + 60 * dayMs,
  networks: 'anywhere',
  note: '',
  ...fields,
});
const inProd = { environmentId: 'prod', networks: ['10.0.0.0/8', '2001:db8::/32'] };
const issued = (id: string, fields: Raw = {}): Raw => ({ type: 'token.issued', token: token(id, fields) });
/** What the organization says about packages; each kind of event, and what takes its entry off again. */
const curated: readonly Raw[] = [
  { type: 'package.labelled', ecosystem: 'conda', name: 'numpy', labels: ['approved'] },
  { type: 'package.labelled', ecosystem: 'pypi', name: 'left', version: '1!2.0+a', labels: ['banned'] },
  { type: 'package.labelled', ecosystem: 'pypi', name: 'left', version: '1!2.0+a', labels: [] },
  {
    type: 'advisory.assessed',
    assessments: [
      {
        advisoryId: 'CVE-2024-1',
        ecosystem: 'conda',
        name: 'openssl',
        version: '3.0.7',
        status: 'cleared',
        justification: 'vulnerable_code_not_present',
        reason: 'built without it, ü',
        evidence: 'https://builds.example.org/17',
      },
      { advisoryId: 'GHSA-1', ecosystem: 'pypi', name: 'x', status: 'active', reason: 'r', evidence: '' },
    ],
    origin: { source: 'vex', sha256: 'ab'.repeat(32), count: 2 },
  },
  {
    type: 'names.mapped',
    names: [
      { conda: 'pytorch', pypi: 'torch' },
      { conda: 'openssl', pypi: null },
    ],
  },
  {
    type: 'licenses.aliased',
    aliases: [
      { text: 'BSD 3-Clause', expression: 'BSD-3-Clause' },
      { text: 'GPL', expression: 'GPL-3.0-only' },
    ],
  },
  { type: 'licenses.aliased', aliases: [{ text: 'GPL', expression: null }] },
  ...(['kev', 'spare'] as const).map((name) => ({
    type: 'feed.set',
    feed: {
      name,
      kind: 'kev',
      source: {
        type: 'url',
        url: 'https://facts.example.org/kev.json',
        privateHosts: ['facts.example.org:443'],
      },
      everyHours: 24,
      staleAfterHours: 96,
    },
  })),
  { type: 'feed.removed', name: 'spare' },
];
const gatewayKey = fixedKeyPair('Ed25519');
const anchored = (run: number, n: number): Raw => ({
  type: 'log.anchored',
  gatewayId: 'gateway-one-0000',
  publicKey: gatewayKey.x,
  run,
  n,
  root: hashLine(`${run} ${n}`),
  rows: 17,
});
const lookedUp = (subject: Raw): Raw => ({
  type: 'log.looked-up',
  subject,
  fromMs: startMs,
  toMs: startMs + dayMs,
  opened: subject['type'] === 'token',
});
const operator = ({ id }: Person, role: string, teamIds: readonly string[], name: string): Raw => ({
  type: 'operator.changed',
  operatorId: id,
  name,
  role,
  teamIds,
});

async function begin(log: Log): Promise<void> {
  const { ada, lena, aude } = people;
  await log.write(ada, { type: 'organization.created', name: 'Example', operator: shown(ada) });
  await log.write(
    ada,
    ...['core', 'data'].map((id) => ({ type: 'team.created', team: team(id) })),
    { type: 'environment.created', environment: environment('dev', 10, false) },
    { type: 'environment.created', environment: environment('prod', 30, true) },
  );
  await log.write(
    ada,
    { type: 'channel.created', channel: mainChannel },
    { type: 'channel.created', channel: buildsChannel },
    { type: 'policy.created', policy: strict },
    { type: 'policy.created', policy: watching },
  );
  const lead = { ...shown(lena), role: 'lead', teamIds: ['core'] };
  await log.write(ada, { type: 'operator.added', operator: lead });
  // Aude's grant does not match the commitment: an admin grants the key again on the next line.
  await log.addOperator(ada, { operator: aude, role: 'auditor', teamIds: [] }, 'grant');
  await log.write(ada, { type: 'key.granted', operatorIds: [aude.id] });
  await log.write(
    lena,
    { type: 'holder.created', holder: { id: 'ci', kind: 'service', name: 'ci', note: 'builds' } },
    { type: 'holder.created', holder: { id: 'pat', kind: 'person', name: 'Pat', note: '' } },
    { type: 'holder.created', holder: { id: 'bot', kind: 'agent', name: 'ci', note: '' } },
    issued('CoreDev1'),
  );
}

/** What a lead, an auditor and a stranger tried: each line is void. */
function tryThings(log: Log): void {
  const { lena, aude, mallory } = people;
  const revoked = { type: 'token.revoked', tokenIds: ['CoreDev1'], reason: 'hidden' };
  log.forge(lena, { events: [issued('DataDev1', { teamId: 'data' })] });
  log.forge(lena, { events: [issued('TenYears', { ...inProd, expiresAtMs: startMs + 3650 * dayMs })] });
  log.forge(lena, { events: [issued('NoLimits', { packagePatterns: ['*'] })] });
  log.forge(lena, { events: [], content: `{ "events": ${jcs([issued('Spelling')])} }` });
  log.forge(lena, { events: [issued('WrongKey')], orgKey: keys.upstream });
  log.forge(lena, { events: [revoked] });
  log.forge(lena, { events: [issued('Extended')], other: { more: 1 } });
  const header = JSON.stringify({ typ: 'lk-line', alg: 'EdDSA', kid: lena.kid });
  log.forge(lena, { events: [issued('Header01')], header });
  log.forge(aude, { events: [issued('Auditor1')] });
  const authority = authorityOf(mallory, 'admin', []);
  log.forge(lena, { events: [], clear: { authority } as unknown as Clear });
  log.forge(mallory, { events: [issued('Mallory1')] });
}

async function goOn(log: Log): Promise<void> {
  const { ada, lena, otto, aude } = people;
  await log.write(lena, issued('CoreProd', inProd), issued('CoreOld1', { notBeforeMs: startMs + dayMs }));
  await log.write(lena, {
    type: 'token.rotated',
    predecessorId: 'CoreOld1',
    predecessorExpiresAtMs: startMs + 2 * dayMs,
    successor: token('CoreNew1', { networks: ['192.0.2.7/32'] }),
  });
  const { holderId: _holder, ...kept } = token('CoreDev1');
  await log.write(lena, {
    type: 'token.changed',
    tokenId: 'CoreDev1',
    holderId: 'bot',
    channelIds: ['main', 'builds'],
    notBeforeMs: startMs + hourMs,
    expiresAtMs: startMs + 30 * dayMs,
    networks: ['10.0.0.0/8'],
    note: kept.note,
  });
  await log.write(ada, issued('DataDev2', { teamId: 'data', holderId: 'pat' }));
  // Void by its content alone: a reader without keys denies the token all the same.
  const foreign = { type: 'token.revoked', tokenIds: ['DataDev2'], reason: 'not hers' };
  log.forge(lena, { events: [foreign], clear: { denies: { tokens: ['DataDev2'] } } });
  await log.write(
    ada,
    { type: 'token.revoked', tokenIds: ['DataDev2', 'CoreProd'], reason: 'found in a build log' },
    { type: 'team.created', team: team('spare') },
    { type: 'environment.created', environment: environment('qa', 20, false) },
    { type: 'channel.created', channel: { ...buildsChannel, id: 'spare', name: 'spare' } },
    { type: 'policy.created', policy: { ...watching, id: 'spare', name: 'spare' } },
  );
  await log.write(
    ada,
    { type: 'policy.removed', policyId: 'spare' },
    { type: 'channel.removed', channelId: 'spare' },
    { type: 'environment.removed', environmentId: 'qa' },
    { type: 'team.removed', teamId: 'spare' },
    { type: 'organization.renamed', name: 'Example Organization' },
    { type: 'holder.changed', holder: { id: 'ci', name: 'ci-main', note: '' } },
    { type: 'team.changed', team: { ...team('data'), description: 'numbers' } },
    { type: 'environment.changed', environment: environment('dev', 11, false) },
    { type: 'channel.changed', channel: { ...buildsChannel, note: 'own builds' } },
    { type: 'policy.changed', policy: { ...watching, teams: ['core', 'data'] } },
  );
  await log.write(ada, ...curated);
  // A lead decides about no package.
  log.forge(lena, { events: curated.slice(0, 1) });
  // How far request logs had come, how long they are kept, and who looked somebody up in them.
  await log.write(
    lena,
    anchored(1_767_600_000_000, 1),
    anchored(1_767_600_000_000, 3),
    anchored(1_767_700_000_000, 1),
  );
  await log.write(ada, {
    type: 'log.retention-set',
    rowsDays: 90,
    addressDays: 7,
    ciUserDays: 7,
    rollupDays: 400,
  });
  await log.write(aude, lookedUp({ type: 'token', tokenId: 'CoreDev1' }), lookedUp({ type: 'everybody' }));
  await log.write(lena, lookedUp({ type: 'package', name: 'numpy ==2.1.0' }));
  // An auditor says nothing else, an anchor never goes back, and a lead decides about no retention.
  log.forge(aude, { events: [anchored(1_767_800_000_000, 1)] });
  log.forge(ada, { events: [anchored(1_767_600_000_000, 2)] });
  log.forge(lena, {
    events: [{ type: 'log.retention-set', rowsDays: 1, addressDays: 1, ciUserDays: 1, rollupDays: 1 }],
  });
  await log.write(ada, operator(lena, 'lead', ['core', 'data'], 'Lena L.'));
  await log.addOperator(ada, { operator: otto, role: 'lead', teamIds: ['data'] }, 'content');
  await log.write(ada, { type: 'log.restored', fromSeq: 20, lostSeq: 40, lostHash: hashLine('lost') });
  await log.write(otto, { type: 'token.revoked', tokenIds: ['DataDev2'], reason: 'once more' });
  const teamRemoved = { type: 'team.removed', teamId: 'core' };
  log.forge(aude, { events: [teamRemoved], clear: { denies: { teams: ['core'] } } });
  await log.write(lena, issued('LastOne1', { teamId: 'data' }));
}

/** All lines, and the head by who wrote the last. */
export async function writeLines(): Promise<Writing> {
  const log = new Log();
  await begin(log);
  tryThings(log);
  await goOn(log);
  return log.finish(people.lena);
}

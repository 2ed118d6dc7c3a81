import { operatorId } from '../../../shared/model/ids.ts';
import { organizationDomain } from '../../../src-main/organization/domain.ts';
import type { DomainEvent, DomainEventType } from '../../../src-main/organization/events.ts';
import { parseEvents } from '../../../src-main/organization/events.ts';
import type { OrganizationState } from '../../../src-main/organization/state.ts';
import type { LineContext } from '../../../src-main/vault/domain.ts';

export const vaultId = 'AAAAAAAAAAAAAAAAAAAAAA';
export const dayMs = 86_400_000;
/** When the lines of these tests are written, unless a test says otherwise. */
export const nowMs = 100 * dayMs;

export const lineAt = (signer = 'ada', atMs = nowMs, logTimeMs = atMs): LineContext => ({
  vaultId,
  seq: 1,
  atMs,
  logTimeMs,
  signer: operatorId.parse(signer),
});

export type Raw = Readonly<Record<string, unknown>>;

/** Events as they come from a log. @throws Error when one is not of its stored form */
export function stored(...raw: readonly Raw[]): readonly DomainEvent[] {
  const parsed = parseEvents(JSON.parse(JSON.stringify({ events: raw })));
  if (!parsed.ok) throw new Error(parsed.why);
  return parsed.events;
}

/** What becomes of a line with these events. */
export const tryLine = (before: OrganizationState | undefined, raw: readonly Raw[], line = lineAt()) =>
  organizationDomain.applyLine(before, stored(...raw), line);

/** The state after a line that has to be accepted. */
export function after(
  before: OrganizationState | undefined,
  raw: readonly Raw[],
  line = lineAt(),
): OrganizationState {
  const verdict = tryLine(before, raw, line);
  if (!verdict.ok) throw new Error(`${verdict.code}: ${verdict.why}`);
  return verdict.state;
}

/** Why a line is void; `undefined` when it is not. */
export function whyVoid(before: OrganizationState | undefined, raw: readonly Raw[], line = lineAt()) {
  const verdict = tryLine(before, raw, line);
  return verdict.ok ? undefined : { code: verdict.code, why: verdict.why };
}
const key = (crv: 'Ed25519' | 'X25519') => ({ kty: 'OKP', crv, x: `${'A'.repeat(42)}E` });
export const operatorKeys = { signKey: key('Ed25519'), receiveKey: key('X25519') };
export const operatorAdded = (id: string, role: string, teamIds: readonly string[] = []): Raw => ({
  type: 'operator.added',
  operator: { id, name: `Operator ${id}`, role, teamIds, ...operatorKeys },
});
export const teamFields = (id: string) => ({ id, name: id, description: '' });
export const environmentFields = (id: string) => ({ id, name: id, rank: 10, isProtected: false });
export const channelFields = (id: string) => ({
  id,
  name: id,
  kind: 'conda',
  upstream: { type: 'url', url: 'https://conda.example.org/main' },
  environmentIds: ['dev'],
  note: '',
});
export const policyFields = (id: string) => ({
  id,
  name: id,
  mode: 'enforce',
  style: 'hide',
  teams: ['core'],
  environments: ['dev'],
  rules: [{ type: 'tokens', maxTtlDays: 90, networksRequired: false }],
});
/** One rule of each type, with all that each may have. */
export const oneOfEachRule: readonly Raw[] = [
  { type: 'tokens', maxTtlDays: 90, networksRequired: true },
  { type: 'channels', channelIds: ['main', 'extra'] },
  { type: 'packages', list: 'deny', specs: [{ ecosystem: 'conda', spec: 'numpy <2' }] },
  {
    type: 'vulnerabilities',
    atLeast: 7.5,
    unknown: 'allow',
    exploitedOnly: true,
    epssAtLeast: 0.1,
    liftedBy: ['mitigated', 'cleared'],
    fixedOnly: true,
    graceDays: 3,
    noFacts: 'deny',
  },
  { type: 'malware', noFacts: 'deny' },
  { type: 'licenses', list: 'allow', ids: ['MIT', 'Apache-2.0'], unknown: 'deny' },
  { type: 'age', minDays: 7, unknown: 'deny' },
  { type: 'status', denied: ['yanked', 'removed'], supersededAfterDays: 365, silentYears: 5 },
  { type: 'platform', subdirs: ['linux-64', 'noarch'], wheelTags: ['any'], sdists: 'deny' },
  { type: 'labels', required: ['approved'], denied: ['banned'] },
  { type: 'namespace', names: ['acme-*'], channelIds: ['main'] },
  { type: 'satisfiable' },
];
export const holderFields = (id: string) => ({ id, kind: 'service', name: id, note: '' });
/** A token that lasts 30 days; the digest follows from the id. */
export const tokenFields = (id: string) => ({
  id,
  digest: Buffer.from(id).toString('hex').padEnd(64, '0'),
  holderId: 'ci',
  teamId: 'core',
  environmentId: 'dev',
  channelIds: ['main'],
  permission: 'install',
  expiresAtMs: nowMs + 30 * dayMs,
  networks: 'anywhere' as unknown,
  note: '',
});
/** The fields of a token that `token.changed` may change, as `tokenFields` gives them. */
export const changeOf = (id: string) => {
  const { holderId, channelIds, expiresAtMs, networks, note } = tokenFields(id);
  return { type: 'token.changed', tokenId: id, holderId, channelIds, expiresAtMs, networks, note };
};

export const created: Raw = {
  type: 'organization.created',
  name: 'Example',
  operator: { id: 'ada', name: 'Ada', ...operatorKeys },
};

/** Teams core and data, environments dev and prod, channels main (dev) and extra (dev), policy lifetime, a token each. */
const founding: readonly (readonly Raw[])[] = [
  [created],
  [operatorAdded('bob', 'admin')],
  [operatorAdded('lena', 'lead', ['core'])],
  [operatorAdded('otto', 'lead', ['data'])],
  [operatorAdded('aude', 'auditor')],
  ['core', 'data'].map((id) => ({ type: 'team.created', team: teamFields(id) })),
  ['dev', 'prod'].map((id) => ({ type: 'environment.created', environment: environmentFields(id) })),
  ['main', 'extra'].map((id) => ({ type: 'channel.created', channel: channelFields(id) })),
  [{ type: 'policy.created', policy: policyFields('lifetime') }],
  [
    {
      type: 'feed.set',
      feed: {
        name: 'kev',
        kind: 'kev',
        source: { type: 'folder', label: 'kev' },
        everyHours: 24,
        staleAfterHours: 72,
      },
    },
  ],
  ['ci', 'nightly'].map((id) => ({ type: 'holder.created', holder: holderFields(id) })),
  [
    { type: 'token.issued', token: tokenFields('CoreTok1') },
    { type: 'token.issued', token: { ...tokenFields('DataTok1'), teamId: 'data' } },
  ],
];

/** A small organization with an admin, a second one, two leads and an auditor. */
export function organization(): OrganizationState {
  let state: OrganizationState | undefined;
  for (const line of founding) state = after(state, line);
  return state as OrganizationState;
}

/** One event of each type that an admin may write next; tokens are those of team core. */
export const oneOfEach: Readonly<Record<Exclude<DomainEventType, 'organization.created'>, Raw>> = {
  'organization.renamed': { type: 'organization.renamed', name: 'New' },
  'operator.added': operatorAdded('new', 'auditor'),
  'operator.changed': {
    type: 'operator.changed',
    operatorId: 'aude',
    name: 'Aude',
    role: 'lead',
    teamIds: ['core'],
  },
  'format.raised': { type: 'format.raised', to: 2 },
  'log.restored': { type: 'log.restored', fromSeq: 1, lostSeq: 2, lostHash: `${'A'.repeat(42)}E` },
  'key.granted': { type: 'key.granted', operatorIds: ['aude'] },
  'holder.created': { type: 'holder.created', holder: holderFields('new') },
  'holder.changed': { type: 'holder.changed', holder: { id: 'ci', name: 'renamed', note: '' } },
  'team.created': { type: 'team.created', team: teamFields('new') },
  'team.changed': { type: 'team.changed', team: { ...teamFields('core'), name: 'renamed' } },
  'team.removed': { type: 'team.removed', teamId: 'spare' },
  'environment.created': { type: 'environment.created', environment: environmentFields('new') },
  'environment.changed': {
    type: 'environment.changed',
    environment: { ...environmentFields('dev'), rank: 1 },
  },
  'environment.removed': { type: 'environment.removed', environmentId: 'prod' },
  'channel.created': {
    type: 'channel.created',
    channel: { ...channelFields('new'), upstream: { type: 'folder', label: 'builds' } },
  },
  'channel.changed': { type: 'channel.changed', channel: { ...channelFields('main'), note: 'n' } },
  'channel.removed': { type: 'channel.removed', channelId: 'extra' },
  'policy.created': {
    type: 'policy.created',
    policy: { ...policyFields('new'), teams: 'all', environments: 'all' },
  },
  'policy.changed': { type: 'policy.changed', policy: { ...policyFields('lifetime'), mode: 'observe' } },
  'policy.removed': { type: 'policy.removed', policyId: 'lifetime' },
  'package.labelled': {
    type: 'package.labelled',
    ecosystem: 'conda',
    name: 'numpy',
    version: '2.1.0',
    labels: ['approved', 'reviewed'],
  },
  'advisory.assessed': {
    type: 'advisory.assessed',
    assessments: [
      {
        advisoryId: 'CVE-2024-1',
        ecosystem: 'pypi',
        name: 'requests',
        version: '2.31.0',
        status: 'cleared',
        justification: 'vulnerable_code_not_present',
        reason: 'not built in',
        evidence: '',
      },
    ],
    origin: { source: 'vex.example', sha256: '0'.repeat(64), count: 1 },
  },
  'names.mapped': { type: 'names.mapped', names: [{ conda: 'pytorch', pypi: 'torch' }] },
  'licenses.aliased': { type: 'licenses.aliased', aliases: [{ text: 'BSD', expression: 'BSD-3-Clause' }] },
  'feed.set': {
    type: 'feed.set',
    feed: {
      name: 'osv-pypi',
      kind: 'osv',
      source: { type: 'url', url: 'https://advisories.example/all.zip' },
      everyHours: 6,
      staleAfterHours: 48,
    },
  },
  'feed.removed': { type: 'feed.removed', name: 'kev' },
  'log.anchored': {
    type: 'log.anchored',
    gatewayId: 'gateway-one-0000',
    publicKey: `${'A'.repeat(42)}E`,
    run: 1_767_600_000_000,
    n: 1,
    root: `${'B'.repeat(42)}E`,
    rows: 5,
  },
  'log.looked-up': {
    type: 'log.looked-up',
    subject: { type: 'token', tokenId: 'CoreTok1' },
    fromMs: 1,
    toMs: 2,
    opened: true,
  },
  'log.retention-set': {
    type: 'log.retention-set',
    rowsDays: 90,
    addressDays: 7,
    ciUserDays: 7,
    rollupDays: 400,
  },
  'token.issued': { type: 'token.issued', token: { ...tokenFields('NewToken'), notBeforeMs: nowMs } },
  'token.rotated': {
    type: 'token.rotated',
    predecessorId: 'CoreTok1',
    predecessorExpiresAtMs: nowMs + dayMs,
    successor: { ...tokenFields('NewToken'), networks: ['10.0.0.0/8'] },
  },
  'token.changed': { ...changeOf('CoreTok1'), notBeforeMs: nowMs, expiresAtMs: nowMs + dayMs },
  'token.revoked': { type: 'token.revoked', tokenIds: ['CoreTok1'], reason: 'leaked' },
};

import type { TempApp } from '../support/temp-app.ts';

export type Fixture = {
  readonly teamId: string;
  readonly environmentId: string;
  readonly channelId: string;
  readonly tokenId: string;
  readonly policyId: string;
  readonly holderId: string;
};

/** One of each noun, so that every method has something to work on. */
export async function makeFixture({ client }: TempApp, folder: string): Promise<Fixture> {
  const team = await client.teams.create({ name: 'science' });
  const [environment] = await client.environments.list();
  const channel = await client.channels.create({
    name: 'internal',
    kind: 'pypi',
    upstream: { type: 'folder', label: 'internal', path: folder },
    environmentIds: [environment!.id],
  });
  const policy = await client.policies.save({
    name: 'lifetimes',
    mode: 'enforce',
    style: 'hide',
    teams: 'all',
    environments: 'all',
    rules: [{ type: 'tokens', maxTtlDays: 365, networksRequired: false }],
  });
  const { token } = await client.tokens.issue({
    holder: { kind: 'person', name: 'Grace' },
    teamId: team.id,
    environmentId: environment!.id,
    channelIds: [channel.id],
    ttlDays: 30,
  });
  return {
    teamId: team.id,
    environmentId: environment!.id,
    channelId: channel.id,
    tokenId: token.id,
    policyId: policy.id,
    holderId: token.holder.id,
  };
}

/** A valid input per method. The contract test fails for a method that is missing here. */
export function goodInputs(fixture: Fixture, folder: string): Readonly<Record<string, unknown>> {
  const channel = {
    name: 'internal',
    kind: 'pypi',
    upstream: { type: 'folder', label: 'internal', path: folder },
    environmentIds: [fixture.environmentId],
  };
  const draft = {
    name: 'more',
    mode: 'observe',
    style: 'refuse',
    teams: 'all',
    environments: 'all',
    rules: [{ type: 'malware', noFacts: 'deny' }],
  };
  return {
    'host.about': {},
    'session.status': {},
    'session.touch': {},
    'session.changePassphrase': {
      current: 'correct horse battery staple',
      next: 'a quite different staple of horses',
    },
    'session.confirm': { passphrase: 'a quite different staple of horses' },
    'agent.status': {},
    'agent.stop': {},
    'keychain.status': {},
    'desktop.takeRequest': {},
    'settings.get': {},
    'settings.set': { idleLockMinutes: 20, gateway: { port: 0 } },
    'vault.info': {},
    'vault.verify': {},
    'vault.verifyStatus': {},
    'vault.cancelVerify': {},
    'folders.list': {},
    'folders.map': { label: 'elsewhere', path: folder },
    'folders.unmap': { label: 'elsewhere' },
    'holders.list': { search: 'grace', limit: 10 },
    'holders.get': { id: fixture.holderId },
    'holders.update': { id: fixture.holderId, name: 'Grace Hopper', note: 'n' },
    'teams.list': {},
    'teams.create': { name: 'another', description: 'Another team' },
    'teams.update': { id: fixture.teamId, name: 'science-2', description: '' },
    'environments.list': {},
    'environments.create': { name: 'qa', rank: 25, isProtected: false },
    'environments.update': { id: fixture.environmentId, name: 'dev', rank: 5, isProtected: false },
    'channels.list': {},
    'channels.create': { ...channel, name: 'second' },
    'channels.update': { ...channel, id: fixture.channelId, note: 'changed' },
    'channels.testConnection': channel,
    'channels.resolveHosts': { privateHosts: ['10.0.0.0/8', '127.0.0.1:8080'] },
    'policies.list': {},
    'policies.save': draft,
    'policies.preview': draft,
    'policies.templates': {},
    'policies.history': { id: fixture.policyId },
    'policies.rollback': { id: fixture.policyId, version: 1 },
    'policies.stack': { teamId: fixture.teamId, environmentId: fixture.environmentId },
    'policies.exportText': {},
    'policies.planText': { text: 'policies: []\n' },
    'policies.effective': { teamId: fixture.teamId, environmentId: fixture.environmentId },
    'cache.status': {},
    'cache.list': { sort: 'used', limit: 10 },
    'cache.planPurge': { type: 'unused', days: 30 },
    'cache.purge': { type: 'all' },
    'cache.verify': {},
    'cache.verifyStatus': {},
    'cache.cancelVerify': {},
    'log.status': {},
    'log.rows': { tokenId: fixture.tokenId, kind: 'download', open: true },
    'log.whoHas': { file: { ecosystem: 'conda', name: 'numpy' } },
    'log.installed': { where: { environmentId: fixture.environmentId } },
    'log.clients': { tokenId: fixture.tokenId },
    'log.refusals': { policyName: 'strict', limit: 10 },
    'log.indexUse': { per: 'day' },
    'log.tokenUse': { tokenId: fixture.tokenId },
    'log.verify': {},
    'log.verifyStatus': {},
    'log.cancelVerify': {},
    'log.planPrune': {},
    'log.prune': {},
    'log.previewRetention': { rowsDays: 90, addressDays: 7, ciUserDays: 7, rollupDays: 400 },
    'log.setRetention': { rowsDays: 90, addressDays: 7, ciUserDays: 7, rollupDays: 400 },
    'log.lookUps': {},
    'curation.facts': {},
    'curation.saveFeed': {
      name: 'osv',
      kind: 'osv',
      source: { type: 'folder', label: 'internal' },
      everyHours: 24,
      staleAfterHours: 72,
    },
    'curation.updateFeed': { name: 'osv' },
    'curation.importFeed': { name: 'osv', path: folder },
    'curation.advisories': { text: 'cve', ecosystem: 'pypi', open: true },
    'curation.assess': {
      assessments: [
        {
          advisoryId: 'CVE-2026-1',
          ecosystem: 'pypi',
          name: 'demo',
          status: 'cleared',
          justification: 'component_not_present',
          reason: 'not built in',
          evidence: '',
        },
      ],
      keepUnknown: true,
    },
    'curation.assessments': {},
    'curation.label': { ecosystem: 'conda', name: 'openssl', version: '3.0', labels: ['approved'] },
    'curation.labels': {},
    'curation.names': { text: 'torch' },
    'curation.mapNames': { names: [{ conda: 'ours', pypi: 'acme' }] },
    'curation.licenses': { own: true },
    'curation.aliasLicenses': { aliases: [{ text: 'Ours', expression: 'LicenseRef-Ours' }] },
    'curation.planTable': { table: 'names', source: 'names.json', text: '{"ours": null}' },
    'curation.exportTable': { table: 'licenses', format: 'csv' },
    'curation.planVex': { feed: 'osv' },
    'curation.exportVex': {},
    'curation.removeFeed': { name: 'osv' },
    'tokens.list': { search: 'grace', states: ['active'], sort: 'holder', descending: false },
    'tokens.get': { id: fixture.tokenId },
    'tokens.issue': {
      holder: { kind: 'service', name: 'ci' },
      teamId: fixture.teamId,
      environmentId: fixture.environmentId,
      channelIds: [fixture.channelId],
      ttlDays: 10,
      networks: ['10.0.0.0/8'],
      note: 'n',
    },
    'tokens.change': { id: fixture.tokenId, networks: ['10.0.0.0/8'], note: 'narrower' },
    'doctor.examine': { name: '.condarc', content: 'channels: [main]' },
    'imports.run': { teams: 'name\nimported\n', holders: 'name,kind\nbot,agent\n', dryRun: false },
    'exports.render': { format: 'pip-conf', tokenId: fixture.tokenId },
    'tokens.planBulk': { selection: { by: 'filter' }, act: { type: 'revoke' } },
    'tables.get': {},
    'tables.set': { table: 'tokens', settings: { views: [{ name: 'Mine', query: 'search=x' }] } },
    'gateway.status': {},
    'gateway.find': {},
    'gateway.start': {},
    'packages.search': { text: 'requests' },
    'packages.explain': {
      ecosystem: 'pypi',
      name: 'requests',
      version: '2.32.0',
      channelId: fixture.channelId,
      teamId: fixture.teamId,
      environmentId: fixture.environmentId,
    },
    'packages.decision': { id: '0123456789' },
    'packages.hidden': {
      channelId: fixture.channelId,
      teamId: fixture.teamId,
      environmentId: fixture.environmentId,
      name: 'requests',
    },
    'packages.releases': {},
    'tokens.rotate': { id: fixture.tokenId, overlapHours: 24, ttlDays: 30 },
    'tokens.revoke': { ids: [fixture.tokenId], reason: 'test' },
    'gateway.stop': {},
    'policies.remove': { id: fixture.policyId },
  };
}

/** Methods that a table of inputs cannot exercise; each has its own test in this folder or in e2e. */
export const testedElsewhere: ReadonlySet<string> = new Set([
  'session.create',
  'session.unlock',
  'session.lock',
  // agent.test.ts
  'agent.start',
  // There is one format; test/unit/services/vault-service.
  'vault.upgrade',
  // Only the desktop host has them: test/electron, and below for the refusal elsewhere.
  'keychain.enable',
  'keychain.disable',
  'keychain.unlock',
  'desktop.copySecret',
  'desktop.choosePath',
  'exports.save',
  // test/unit/services/table-files, and token-bulk: the plan is of the moment.
  'exports.saveTable',
  'exports.saveCuration',
  'tokens.applyBulk',
  // test/unit/services/policy-text: so is this one.
  'policies.applyText',
  // test/unit/services/doctor.
  'doctor.testToken',
  // test/unit/services/curation: the plan is of the moment.
  'curation.applyVex',
  // test/unit/services/curation-tables: so is this one.
  'curation.applyTable',
  'teams.remove',
  'environments.remove',
  'channels.remove',
]);

/** Their inputs, for what the door asks before it calls. */
export function inputsElsewhere(fixture: Fixture): Readonly<Record<string, unknown>> {
  const passphrase = 'correct horse battery staple';
  return {
    'session.create': { organizationName: 'Org', operatorName: 'Ada', passphrase },
    'session.unlock': { passphrase },
    'session.lock': {},
    'vault.upgrade': {},
    'keychain.enable': { passphrase },
    'keychain.disable': {},
    'keychain.unlock': {},
    'desktop.copySecret': { text: 'secret' },
    'desktop.choosePath': { what: 'folder' },
    'exports.save': {
      format: 'pip-conf',
      tokenId: fixture.tokenId,
      secret: 'secret',
      fileName: 'pip.conf',
      path: '/tmp/pip.conf',
    },
    'exports.saveTable': {
      name: 'teams',
      format: 'csv',
      source: { of: 'rows', columns: ['name'], rows: [] },
    },
    'exports.saveCuration': { document: 'openvex' },
    'tokens.applyBulk': {
      selection: { by: 'ids', ids: [fixture.tokenId] },
      act: { type: 'note', note: 'x' },
      plan: '0'.repeat(64),
    },
    'policies.applyText': { text: 'policies: []\n', planHash: '0'.repeat(32) },
    'doctor.testToken': { tokenId: fixture.tokenId, secret: 'secret' },
    'curation.applyVex': { feed: 'osv', planHash: '0'.repeat(64) },
    'curation.applyTable': { table: 'names', source: 'names.json', text: '{}', planHash: '0' },
    'teams.remove': { id: fixture.teamId },
    'environments.remove': { id: fixture.environmentId },
    'channels.remove': { id: fixture.channelId },
  };
}

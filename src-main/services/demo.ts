import { existsSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { replaceFileSync } from '../disk/write-file.ts';
import type { App } from './app.ts';
import { writeDemoConda, writeDemoPypi } from './demo-packages.ts';

/** Not a secret: it opens a sample organization that holds nothing, and is printed at every start. */
const demoPassphrase = 'try-out-the-sample-organization';

const usualPort = 8700;

/** The demo never touches the operator's own organization: it lives in a folder beside it. */
export function demoDataDir(dataDir: string): string {
  return join(dataDir, 'demo');
}

const leftovers = [
  'vault.log',
  'vault.head',
  'vault.json',
  'vault.backup.json',
  'checkpoints',
  'folders.json',
  'usage',
  'channels',
];

export type Demo = { readonly passphrase: string; readonly isNew: boolean };

/**
 * Opens the sample organization, making it first when it is not there: teams, environments, policies, two local
 * channels with small real packages, and tokens in several states. Leaves the app unlocked.
 */
export async function openDemo(app: App, dir: string): Promise<Demo> {
  // Any free port: the usual one is for the operator's own organization, which may run beside it.
  const settings = app.settings.read();
  if (settings.gateway.port === usualPort)
    app.settings.write({ ...settings, gateway: { ...settings.gateway, port: 0 } });
  const finished = join(dir, 'demo-is-complete');
  const isNew = app.session.view().vault !== 'locked' || !existsSync(finished);
  if (isNew) {
    // Left over from a demo that was interrupted or deleted by half. Nothing in it is anybody's work.
    for (const name of leftovers) rmSync(join(dir, name), { recursive: true, force: true });
    await app.handlers.session.create({
      organizationName: 'Acme Research (demo)',
      operatorName: 'Ada Admin',
      passphrase: demoPassphrase,
    });
    await fill(app, join(dir, 'channels'));
    replaceFileSync(finished, '', { mode: 0o600 });
  } else {
    await app.handlers.session.unlock({ passphrase: demoPassphrase, acceptRestored: false });
  }
  return { passphrase: demoPassphrase, isNew };
}

async function fill(app: App, channelsDir: string): Promise<void> {
  const { teams, environments, channels, policies, tokens } = app.handlers;
  writeDemoConda(join(channelsDir, 'acme-conda'));
  writeDemoPypi(join(channelsDir, 'acme-pypi'));

  const [dev, staging, prod] = await environments.list({});
  if (dev === undefined || staging === undefined || prod === undefined) {
    throw new Error('a new organization has three environments');
  }
  const science = await teams.create({ name: 'data-science', description: 'Notebooks, models, experiments' });
  const platform = await teams.create({ name: 'platform', description: 'CI, clusters, shared services' });
  const web = await teams.create({ name: 'web', description: 'Customer-facing services' });
  const everywhere = [dev.id, staging.id, prod.id];
  const local = (label: string) => ({ type: 'folder' as const, label, path: join(channelsDir, label) });
  const conda = await channels.create({
    name: 'acme-conda',
    kind: 'conda',
    upstream: local('acme-conda'),
    environmentIds: everywhere,
    note: 'Internal conda packages',
    credentials: { action: 'keep' },
    privateHosts: [],
  });
  const pypi = await channels.create({
    name: 'acme-pypi',
    kind: 'pypi',
    upstream: local('acme-pypi'),
    environmentIds: everywhere,
    note: 'Internal Python packages',
    credentials: { action: 'keep' },
    privateHosts: [],
  });
  await policies.save({
    name: 'short-lived-everywhere',
    mode: 'enforce',
    style: 'hide',
    teams: 'all',
    environments: 'all',
    rules: [{ type: 'tokens', maxTtlDays: 365, networksRequired: false }],
  });
  await policies.save({
    name: 'prod-tokens',
    mode: 'enforce',
    style: 'hide',
    teams: 'all',
    environments: [prod.id],
    rules: [{ type: 'tokens', maxTtlDays: 90, networksRequired: true }],
  });

  const both = [conda.id, pypi.id];
  const issue = (
    kind: 'person' | 'service',
    name: string,
    teamId: typeof science.id,
    environmentId: typeof dev.id,
    more: { channelIds?: (typeof conda.id)[]; ttlDays?: number; networks?: string[]; note?: string } = {},
  ) =>
    tokens.issue({
      holder: { kind, name },
      teamId,
      environmentId,
      channelIds: more.channelIds ?? both,
      ttlDays: more.ttlDays ?? 90,
      networks: more.networks ?? 'anywhere',
      note: more.note ?? '',
    });
  await issue('person', 'Grace Hopper', science.id, dev.id, { note: 'Laptop' });
  await issue('person', 'Alan Turing', science.id, dev.id, { channelIds: [conda.id], ttlDays: 30 });
  await issue('service', 'nightly-training', science.id, staging.id, { ttlDays: 180 });
  const old = await issue('service', 'github-actions', platform.id, staging.id, { ttlDays: 30 });
  await tokens.rotate({ id: old.token.id, overlapHours: 72, ttlDays: 90 });
  await issue('service', 'prod-cluster', platform.id, prod.id, {
    ttlDays: 60,
    networks: ['127.0.0.0/8', '10.20.0.0/16'],
    note: 'Only from the cluster’s network',
  });
  const lost = await issue('person', 'Edsger Dijkstra', web.id, dev.id, { channelIds: [pypi.id] });
  await tokens.revoke({ ids: [lost.token.id], reason: 'Laptop lost on a train' });
}

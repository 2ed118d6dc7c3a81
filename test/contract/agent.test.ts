/** The agent with a real app behind it: the same door as everybody's, and the passphrase for what hurts most. */
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { createClient } from '../../shared/contract/client.ts';
import type { AgentView } from '../../shared/contract/session-views.ts';
import { addressPath, readAddress } from '../../src-main/agent/address-file.ts';
import { agentCalls } from '../../src-main/agent/agent-calls.ts';
import { connectToAgent } from '../../src-main/agent/client.ts';
import { appAgent } from '../../src-main/hosts/app-agent.ts';
import { cleanTempDirs, tempDir } from '../support/temp-dir.ts';
import { openUnlockedApp, testPassphrase } from '../support/temp-app.ts';
import type { TempApp } from '../support/temp-app.ts';

cleanTempDirs();

/** The open app of a window or page, after the click in its settings. */
async function servingApp(): Promise<{ temp: TempApp; stateDir: string; views: AgentView[] }> {
  const [dataDir, stateDir] = [tempDir(), tempDir()];
  const agent = appAgent(dataDir, stateDir);
  const host = { kind: 'browser', saveDialog: 'path', clipboard: 'page', agent: agent.port } as const;
  const temp = await openUnlockedApp({ dataDir, stateDir, host, autoStartGateway: false });
  onTestFinished(temp.close);
  agent.bind(temp.app);
  const views: AgentView[] = [];
  temp.app.on('agent.changed', (view) => views.push(view));
  expect(await temp.client.agent.start()).toMatchObject({ by: 'app', serving: true });
  return { temp, stateDir, views };
}

async function commandOf({ temp, stateDir }: { temp: TempApp; stateDir: string }) {
  const where = readAddress(addressPath(stateDir, temp.dataDir));
  const connection = where === undefined ? undefined : await connectToAgent(where);
  if (connection === undefined) throw new Error('no agent');
  onTestFinished(connection.close);
  return { connection, client: createClient(connection.invoke) };
}

/** What a token can be issued with. */
async function placeFor(client: TempApp['client']) {
  const team = await client.teams.create({ name: 'science' });
  const [environment] = await client.environments.list();
  const channel = await client.channels.create({
    name: 'internal',
    kind: 'pypi',
    upstream: { type: 'folder', label: 'internal', path: tempDir() },
    environmentIds: [environment!.id],
  });
  return {
    holder: { kind: 'service' as const, name: 'ci' },
    teamId: team.id,
    environmentId: environment!.id,
    channelIds: [channel.id],
    ttlDays: 10,
  };
}

describe('an app that serves as the agent', () => {
  it('serves nobody before the click, and says so', async () => {
    const stateDir = tempDir();
    const dataDir = tempDir();
    const agent = appAgent(dataDir, stateDir);
    expect(agent.port.view()).toBeUndefined();
    expect(readAddress(addressPath(stateDir, dataDir))).toBeUndefined();
  });

  it('answers calls through the same door, refusals and bad inputs included', async () => {
    const serving = await servingApp();
    const { client, connection } = await commandOf(serving);
    await client.teams.create({ name: 'science' });
    expect((await serving.temp.client.teams.list()).map(({ name }) => name)).toEqual(['science']);
    await expect(client.teams.create({ name: 'science' })).rejects.toMatchObject({ code: 'NAME_TAKEN' });
    expect(await connection.invoke('teams.create', { name: 7 })).toMatchObject({
      ok: false,
      error: { code: 'IPC_BAD_INPUT' },
    });
    expect(await connection.invoke('__proto__.x', {})).toMatchObject({
      ok: false,
      error: { code: 'IPC_UNKNOWN_METHOD' },
    });
  });

  it('hands out no key, and leaves the app’s own matters to the app', async () => {
    const serving = await servingApp();
    const { connection } = await commandOf(serving);
    for (const method of [
      'session.create',
      'session.unlock',
      'session.changePassphrase',
      'keychain.enable',
      'keychain.unlock',
      'desktop.takeRequest',
      'desktop.choosePath',
      'exports.save',
      'exports.saveTable',
      'exports.saveCuration',
      'gateway.stop',
      'agent.start',
      'agent.stop',
    ]) {
      // oxlint-disable-next-line no-await-in-loop
      const result = await connection.invoke(method, {});
      expect(result, method).toMatchObject({ ok: false, error: { code: 'OPERATION_NOT_ALLOWED' } });
    }
  });

  it('asks a command for the passphrase where the app’s own session is not asked', async () => {
    const serving = await servingApp();
    const { client } = await commandOf(serving);
    const draft = await placeFor(serving.temp.client);
    for (let count = 0; count < 9; count += 1) await client.tokens.issue(draft);
    await expect(client.tokens.issue(draft)).rejects.toMatchObject({ code: 'PASSPHRASE_REQUIRED' });
    // Counted over all commands, and not over the person at the app.
    const other = await commandOf(serving);
    await expect(other.client.tokens.issue(draft)).rejects.toMatchObject({ code: 'PASSPHRASE_REQUIRED' });
    await serving.temp.client.tokens.issue(draft);
    await expect(client.session.confirm({ passphrase: 'not the passphrase' })).rejects.toMatchObject({
      code: 'VAULT_WRONG_PASSPHRASE',
    });
    await expect(client.tokens.issue(draft)).rejects.toMatchObject({ code: 'PASSPHRASE_REQUIRED' });
    await client.session.confirm({ passphrase: testPassphrase });
    expect((await client.tokens.issue(draft)).secret).toMatch(/^lk-/);
  });

  it('counts what one start of an agent did, not what another did', async () => {
    const { temp } = await servingApp();
    const draft = await placeFor(temp.client);
    for (const start of [1, 2]) {
      const call = agentCalls(temp.app);
      for (let count = 0; count < 9; count += 1)
        expect(await call('tokens.issue', draft), `start ${start}`).toMatchObject({ ok: true });
      expect(await call('tokens.issue', draft)).toMatchObject({ error: { code: 'PASSPHRASE_REQUIRED' } });
    }
  });

  it('ends with the lock of the app, and is told so', async () => {
    const serving = await servingApp();
    const { client, connection } = await commandOf(serving);
    await serving.temp.client.session.lock();
    await connection.closed;
    await expect(client.teams.list()).rejects.toMatchObject({ code: 'AGENT_LOST' });
    expect(readAddress(addressPath(serving.stateDir, serving.temp.dataDir))).toBeUndefined();
    await vi.waitFor(() => expect(serving.views.map((view) => view.serving)).toEqual([true, false]));
    // A new unlock serves nobody: each time takes a click.
    await serving.temp.client.session.unlock({ passphrase: testPassphrase });
    expect(await serving.temp.client.agent.status()).toEqual({ by: 'app', serving: false });
  });

  it('is locked by a command, and stops when the app says so', async () => {
    const serving = await servingApp();
    const first = await commandOf(serving);
    expect(await first.client.session.lock()).toMatchObject({ vault: 'locked' });
    expect(serving.temp.app.session.isUnlocked()).toBe(false);
    await serving.temp.client.session.unlock({ passphrase: testPassphrase });
    await serving.temp.client.agent.start();
    const second = await commandOf(serving);
    expect(await serving.temp.client.agent.stop()).toEqual({ by: 'app', serving: false });
    await second.connection.closed;
    expect(serving.temp.app.session.isUnlocked()).toBe(true);
  });

  it('refuses where the host has none', async () => {
    const temp = await openUnlockedApp();
    onTestFinished(temp.close);
    expect(await temp.client.agent.status()).toEqual({ by: 'none', serving: false });
    await expect(temp.client.agent.start()).rejects.toMatchObject({ code: 'OPERATION_NOT_ALLOWED' });
  });
});

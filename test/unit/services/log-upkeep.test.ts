/** What an app that stays does about the request log: anchors, alarms, ended runs, retention, last uses. */
import { existsSync, readFileSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { TokenId } from '../../../shared/model/ids.ts';
import { dayMs, hourMs } from '../../../shared/model/time.ts';
import { macKeysPath, segmentPath, fieldKeysPath } from '../../../src-main/request-log/segment-files.ts';
import type { SegmentWriterOptions } from '../../../src-main/request-log/segment-writer.ts';
import { gatewayIdentity } from '../../../src-main/services/gateway-identity.ts';
import { atMs, newWriter, row, textsOf } from '../../support/log-rows.ts';
import type { TempApp } from '../../support/temp-app.ts';
import { openUnlockedApp, testPassphrase } from '../../support/temp-app.ts';

let temp: TempApp;
let nowMs: number;
beforeEach(async () => {
  nowMs = atMs + 1000;
  temp = await openUnlockedApp({ autoStartGateway: false, keepLog: true, now: () => nowMs });
});
afterEach(() => temp.close());

const dir = () => join(temp.dataDir, 'request-log');
const identity = () => gatewayIdentity(temp.dataDir)!;
const nameOf = (n: number, run = atMs) => `${identity().gatewayId}.${run}.${n}`;
const path = (n: number, run = atMs) => segmentPath(dir(), nameOf(n, run));
const state = () => temp.app.session.vault().state();
const anchors = () =>
  [...state().anchors.values()].toSorted((a, b) => a.run - b.run).map(({ run, n }) => [run, n]);
const alarms = async () => (await temp.client.session.status()).alarms.map(({ code }) => code);
async function unlockAgain(): Promise<void> {
  await temp.client.session.lock();
  await temp.client.session.unlock({ passphrase: testPassphrase });
}

function remove(n: number, run = atMs): void {
  const plain = path(n, run);
  for (const one of [
    plain,
    `${plain}.gz`,
    macKeysPath(dir(), nameOf(n, run)),
    fieldKeysPath(dir(), nameOf(n, run), 'address'),
    fieldKeysPath(dir(), nameOf(n, run), 'ciUser'),
  ])
    rmSync(one, { force: true });
}

/** Closed segments of this folder's gateway. */
function write(segments: number, changes: Partial<SegmentWriterOptions> = {}, tokenId = 'AAAAAAAA'): void {
  const vault = temp.app.session.vault();
  const { x } = state().operators.get(vault.operator.id)!.receiveKey;
  const { gatewayId: gateway, seed } = identity();
  const keys = [{ operatorId: vault.operator.id, keyNo: 1, x }];
  const writer = newWriter(dir(), keys, { gateway, seed, ...changes });
  for (let n = 0; n < segments; n += 1) {
    writer.write(textsOf([row({ tokenId })]));
    writer.end();
  }
}

describe('anchors of the request log', () => {
  it('are written at the unlock for each run that went on, once, and move forward', async () => {
    write(2);
    write(1, { run: atMs + 5 });
    await unlockAgain();
    await vi.waitFor(() =>
      expect(anchors()).toEqual([
        [atMs, 2],
        [atMs + 5, 1],
      ]),
    );
    expect((await temp.client.log.status()).anchoredAtMs).toBe(nowMs);
    const seq = temp.app.session.vault().seq();
    write(1, { run: atMs + 7 });
    await unlockAgain();
    await vi.waitFor(() => expect(anchors()).toContainEqual([atMs + 7, 1]));
    expect(temp.app.session.vault().seq()).toBe(seq + 1);
    expect(await alarms()).toEqual([]);
  });

  it('are written once a day while it is unlocked', async () => {
    vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] });
    try {
      write(1);
      await unlockAgain();
      await vi.waitFor(() => expect(anchors()).toEqual([[atMs, 1]]));
      write(1, { run: atMs + 5 });
      nowMs += dayMs - 1;
      await temp.client.session.touch();
      vi.advanceTimersByTime(hourMs);
      expect(anchors()).toEqual([[atMs, 1]]);
      nowMs += 1;
      vi.advanceTimersByTime(hourMs);
      await vi.waitFor(() => expect(anchors()).toHaveLength(2));
    } finally {
      vi.useRealTimers();
    }
  });

  it('are not written over what was changed: that is an alarm', async () => {
    write(2);
    writeFileSync(path(2), readFileSync(path(2), 'utf8').replace('2.32.3', '2.32.4'));
    await unlockAgain();
    await vi.waitFor(async () => expect(await alarms()).toEqual(['request-log-tampered']));
    expect(anchors()).toEqual([[atMs, 1]]);
    const [alarm] = (await temp.client.session.status()).alarms;
    expect(alarm?.message).toContain(nameOf(2));
  });

  it('do not vouch for a gateway that nobody knows', async () => {
    write(1, { gateway: 'strangerAAAAAAAA' });
    await unlockAgain();
    await vi.waitFor(() => expect(existsSync(join(dir(), 'store'))).toBe(true));
    expect(anchors()).toEqual([]);
  });

  it('show a segment that is gone, and one that was written anew, until it is back', async () => {
    write(1);
    write(1, { run: atMs + 5 });
    const kept = readFileSync(path(1));
    await unlockAgain();
    await vi.waitFor(() => expect(anchors()).toHaveLength(2));
    remove(1);
    // By whoever has the gateway's key.
    remove(1, atMs + 5);
    write(1, { run: atMs + 5 }, 'BBBBBBBB');
    await unlockAgain();
    await vi.waitFor(async () => expect(await alarms()).toEqual(['request-log-gap', 'request-log-tampered']));
    writeFileSync(path(1), kept);
    await unlockAgain();
    await vi.waitFor(async () => expect(await alarms()).toEqual(['request-log-tampered']));
  });

  it('are alarms after a whole check too, and gone after a better one', async () => {
    write(3);
    const kept = readFileSync(path(1));
    rmSync(path(1));
    await unlockAgain();
    await temp.client.log.verify();
    await vi.waitFor(async () => expect(await alarms()).toEqual(['request-log-gap']));
    writeFileSync(path(1), kept);
    await temp.client.log.verify();
    await vi.waitFor(async () => expect(await alarms()).toEqual([]));
  });
});

describe('anchors of what a killed gateway left', () => {
  /** Two segments, the last of which nobody closed. */
  const leave = (ageDays: number) => {
    write(1);
    const vault = temp.app.session.vault();
    const { x } = state().operators.get(vault.operator.id)!.receiveKey;
    const { gatewayId: gateway, seed } = identity();
    const writer = newWriter(dir(), [{ operatorId: vault.operator.id, keyNo: 1, x }], {
      gateway,
      seed,
      run: atMs + 5,
    });
    writer.write(textsOf([row()]));
    writer.write(textsOf([row()]));
    const writtenAt = new Date(nowMs - ageDays * dayMs);
    utimesSync(path(1, atMs + 5), writtenAt, writtenAt);
  };

  it('are written by an admin once it was left alone for a day, and then nothing can be cut off it', async () => {
    leave(1.5);
    await unlockAgain();
    await vi.waitFor(() =>
      expect(anchors()).toEqual([
        [atMs, 1],
        [atMs + 5, 1],
      ]),
    );
    expect(await alarms()).toEqual([]);
    await vi.waitFor(() => expect(existsSync(`${path(1, atMs + 5)}.gz`)).toBe(true));
    const lines = gunzipSync(readFileSync(`${path(1, atMs + 5)}.gz`))
      .toString()
      .split('\n');
    writeFileSync(path(1, atMs + 5), `${lines.slice(0, -3).join('\n')}\n`);
    await unlockAgain();
    await vi.waitFor(async () => expect(await alarms()).toEqual(['request-log-tampered']));
  });

  it('wait for that day', async () => {
    leave(0.5);
    await unlockAgain();
    await vi.waitFor(() => expect(anchors()).toEqual([[atMs, 1]]));
    await vi.waitFor(() => expect(existsSync(`${path(1, atMs + 5)}.gz`)).toBe(true));
    expect(anchors()).toEqual([[atMs, 1]]);
  });
});

describe('the request log while the vault is open', () => {
  it('tells when a token was used last, where files of usage do not know', async () => {
    const team = await temp.client.teams.create({ name: 'science' });
    const [environment] = await temp.client.environments.list();
    const channel = await temp.client.channels.create({
      name: 'main',
      kind: 'pypi',
      upstream: { type: 'url', url: 'https://pypi.example/simple' },
      environmentIds: [environment!.id],
    });
    const { token } = await temp.client.tokens.issue({
      holder: { kind: 'service', name: 'ci' },
      teamId: team.id,
      environmentId: environment!.id,
      channelIds: [channel.id],
      ttlDays: 10,
    });
    const usage = async (id: TokenId) => (await temp.client.tokens.get({ id })).usage;
    expect(await usage(token.id)).toBeUndefined();
    write(1, {}, token.id);
    await unlockAgain();
    await vi.waitFor(async () =>
      expect(await usage(token.id)).toMatchObject({ firstUsedAtMs: atMs, lastUsedAtMs: atMs, allowed: 1 }),
    );
  });

  it('keeps the retention, from the unlock on', async () => {
    write(1);
    nowMs = atMs + 31 * dayMs;
    await unlockAgain();
    await vi.waitFor(() => expect(existsSync(fieldKeysPath(dir(), nameOf(1), 'address'))).toBe(false));
    expect(existsSync(`${path(1)}.gz`)).toBe(true);
  });
});

describe('the gateway’s writing of the request log', () => {
  it('is shown while it runs', async () => {
    const { gateway } = temp.client;
    expect(await gateway.status()).not.toHaveProperty('log');
    const { baseUrl } = await gateway.start();
    await fetch(`${baseUrl}/pypi/none/simple/`);
    await vi.waitFor(async () =>
      expect((await gateway.status()).log).toEqual({ waitingRows: 0, droppedRows: 0 }),
    );
    await gateway.stop();
    expect(await gateway.status()).not.toHaveProperty('log');
  });
});

/** The request log as it is checked and kept: by an admin's own keys, by what the vault says, and for as long as it says. */
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { LogVerifyView } from '../../../shared/contract/log-views.ts';
import type { TokenId } from '../../../shared/model/ids.ts';
import { dayMs } from '../../../shared/model/time.ts';
import { keyOfSeed, publicX } from '../../../src-main/base/seed-key.ts';
import { gatewayIdentity } from '../../../src-main/services/gateway-identity.ts';
import type { GatewayIdentity } from '../../../src-main/gateway/probe.ts';
import { noteRetired } from '../../../src-main/request-log/retired-file.ts';
import { segmentPath } from '../../../src-main/request-log/segment-files.ts';
import type { SegmentWriterOptions } from '../../../src-main/request-log/segment-writer.ts';
import { atMs, newWriter, row, textsOf } from '../../support/log-rows.ts';
import type { TempApp } from '../../support/temp-app.ts';
import { openUnlockedApp } from '../../support/temp-app.ts';

const tokenId = 'AAAAAAAA' as TokenId;
let temp: TempApp;
let nowMs: number;
beforeEach(async () => {
  nowMs = atMs + 1000;
  temp = await openUnlockedApp({ autoStartGateway: false, now: () => nowMs });
});
afterEach(() => temp.close());

const dir = () => join(temp.dataDir, 'request-log');
const identity = () => gatewayIdentity(temp.dataDir)!;
const nameOf = (n: number) => `${identity().gatewayId}.${atMs}.${n}`;
const path = (n: number) => segmentPath(dir(), nameOf(n));

/** Segments of this folder's gateway, a row each, sealed to the operator. */
function write(segments: number, changes: Partial<SegmentWriterOptions> = {}): void {
  const vault = temp.app.session.vault();
  const { x } = vault.state().operators.get(vault.operator.id)!.receiveKey;
  const { gatewayId: gateway, seed } = identity();
  const writer = newWriter(dir(), [{ operatorId: vault.operator.id, keyNo: 1, x }], {
    gateway,
    seed,
    ...changes,
  });
  for (let n = 0; n < segments; n += 1) {
    writer.write(textsOf([row({ tokenId })]));
    writer.end();
  }
}
async function verified(): Promise<LogVerifyView> {
  await temp.client.log.verify();
  return vi.waitFor(async () => {
    const view = await temp.client.log.verifyStatus();
    expect(view.state).not.toBe('running');
    return view;
  });
}
const change = (n: number, from: string, to: string): void =>
  writeFileSync(path(n), readFileSync(path(n), 'utf8').replace(from, to));
const anchor = (n: number, root: string) =>
  temp.app.session.vault().commit(() => ({
    events: [
      {
        type: 'log.anchored',
        gatewayId: identity().gatewayId,
        publicKey: publicX(keyOfSeed(identity().seed)),
        run: atMs,
        n,
        root,
        rows: 1,
      },
    ],
    result: undefined,
  }));
const rootIn = (n: number): string => /"root":"([^"]+)"/.exec(readFileSync(path(n), 'utf8'))?.[1] ?? '';

describe('the check of the request log', () => {
  it('finds nothing where there is nothing, and an untouched log whole, by the admin’s own keys', async () => {
    expect(await verified()).toMatchObject({ state: 'done', total: 0, problemCount: 0 });
    write(2);
    expect(await verified()).toMatchObject({
      state: 'done',
      checked: 2,
      total: 2,
      rows: 2,
      counts: { whole: 2, tampered: 0 },
      macsChecked: 2,
      unknownSigner: 0,
      problemCount: 0,
    });
  });

  it('puts a damaged segment aside, and says where it is from then on', async () => {
    write(3);
    change(2, '{"b":0', '{"b";0');
    const file = `damaged/${nameOf(2)}.jsonl`;
    const aside = `It was put aside, as request-log/${file}.`;
    for (let time = 0; time < 2; time += 1) {
      // oxlint-disable-next-line no-await-in-loop
      const { problems, counts } = await verified();
      expect(problems).toEqual([
        { segment: nameOf(2), state: 'damaged', what: expect.any(Array) as string[] },
      ]);
      expect(problems[0]?.what[0]).toBe('Line 3 can’t be read.');
      expect(problems[0]?.what.at(-1)).toContain(aside);
      expect(counts).toMatchObject({ whole: 2, damaged: 1 });
    }
    expect(readFileSync(join(dir(), file), 'utf8')).toContain('{"b";0');
    expect(await temp.client.log.status()).toMatchObject({ aside: [file], asideCount: 1 });
    const [alarm] = (await temp.client.session.status()).alarms;
    expect(alarm).toMatchObject({ code: 'request-log-tampered', message: expect.stringContaining(aside) });
  });

  it('says without keys that only signatures and chain were checked', async () => {
    write(1, { recipients: [] });
    expect(await verified()).toMatchObject({ counts: { whole: 1 }, macsChecked: 0 });
  });

  it('names the segment and the line that was changed, and the segment that is gone', async () => {
    write(3);
    change(2, '2.32.3', '2.32.4');
    rmSync(path(1));
    const view = await verified();
    expect(view.problems).toEqual([
      {
        segment: nameOf(2),
        state: 'tampered',
        what: expect.arrayContaining(['Line 3 was changed after it was written.']),
      },
      { segment: nameOf(1), state: 'missing', what: [expect.stringContaining('neither here now')] },
    ]);
    expect(view.counts).toMatchObject({ whole: 1, tampered: 1, missing: 1 });
  });

  it('holds the log against what the vault says', async () => {
    write(2);
    await anchor(2, rootIn(2));
    expect(await verified()).toMatchObject({ problemCount: 0 });
    // The last one: nothing in the log names it.
    rmSync(path(2));
    expect((await verified()).problems).toMatchObject([{ segment: nameOf(2), state: 'missing' }]);
  });

  it('believes nobody that retention took what is too new for it', async () => {
    write(2);
    await anchor(2, rootIn(2));
    const line = { segment: nameOf(2), root: rootIn(2), why: 'retention', endMs: atMs, atMs: nowMs } as const;
    const problemsWith = async (signer: GatewayIdentity | undefined) => {
      rmSync(join(dir(), 'retired.jsonl'), { force: true });
      await noteRetired(dir(), line, signer);
      return (await verified()).problems;
    };
    rmSync(path(2));
    expect(await problemsWith(identity())).toMatchObject([
      { segment: nameOf(2), state: 'missing', what: [expect.stringContaining('too new')] },
    ]);
    expect(await problemsWith(undefined)).toMatchObject([
      { segment: nameOf(2), state: 'missing', what: [expect.stringContaining('no gateway that is known')] },
    ]);
  });

  it('can be ended, and ends with the lock', async () => {
    write(3);
    await temp.client.log.verify();
    await temp.client.log.cancelVerify();
    await vi.waitFor(async () => expect((await temp.client.log.verifyStatus()).state).toBe('cancelled'));
    await temp.client.log.verify();
    await temp.client.session.lock();
    await expect(temp.client.log.verifyStatus()).rejects.toMatchObject({ code: 'VAULT_LOCKED' });
  });
});

/** Day after day, as retention saw it. */
/** With somebody there: a day without a person would lock the vault. */
function clockGoesTo(ms: number): void {
  nowMs = ms;
  void temp.client.session.touch();
  writeFileSync(join(dir(), 'clock.json'), JSON.stringify({ believedMs: ms - dayMs }));
}

describe('the retention of the request log', () => {
  it('does not go by a clock that is far ahead, and says so', async () => {
    write(1);
    await temp.client.log.prune();
    nowMs = atMs + 2000 * dayMs;
    const doubtedClock = { clockMs: nowMs, daysLeft: 6 };
    const nothing = { segments: 0, persons: 0, bytes: 0, doubtedClock };
    expect(await temp.client.log.planPrune()).toEqual(nothing);
    expect(await temp.client.log.prune()).toEqual(nothing);
    expect(await temp.client.log.status()).toMatchObject({ doubtedClock });
    expect(await verified()).toMatchObject({ counts: { whole: 1 }, problemCount: 0 });
  });

  it('is planned, and takes what is older than the vault says; that is no gap, however late it was anchored', async () => {
    write(1);
    clockGoesTo(atMs + 399 * dayMs);
    expect(await temp.client.log.planPrune()).toMatchObject({ segments: 0, persons: 1 });
    clockGoesTo(atMs + 401 * dayMs);
    await anchor(1, rootIn(1));
    const plan = await temp.client.log.planPrune();
    expect(plan).toMatchObject({ segments: 1 });
    expect(await temp.client.log.whoHas({ file: { ecosystem: 'pypi', name: 'requests' } })).toMatchObject({
      holdings: [{ count: 1 }],
    });
    // Packed meanwhile, so in fewer bytes.
    expect(await temp.client.log.prune()).toMatchObject({ segments: 1, persons: 0 });
    expect(await verified()).toMatchObject({ counts: { retired: 1 }, problemCount: 0 });
    // Rows are gone, sums are not.
    expect((await temp.client.log.rows({})).rows).toEqual([]);
    const { holdings } = await temp.client.log.whoHas({ file: { ecosystem: 'pypi', name: 'requests' } });
    expect(holdings).toMatchObject([{ count: 1 }]);
    expect(await temp.client.log.tokenUse({ tokenId })).toMatchObject({ use: { downloads: 1 } });
  });
});

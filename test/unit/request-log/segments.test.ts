import { readFileSync, statSync, writeFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { readSegment } from '../../../src-main/request-log/read-segment.ts';
import { readWho } from '../../../src-main/request-log/read-who.ts';
import { encodeCount } from '../../../src-main/request-log/row-codec.ts';
import type { PersonField } from '../../../src-main/request-log/segment-files.ts';
import {
  fieldKeysPath,
  listSegments,
  macKeysPath,
  segmentPath,
} from '../../../src-main/request-log/segment-files.ts';
import type { SegmentEnd, SegmentHead } from '../../../src-main/request-log/segment-lines.ts';
import { endClaim } from '../../../src-main/request-log/segment-lines.ts';
import { isSegmentSignature } from '../../../src-main/request-log/segment-signature.ts';
import { all, atMs, identity, newAdmin, newWriter, openKey, row, textsOf } from '../../support/log-rows.ts';
import { cleanTempDirs, tempDir } from '../../support/temp-dir.ts';

cleanTempDirs();

const name = (n: number) => `${identity.gatewayId}.${atMs}.${n}`;
const stored = (index: number, changes = {}) => {
  const { who: _, ...rest } = row(changes);
  return { ...rest, who: index };
};

describe('a segment', () => {
  it('gives back what was written, without the personal fields', async () => {
    const dir = tempDir();
    const admin = await newAdmin();
    const writer = newWriter(dir, [admin.recipient]);
    const { tokenId: _, ...stranger } = row({ kind: 'refusal', status: 401, cause: 'access.token-unknown' });
    writer.write(textsOf([row(), row({ atMs: atMs - 150, kind: 'cut' })]));
    const count = {
      hourMs: atMs,
      tokenId: 'token-1',
      channelId: 'channel-1',
      allowed: 7,
      denied: 1,
      failed: 0,
    };
    writer.write(textsOf([stranger], { counts: encodeCount(count), dropped: [{ rows: 12, why: 'busy' }] }));
    let end: SegmentEnd | undefined;
    let head: SegmentHead | undefined;
    const [open] = await listSegments(dir);
    const read = () =>
      all(readSegment(open?.path ?? '', { onEnd: (one) => (end = one), onHead: (one) => (head = one) }));
    const batches = [
      {
        batch: 0,
        atMs,
        rows: [stored(0), stored(1, { atMs: atMs - 150, kind: 'cut' })],
        counts: [],
        dropped: [],
      },
      {
        batch: 1,
        atMs,
        rows: [
          {
            ...stored(0, { kind: 'refusal', status: 401, cause: 'access.token-unknown' }),
            tokenId: undefined,
          },
        ],
        counts: [count],
        dropped: [{ rows: 12, why: 'busy' }],
      },
    ];
    expect(await read()).toEqual(batches);
    expect(end).toBeUndefined();
    expect(writer.end()).toBe(name(1));
    expect(await read()).toEqual(batches);
    expect(end).toMatchObject({ batches: 2, rows: 3, atMs });
    const claim = endClaim(head as SegmentHead, end as SegmentEnd);
    const { sig } = end as SegmentEnd;
    expect(isSegmentSignature(sig, head?.key ?? '', identity.gatewayId, claim)).toBe(true);
    expect(isSegmentSignature(sig, head?.key ?? '', 'gatewayBBBBBBBBB', claim)).toBe(false);
    expect(head).toMatchObject({ gateway: identity.gatewayId, run: atMs, n: 1, before: [] });
    expect(readFileSync(segmentPath(dir, name(1)), 'utf8')).not.toContain('192.0.2.7');
  });

  it('opens its personal fields to each admin and to nobody else', async () => {
    const dir = tempDir();
    const [ada, bob, eve] = [await newAdmin('ada'), await newAdmin('bob'), await newAdmin('ada')];
    const writer = newWriter(dir, [ada.recipient, bob.recipient]);
    writer.write(textsOf([row(), row({ who: { address: '2001:db8::7', ciUser: 'Grace' } })]));
    const segment = { gateway: identity.gatewayId, run: atMs, n: 1 };
    const path = segmentPath(dir, name(1));
    const fileOf = (field: PersonField) => readFileSync(fieldKeysPath(dir, name(1), field), 'utf8');
    for (const admin of [ada, bob]) {
      const address = (await openKey('address', segment, admin, fileOf('address'))) ?? Buffer.alloc(0);
      const ciUser = (await openKey('ciUser', segment, admin, fileOf('ciUser'))) ?? Buffer.alloc(0);
      const who = [{ address: '192.0.2.7' }, { address: '2001:db8::7', ciUser: 'Grace' }];
      expect(await all(readWho(path, { address, ciUser }))).toEqual([{ batch: 0, who }]);
      // Each by its own key alone.
      expect(await all(readWho(path, { address }))).toEqual([
        { batch: 0, who: who.map(({ address: one }) => ({ address: one })) },
      ]);
      expect(await all(readWho(path, { ciUser }))).toEqual([{ batch: 0, who: [{}, { ciUser: 'Grace' }] }]);
      expect(await all(readWho(path, { address: ciUser, ciUser: address }))).toEqual([]);
    }
    await expect(openKey('address', segment, eve, fileOf('address'))).rejects.toThrow();
    await expect(openKey('address', { ...segment, n: 2 }, ada, fileOf('address'))).rejects.toThrow();
    // Nor is the key of the MACs one of the fields.
    const macs = readFileSync(macKeysPath(dir, name(1)), 'utf8');
    await expect(openKey('address', segment, ada, macs)).resolves.toBeUndefined();
    const macKey = (await openKey('mac', segment, ada, macs)) ?? Buffer.alloc(0);
    expect(await all(readWho(path, { address: macKey, ciUser: macKey }))).toEqual([]);
  });

  it('opens the batches that are asked for, whatever became of their rows', async () => {
    const dir = tempDir();
    const ada = await newAdmin('ada');
    const writer = newWriter(dir, [ada.recipient]);
    for (const address of ['192.0.2.1', '192.0.2.2', '192.0.2.3'])
      writer.write(textsOf([row({ who: { address } })]));
    const path = segmentPath(dir, name(1));
    const segment = { gateway: identity.gatewayId, run: atMs, n: 1 };
    const file = readFileSync(fieldKeysPath(dir, name(1), 'address'), 'utf8');
    const keys = { address: (await openKey('address', segment, ada, file)) ?? Buffer.alloc(0) };
    const second = [{ batch: 1, who: [{ address: '192.0.2.2' }] }];
    expect(await all(readWho(path, keys, new Set([1, 7])))).toEqual(second);
    const lines = readFileSync(path, 'utf8').split('\n');
    const changed = lines.with(4, (lines[4] ?? '').slice(0, 60));
    writeFileSync(path, changed.join('\n'));
    expect(await all(readWho(path, keys, new Set([1])))).toEqual(second);
    // Under another number nothing opens.
    writeFileSync(path, lines.with(4, (lines[4] ?? '').replace('"b":1', '"b":2')).join('\n'));
    expect(await all(readWho(path, keys, new Set([2])))).toHaveLength(1);
    writeFileSync(path, ['', ...lines].join('\n'));
    expect(await all(readWho(path, keys))).toEqual([]);
  });

  it('is for this user alone, and ends when it is large, old, or for other admins', async () => {
    const dir = tempDir();
    const [ada, bob] = [await newAdmin('ada'), await newAdmin('bob')];
    let nowMs = atMs;
    const writer = newWriter(dir, [ada.recipient], { maxBytes: 2_000, now: () => nowMs });
    expect(writer.write(textsOf([row(), row(), row(), row(), row(), row()]))).toBeUndefined();
    expect(writer.write(textsOf([row()]))).toBe(name(1));
    writer.setRecipients([ada.recipient]);
    expect(writer.endIfDue()).toBeUndefined();
    writer.setRecipients([ada.recipient, bob.recipient]);
    expect(writer.write(textsOf([row()]))).toBe(name(2));
    nowMs += 24 * 60 * 60_000;
    expect(writer.endIfDue()).toBe(name(3));
    expect(writer.end()).toBeUndefined();
    expect((await listSegments(dir)).map((one) => one.name)).toEqual([name(1), name(2), name(3)]);
    for (const path of [
      segmentPath(dir, name(1)),
      macKeysPath(dir, name(1)),
      fieldKeysPath(dir, name(1), 'address'),
    ])
      expect(statSync(path).mode & 0o777).toBe(0o600);
  });

  it('is read packed as it is read plain, and once where both are there', async () => {
    const dir = tempDir();
    const admin = await newAdmin();
    const writer = newWriter(dir, [admin.recipient]);
    writer.write(textsOf([row()]));
    writer.end();
    const path = segmentPath(dir, name(1));
    const plain = await all(readSegment(path));
    writeFileSync(`${path}.gz`, gzipSync(readFileSync(path)));
    expect((await listSegments(dir)).map((one) => one.path)).toEqual([path]);
    expect(await all(readSegment(`${path}.gz`))).toEqual(plain);
  });

  it('tells a torn end and damaged lines, and reads what stands around them', async () => {
    const dir = tempDir();
    const admin = await newAdmin();
    const writer = newWriter(dir, [admin.recipient]);
    for (let count = 0; count < 3; count += 1) writer.write(textsOf([row()]));
    const path = segmentPath(dir, name(1));
    const lines = readFileSync(path, 'utf8').split('\n');
    const damage: [number, boolean][] = [];
    const read = async (text: string) => {
      damage.length = 0;
      writeFileSync(path, text);
      const batches = await all(
        readSegment(path, { onDamage: (line, isTorn) => void damage.push([line, isTorn]) }),
      );
      return batches.map(({ batch }) => batch);
    };
    expect(await read(lines.join('\n').slice(0, -20))).toEqual([0, 1]);
    expect(damage).toEqual([[7, true]]);
    expect(await read(lines.with(4, `${lines[4]?.slice(0, 40)}\u0000`).join('\n'))).toEqual([0, 2]);
    expect(damage).toEqual([[5, false]]);
    expect(await read(lines.with(4, 'x'.repeat(5 * 1024 * 1024)).join('\n'))).toEqual([0, 2]);
    expect(damage).toEqual([[5, false]]);
  });

  it('holds only so much of what a client sent', async () => {
    const dir = tempDir();
    const admin = await newAdmin();
    const writer = newWriter(dir, [admin.recipient]);
    const long = 'ü'.repeat(10_000);
    writer.write(textsOf([row({ filename: long, ciJob: long, who: { address: long, ciUser: long } })]));
    const [batch] = await all(readSegment(segmentPath(dir, name(1))));
    expect(batch?.rows[0]).toMatchObject({ filename: 'ü'.repeat(256), ciJob: 'ü'.repeat(256) });
    expect(readFileSync(segmentPath(dir, name(1))).length).toBeLessThan(6_000);
  });
});

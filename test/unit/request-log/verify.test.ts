import { readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { keyOfSeed, publicX } from '../../../src-main/base/seed-key.ts';
import { folderSource } from '../../../src-main/request-log/folder-source.ts';
import {
  macKeysPath,
  segmentPath,
  fieldKeysPath,
  personFields,
} from '../../../src-main/request-log/segment-files.ts';
import type { SegmentEnd, SegmentHead } from '../../../src-main/request-log/segment-lines.ts';
import { endClaim, parseLine, withMac } from '../../../src-main/request-log/segment-lines.ts';
import type { RawLine } from '../../../src-main/request-log/read-segment.ts';
import { rootOf } from '../../../src-main/request-log/segment-root.ts';
import { signSegment } from '../../../src-main/request-log/segment-signature.ts';
import type { LogFinding, VerifyLogOptions } from '../../../src-main/request-log/verify-log.ts';
import { verifyLog } from '../../../src-main/request-log/verify-log.ts';
import { verifySegment } from '../../../src-main/request-log/verify-segment.ts';
import type { Admin } from '../../support/log-rows.ts';
import { atMs, identity, newAdmin, newWriter, openKey, row, textsOf } from '../../support/log-rows.ts';
import { cleanTempDirs, tempDir } from '../../support/temp-dir.ts';

cleanTempDirs();
let ada: Admin;
let dir: string;
beforeAll(async () => {
  ada = await newAdmin();
});
beforeEach(() => {
  dir = tempDir();
});

const name = (n: number, gateway = identity.gatewayId, run = atMs) => `${gateway}.${run}.${n}`;
const ownKey = publicX(keyOfSeed(identity.seed));

/** Three closed segments of three batches each: seven lines of rows and persons between head and end. */
function writeThree(folder = dir, changes: Parameters<typeof newWriter>[2] = {}): void {
  const writer = newWriter(folder, [ada.recipient], changes);
  for (let segment = 1; segment <= 3; segment += 1) {
    for (let batch = 0; batch < 3; batch += 1)
      writer.write(textsOf([row({ version: `${segment}.${batch}` })]));
    writer.end();
  }
}

const asAdmin: Pick<VerifyLogOptions, 'openMacKey'> = {
  openMacKey: (segment, file) => openKey('mac', segment, ada, file).catch(() => undefined),
};

async function verify(more: Partial<VerifyLogOptions> = asAdmin): Promise<Record<string, LogFinding>> {
  const findings = await verifyLog(folderSource(dir), {
    gatewayKey: (gateway) => (gateway === identity.gatewayId ? ownKey : undefined),
    ...more,
  });
  return Object.fromEntries(findings.map((one) => [one.name, one]));
}

/** As the reader of a file gives them. */
async function* linesIn(text: string): AsyncGenerator<RawLine, void> {
  for (const [index, line] of text.split('\n').entries()) {
    const isLast = index === text.split('\n').length - 1;
    if (line !== '' || !isLast) yield { number: index + 1, text: line, isTorn: isLast };
  }
}

const whats = (finding: LogFinding | undefined) => finding?.problems.map(({ what }) => what);
const states = (findings: Record<string, LogFinding>) => Object.values(findings).map(({ state }) => state);
const linesOf = (n: number) =>
  readFileSync(segmentPath(dir, name(n)), 'utf8')
    .split('\n')
    .slice(0, -1);
const writeLines = (n: number, lines: readonly string[]) =>
  writeFileSync(segmentPath(dir, name(n)), lines.map((line) => `${line}\n`).join(''));

/** Signs the end anew, as a thief of the gateway's key can, who does not have the keys of MACs that are gone. */
function signAnew(lines: readonly string[], root: string): string[] {
  const end = parseLine(lines.at(-1) ?? '');
  const head = parseLine(lines[0] ?? '');
  if (end?.type !== 'end' || head?.type !== 'head') throw new Error('a closed segment');
  const batches = lines.filter((line) => line.startsWith('{"b":')).length;
  const next: Omit<SegmentEnd, 'sig'> = { batches, rows: batches, root, atMs };
  const sig = signSegment(keyOfSeed(identity.seed), identity.gatewayId, endClaim(head.head, next));
  return [...lines.slice(0, -1), withMac(JSON.stringify({ end: next, sig }), end.mac)];
}

describe('a log that nobody touched', () => {
  it('is whole, with the MACs for an admin and without them for others', async () => {
    writeThree();
    const findings = await verify();
    expect(states(findings)).toEqual(['whole', 'whole', 'whole']);
    expect(findings[name(2)]).toMatchObject({
      rows: 3,
      macs: 'right',
      signedBy: 'known',
      persons: 'there',
      problems: [],
    });
    expect((await verify({}))[name(2)]).toMatchObject({ state: 'whole', macs: 'not-checked' });
    expect((await verify({ gatewayKey: () => undefined }))[name(2)]).toMatchObject({ signedBy: 'other' });
  });

  it('stays whole when it is packed, and when its persons are erased', async () => {
    writeThree();
    const path = segmentPath(dir, name(2));
    writeFileSync(`${path}.gz`, gzipSync(readFileSync(path)));
    rmSync(path);
    rmSync(fieldKeysPath(dir, name(2), 'address'));
    expect((await verify())[name(2)]).toMatchObject({ state: 'whole', persons: 'there', macs: 'right' });
    rmSync(fieldKeysPath(dir, name(2), 'ciUser'));
    expect((await verify())[name(2)]).toMatchObject({ state: 'whole', persons: 'erased', macs: 'right' });
  });

  it('is not closed where its writer was killed, torn or not', async () => {
    writeThree();
    const lines = linesOf(3);
    writeLines(3, lines.slice(0, -1));
    expect((await verify())[name(3)]).toMatchObject({ state: 'not-closed', problems: [], macs: 'right' });
    writeFileSync(segmentPath(dir, name(3)), lines.join('\n').slice(0, -30));
    const torn = (await verify())[name(3)];
    expect([torn?.state, whats(torn)]).toEqual(['not-closed', ['torn-line']]);
  });

  it('is retired where retention took it, and nothing else explains a gap', async () => {
    writeThree();
    const root = await rootOf(segmentPath(dir, name(1)));
    rmSync(segmentPath(dir, name(1)));
    expect((await verify())[name(1)]?.state).toBe('missing');
    writeFileSync(
      join(dir, 'retired.jsonl'),
      `${JSON.stringify({ segment: name(1), root, why: 'rows', atMs })}\n`,
    );
    expect((await verify())[name(1)]?.state).toBe('retired');
    expect(states(await verify()).toSorted()).toEqual(['retired', 'whole', 'whole']);
    writeFileSync(
      join(dir, 'retired.jsonl'),
      `${JSON.stringify({ segment: name(1), root: 'another', why: 'rows', atMs })}\n`,
    );
    expect((await verify())[name(1)]?.state).toBe('missing');
  });
});

describe('a log that somebody touched', () => {
  it('shows it for every changed byte, whether an admin looks or not', async () => {
    writeThree();
    const segment = { gateway: identity.gatewayId, run: atMs, n: 2 };
    const bytes = readFileSync(segmentPath(dir, name(2)));
    const macKeys = readFileSync(macKeysPath(dir, name(2)), 'utf8');
    const [address = '', ciUser = ''] = personFields.map((field) =>
      readFileSync(fieldKeysPath(dir, name(2), field), 'utf8'),
    );
    const fieldKeys = { address, ciUser };
    const adminsKey = await asAdmin.openMacKey?.(segment, macKeys);
    const isUntold = async (changed: Buffer, macKey: Uint8Array | undefined): Promise<boolean> => {
      const lines = linesIn(changed.toString('utf8'));
      const parts = { lines, macKeys, fieldKeys, macKey, gatewayKey: ownKey };
      const { problems, isClosed } = await verifySegment(segment, parts);
      return problems.length === 0 && isClosed;
    };
    expect(await isUntold(bytes, adminsKey)).toBe(true);
    // The MAC of the end is nothing but the admins' business.
    const macOfEndAt = bytes.lastIndexOf('"mac"');
    const untold: number[] = [];
    for (let at = 0; at < bytes.length; at += 7) {
      const changed = Buffer.from(bytes);
      changed[at] = (changed[at] ?? 0) ^ 1;
      // oxlint-disable-next-line no-await-in-loop
      if (await isUntold(changed, adminsKey)) untold.push(at);
      // oxlint-disable-next-line no-await-in-loop
      if (at < macOfEndAt && (await isUntold(changed, undefined))) untold.push(at);
    }
    expect(untold).toEqual([]);
  });

  it('names the damaged line', async () => {
    writeThree();
    const lines = linesOf(2);
    writeLines(2, lines.with(2, lines[2]?.slice(0, 50) ?? ''));
    const { [name(2)]: found } = await verify();
    expect(found).toMatchObject({ state: 'damaged' });
    expect(found?.problems).toContainEqual({ what: 'damaged-line', line: 3 });
    expect(found?.problems).toContainEqual({ what: 'unproved-line', line: 5 });
    expect(whats(found)).not.toContain('mac');
    writeLines(2, lines);
    const path = segmentPath(dir, name(2));
    writeFileSync(`${path}.gz`, gzipSync(readFileSync(path)).subarray(0, 600));
    rmSync(path);
    expect((await verify())[name(2)]?.state).toBe('damaged');
  });

  it('shows what was changed behind a line that somebody damaged', async () => {
    writeThree();
    const lines = linesOf(2);
    const changed = lines.with(6, (lines[6] ?? '').replace('2.2', '2.9'));
    writeLines(2, changed.with(2, '{'));
    const { [name(2)]: found } = await verify();
    expect(found).toMatchObject({ state: 'tampered', macs: 'wrong' });
    expect(found?.problems).toContainEqual({ what: 'mac', line: 7 });
    // A number that would take for ever to get to.
    writeLines(2, lines.with(2, '{').with(4, (lines[4] ?? '').replace('"b":1', '"b":9007199254740991')));
    expect((await verify())[name(2)]).toMatchObject({ state: 'tampered', macs: 'wrong' });
  });

  it('names each line that was changed, and none between them', async () => {
    writeThree();
    const lines = linesOf(2);
    const change = (at: number, to: string) => (lines[at] ?? '').replace(/2\.\d"/, `${to}"`);
    writeLines(2, lines.with(2, change(2, '9.1')).with(6, change(6, '9.2')));
    const { [name(2)]: found } = await verify();
    const changed = found?.problems.filter(({ what }) => what === 'mac');
    expect(changed).toEqual([
      { what: 'mac', line: 3 },
      { what: 'mac', line: 7 },
    ]);
    // A batch that is gone takes no other with it than the one that follows from it.
    writeLines(2, [...lines.slice(0, 1), ...lines.slice(3)]);
    const { [name(2)]: cut } = await verify();
    expect(cut?.problems.filter(({ what }) => what === 'mac')).toEqual([{ what: 'mac', line: 3 }]);
  });

  it('names no more than a hundred changed lines', async () => {
    const writer = newWriter(dir, [ada.recipient]);
    for (let batch = 0; batch < 120; batch += 1) writer.write(textsOf([row()]));
    writer.end();
    writeLines(
      1,
      linesOf(1).map((line) => (line.startsWith('{"b":') ? line.replace('2.32.3', '2.32.4') : line)),
    );
    expect(whats((await verify())[name(1)])?.filter((what) => what === 'mac')).toHaveLength(100);
  });

  it('shows a dropped, a doubled and a moved batch', async () => {
    writeThree();
    const lines = linesOf(2);
    const moved = [...lines.slice(0, 1), ...lines.slice(3, 5), ...lines.slice(1, 3), ...lines.slice(5)];
    const doubled = [...lines.slice(0, 3), ...lines.slice(1)];
    for (const changed of [[...lines.slice(0, 3), ...lines.slice(5)], doubled, moved]) {
      writeLines(2, changed);
      // oxlint-disable-next-line no-await-in-loop
      const { [name(2)]: found } = await verify();
      expect(found?.state).toBe('tampered');
      expect(whats(found)).toContain('batch-order');
      expect(whats(found)).toContain('root');
    }
  });

  it('shows exchanged segments and exchanged persons', async () => {
    writeThree();
    const [second, third] = [linesOf(2), linesOf(3)];
    writeLines(2, third);
    writeLines(3, second);
    const found = await verify();
    expect([whats(found[name(2)])?.[0], whats(found[name(3)])?.[0]]).toEqual([
      'another-segment',
      'another-segment',
    ]);
    writeLines(2, second.with(1, third[1] ?? ''));
    expect((await verify())[name(2)]?.problems).toContainEqual({ what: 'persons-changed', line: 3 });
  });

  it('shows a segment of another gateway, and one that another key signed', async () => {
    writeThree();
    const other = { gateway: 'gatewayBBBBBBBBB', seed: 'B'.repeat(42) + 'E' };
    const elsewhere = tempDir();
    writeThree(elsewhere, other);
    const stranger = readFileSync(segmentPath(elsewhere, name(2, other.gateway)), 'utf8');
    writeFileSync(segmentPath(dir, name(2)), stranger);
    expect(whats((await verify())[name(2)])).toContain('another-segment');
    // The same name, written by one who has the folder and not the key.
    writeThree(elsewhere, { seed: other.seed });
    writeFileSync(segmentPath(dir, name(2)), readFileSync(segmentPath(elsewhere, name(2))));
    expect(whats((await verify({}))[name(2)])).toContain('signature');
  });

  it('shows to an admin what a thief of the gateway’s key wrote anew', async () => {
    writeThree();
    const lines = linesOf(3);
    // The last segment, which none follows: the last batch goes, and the end is signed anew.
    const cut = [...lines.slice(0, 5), lines.at(-1) ?? ''];
    writeLines(3, cut);
    writeLines(3, signAnew(cut, await rootOf(segmentPath(dir, name(3)))));
    expect((await verify({}))[name(3)]?.state).toBe('whole');
    const { [name(3)]: found } = await verify();
    expect([found?.state, whats(found), found?.macs]).toEqual(['tampered', ['mac'], 'wrong']);
    // Of one that another follows, everybody sees it.
    const second = linesOf(2);
    const changed = second.with(2, second[2]?.replace('"2.0"', '"2.9"') ?? '');
    writeLines(2, changed);
    writeLines(2, signAnew(changed, await rootOf(segmentPath(dir, name(2)))));
    expect((await verify({}))[name(2)]?.problems).toEqual([{ what: 'not-as-named', by: name(3) }]);
  });

  it('shows a cut segment by the one after it, and the last by its anchor in the vault', async () => {
    writeThree();
    const root = await rootOf(segmentPath(dir, name(3)));
    const anchors = [{ gateway: identity.gatewayId, run: atMs, n: 3, root }];
    expect(states(await verify({ anchors }))).toEqual(['whole', 'whole', 'whole']);
    for (const n of [2, 3]) writeLines(n, linesOf(n).slice(0, 3));
    const found = await verify({ anchors });
    expect(found[name(2)]).toMatchObject({
      state: 'tampered',
      problems: [{ what: 'not-as-named', by: name(3) }],
    });
    expect(found[name(3)]).toMatchObject({
      state: 'tampered',
      problems: [{ what: 'not-as-named', by: 'vault' }],
    });
    rmSync(segmentPath(dir, name(3)));
    expect((await verify({ anchors }))[name(3)]?.state).toBe('missing');
  });

  it('shows what stands behind the end, and other keys', async () => {
    writeThree();
    const lines = linesOf(2);
    writeLines(2, [...lines, lines[1] ?? '']);
    expect((await verify())[name(2)]?.problems).toEqual([{ what: 'after-the-end', line: 9 }]);
    writeLines(2, lines);
    renameSync(macKeysPath(dir, name(1)), macKeysPath(dir, name(2)));
    renameSync(fieldKeysPath(dir, name(1), 'ciUser'), fieldKeysPath(dir, name(2), 'ciUser'));
    expect(whats((await verify())[name(2)])).toEqual(['mac-keys-changed', 'person-keys-changed']);
    expect(whats((await verify())[name(1)])).toEqual(['mac-keys-missing']);
  });

  it('shows a segment that does not name the one before it', async () => {
    writeThree();
    const head = parseLine(linesOf(2)[0] ?? '');
    expect((head as { head: SegmentHead }).head.before).toEqual([
      [name(1), await rootOf(segmentPath(dir, name(1)))],
    ]);
    const lines = linesOf(2);
    writeLines(2, lines.with(0, lines[0]?.replace(/"before":\[.*?\]\]/, '"before":[]') ?? ''));
    expect(whats((await verify())[name(2)])).toContain('not-in-chain');
  });
});

/** Rows for the request log, its recipients and its writer, for tests. */
import { mkdirSync } from 'node:fs';
import type { LogRecipient } from '../../shared/model/bundle.ts';
import type { OperatorId } from '../../shared/model/ids.ts';
import type { LogRow, LogWho } from '../../src-main/request-log/log-row.ts';
import type { KeyUse } from '../../src-main/request-log/recipients.ts';
import { keyBinding, parseSealedKeys } from '../../src-main/request-log/recipients.ts';
import { encodePerson, encodeRow } from '../../src-main/request-log/row-codec.ts';
import type { SegmentName } from '../../src-main/request-log/segment-files.ts';
import { segmentsDir } from '../../src-main/request-log/segment-files.ts';
import type { BatchTexts, SegmentWriterOptions } from '../../src-main/request-log/segment-writer.ts';
import { SegmentWriter } from '../../src-main/request-log/segment-writer.ts';
import type { PrivateJwk } from '../../src-main/vault/seal.ts';
import { newKeyPair, unwrapKey } from '../../src-main/vault/seal.ts';

export const identity = { gatewayId: 'gatewayAAAAAAAAA', seed: 'A'.repeat(42) + 'E' };
export const atMs = Date.UTC(2026, 10, 26, 2);

export type Admin = { readonly recipient: LogRecipient; readonly privateJwk: PrivateJwk };

export async function newAdmin(operatorId = 'operator-ada'): Promise<Admin> {
  const { publicJwk, privateJwk } = await newKeyPair('X25519');
  return { recipient: { operatorId: operatorId as OperatorId, keyNo: 1, x: publicJwk.x }, privateJwk };
}

/** The key of a segment, opened as an operator's vault does it. */
export async function openKey(
  use: KeyUse,
  segment: SegmentName,
  admin: Admin,
  keysFile: string,
): Promise<Uint8Array | undefined> {
  const { operatorId, keyNo } = admin.recipient;
  const mine = parseSealedKeys(keysFile, use)?.find((key) => key.operatorId === operatorId);
  if (mine === undefined) return undefined;
  return await unwrapKey(admin.privateJwk, mine.jwe, keyBinding(use, segment, { operatorId, keyNo }));
}

export const row = (changes: Partial<LogRow> = {}): LogRow => ({
  atMs,
  kind: 'download',
  tokenId: 'token-1',
  teamId: 'team-1',
  environmentId: 'environment-1',
  channelId: 'channel-1',
  ecosystem: 'pypi',
  name: 'requests',
  version: '2.32.3',
  filename: 'requests-2.32.3-py3-none-any.whl',
  sha256: 'ab'.repeat(32),
  bytes: 64_928,
  status: 200,
  client: 'pip/26.3',
  who: { address: '192.0.2.7' },
  ...changes,
});

const listOf = (texts: readonly (string | undefined)[]): string => `[${texts.map(encodePerson).join(',')}]`;

export function textsOf(rows: readonly LogRow[], changes: Partial<BatchTexts> = {}): BatchTexts {
  const who: LogWho[] = rows.map((one) => one.who);
  return {
    atMs,
    rows: rows.map((one, index) => encodeRow(one, atMs, index)).join(','),
    rowCount: rows.length,
    counts: '',
    dropped: [],
    who: {
      address: rows.length === 0 ? '' : listOf(who.map(({ address }) => address)),
      ciUser: who.some(({ ciUser }) => ciUser !== undefined) ? listOf(who.map(({ ciUser }) => ciUser)) : '',
    },
    ...changes,
  };
}

export function newWriter(
  dir: string,
  recipients: readonly LogRecipient[],
  changes: Partial<SegmentWriterOptions> = {},
): SegmentWriter {
  mkdirSync(segmentsDir(dir), { recursive: true });
  const { gatewayId: gateway, seed } = identity;
  return new SegmentWriter({
    dir,
    gateway,
    seed,
    run: atMs,
    recipients,
    before: [],
    now: () => atMs,
    ...changes,
  });
}

export async function all<T>(items: AsyncIterable<T>): Promise<T[]> {
  const list: T[] = [];
  for await (const item of items) list.push(item);
  return list;
}

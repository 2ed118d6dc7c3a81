/**
 * Opening what of the request log is sealed to the admins: addresses and users of CI. Invariant: the keys of a segment are
 * opened by the vault alone, with the operator's own key, and overwritten when its rows are read.
 */
import type { OpenedWho } from '../request-log/log-row.ts';
import { readIfThere } from '../disk/read-file.ts';
import type { FieldKeys } from '../request-log/read-who.ts';
import { readWho } from '../request-log/read-who.ts';
import { maxKeysBytes, parseSealedKeys } from '../request-log/recipients.ts';
import type { PersonField } from '../request-log/segment-files.ts';
import { fieldKeysPath, parseSegmentFile, personFields, segmentPath } from '../request-log/segment-files.ts';
import type { StoredRow } from '../request-log/store/row-store.ts';
import { codeOf } from '../disk/disk-error.ts';
import type { OrganizationVault } from './organization-vault.ts';

type Vault = Pick<OrganizationVault, 'operator' | 'openLogKey'>;
type Persons = ReadonlyMap<number, readonly OpenedWho[]>;

/** Who stood behind each of the rows; undefined where nobody can say any more, or this operator cannot. */
export async function openPersons(
  dir: string,
  vault: Vault,
  rows: readonly StoredRow[],
): Promise<readonly (OpenedWho | undefined)[]> {
  const bySegment = new Map<string, Persons>();
  for (const segment of new Set(rows.map(({ place }) => place.segment))) {
    const wanted = new Set(
      rows.filter(({ place }) => place.segment === segment).map(({ place }) => place.batch),
    );
    // oxlint-disable-next-line no-await-in-loop
    bySegment.set(segment, await personsOf(dir, vault, segment, wanted));
  }
  return rows.map(({ place }) => {
    const who = bySegment.get(place.segment)?.get(place.batch)?.[place.who];
    return who === undefined || Object.keys(who).length === 0 ? undefined : who;
  });
}

async function personsOf(
  dir: string,
  vault: Vault,
  segment: string,
  batches: ReadonlySet<number>,
): Promise<Persons> {
  const found = new Map<number, readonly OpenedWho[]>();
  const keys = await keysOf(dir, vault, segment);
  const opened = Object.values(keys);
  if (opened.length === 0) return found;
  try {
    for await (const { batch, who } of readWho(segmentPath(dir, segment), keys, batches)) {
      found.set(batch, who);
      if (found.size === batches.size) break;
    }
  } catch (error) {
    // Taken by retention meanwhile, or damaged: what was read so far counts.
    if (!(error instanceof Error)) throw error;
  } finally {
    for (const key of opened) key.fill(0);
  }
  return found;
}

async function keysOf(dir: string, vault: Vault, segment: string): Promise<FieldKeys> {
  const keys: { -readonly [K in PersonField]?: Uint8Array } = {};
  for (const field of personFields) {
    // oxlint-disable-next-line no-await-in-loop
    const key = await keyOf(dir, vault, segment, field);
    if (key !== undefined) keys[field] = key;
  }
  return keys;
}

async function keyOf(
  dir: string,
  vault: Vault,
  segment: string,
  field: PersonField,
): Promise<Uint8Array | undefined> {
  const name = parseSegmentFile(`${segment}.jsonl`);
  if (name === undefined) return undefined;
  try {
    const path = fieldKeysPath(dir, segment, field);
    const bytes = await readIfThere(path, { maxBytes: maxKeysBytes, refuseLink: true });
    const keys = bytes === undefined ? undefined : parseSealedKeys(bytes.toString('utf8'), field);
    const own = keys?.find(({ operatorId }) => operatorId === vault.operator.id);
    if (own === undefined) return undefined;
    const { gateway, run, n } = name;
    return await vault.openLogKey(own.jwe, { use: field, gateway, run, n });
  } catch (error) {
    if (codeOf(error) === undefined && !(error instanceof Error)) throw error;
    // Erased, damaged, or sealed to another key: nobody here can say who it was.
    return undefined;
  }
}

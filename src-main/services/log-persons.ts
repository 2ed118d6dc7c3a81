/**
 * Opening what of the request log is sealed to the admins: addresses and users of CI. Invariant: the key of a segment is
 * opened by the vault alone, with the operator's own key, and overwritten when its rows are read.
 */
import type { LogWho } from '../request-log/log-row.ts';
import { readIfThere } from '../disk/read-file.ts';
import { readWho } from '../request-log/read-who.ts';
import { maxKeysBytes, parseSealedKeys } from '../request-log/recipients.ts';
import { parseSegmentFile, segmentPath, whoKeysPath } from '../request-log/segment-files.ts';
import type { StoredRow } from '../request-log/store/row-store.ts';
import { codeOf } from '../disk/disk-error.ts';
import type { OrganizationVault } from './organization-vault.ts';

/** Who stood behind each of the rows; undefined where nobody can say any more, or this operator cannot. */
export async function openPersons(
  dir: string,
  vault: Pick<OrganizationVault, 'operator' | 'openLogKey'>,
  rows: readonly StoredRow[],
): Promise<readonly (LogWho | undefined)[]> {
  const bySegment = new Map<string, Map<number, readonly (LogWho | undefined)[]>>();
  for (const segment of new Set(rows.map(({ place }) => place.segment))) {
    const wanted = new Set(
      rows.filter(({ place }) => place.segment === segment).map(({ place }) => place.batch),
    );
    // oxlint-disable-next-line no-await-in-loop
    bySegment.set(segment, await personsOf(dir, vault, segment, wanted));
  }
  return rows.map(({ place }) => bySegment.get(place.segment)?.get(place.batch)?.[place.who]);
}

async function personsOf(
  dir: string,
  vault: Pick<OrganizationVault, 'operator' | 'openLogKey'>,
  segment: string,
  batches: ReadonlySet<number>,
): Promise<Map<number, readonly (LogWho | undefined)[]>> {
  const found = new Map<number, readonly (LogWho | undefined)[]>();
  const key = await keyOf(dir, vault, segment);
  if (key === undefined) return found;
  try {
    for await (const { batch, who } of readEither(segmentPath(dir, segment), key)) {
      if (batches.has(batch)) found.set(batch, who);
      if (found.size === batches.size) break;
    }
  } catch (error) {
    // Taken by retention meanwhile, or damaged: what was read so far counts.
    if (!(error instanceof Error)) throw error;
  } finally {
    key.fill(0);
  }
  return found;
}

/** The segment as it was written, or packed meanwhile. */
async function* readEither(path: string, key: Uint8Array): ReturnType<typeof readWho> {
  try {
    yield* readWho(path, key);
  } catch (error) {
    if (codeOf(error) !== 'ENOENT') throw error;
    yield* readWho(`${path}.gz`, key);
  }
}

async function keyOf(
  dir: string,
  vault: Pick<OrganizationVault, 'operator' | 'openLogKey'>,
  segment: string,
): Promise<Uint8Array | undefined> {
  const name = parseSegmentFile(`${segment}.jsonl`);
  if (name === undefined) return undefined;
  try {
    const bytes = await readIfThere(whoKeysPath(dir, segment), { maxBytes: maxKeysBytes, refuseLink: true });
    const keys = bytes === undefined ? undefined : parseSealedKeys(bytes.toString('utf8'), 'who');
    const own = keys?.find(({ operatorId }) => operatorId === vault.operator.id);
    if (own === undefined) return undefined;
    const { gateway, run, n } = name;
    return await vault.openLogKey(own.jwe, { use: 'who', gateway, run, n });
  } catch (error) {
    if (codeOf(error) === undefined && !(error instanceof Error)) throw error;
    // Erased, damaged, or sealed to another key: nobody here can say who it was.
    return undefined;
  }
}

import { isBlank } from '../../documents/json-blank.ts';
import type { IndexForm } from '../../index-store/index-form.ts';
import type { ListedRecords } from './listed-records.ts';
import { shardContainers } from './listed-records.ts';

const quote = 0x22;
const colon = 0x3a;
const backslash = 0x5c;

/** The rows of an index that are listed: what policies leave of it. */
export function listedRows(form: Pick<IndexForm, 'rows' | 'isListed'>): ListedRecords {
  const { rows } = form;
  const { starts, ends, byName, nameFirsts } = rows.columns;
  const all = rows.names();
  const listedOf = (number: number): number[] => {
    const listed: number[] = [];
    for (let at = nameFirsts[number] ?? 0; at < (nameFirsts[number + 1] ?? 0); at += 1) {
      const row = byName[at] ?? 0;
      if (form.isListed(row)) listed.push(row);
    }
    return listed;
  };
  const numbers = [...all.keys()].filter((number) => listedOf(number).length > 0);
  const places = rows.containers.map(({ path, first, end }) => ({
    first,
    end,
    place: shardContainers.findIndex((known) => known === path.join('/')),
  }));
  return {
    names: numbers.map((number) => all[number] ?? ''),
    hasRevision: rows.hasRevision,
    removed: rows.removed ?? [],
    rowsOf: (name) => listedOf(numbers[name] ?? 0),
    placeOf: (row) => places.find(({ first, end }) => row >= first && row < end)?.place ?? 0,
    sizeOf: (row) => (ends[row] ?? 0) - (starts[row] ?? 0),
    partsOf: (row) => partsOf(rows.entryOf(row)),
  };
}

/** @param entry `"key": { … }` */
function partsOf(entry: Uint8Array): readonly [key: Uint8Array, record: Uint8Array] {
  let end = 1;
  let hasEscape = false;
  while (entry[end] !== quote) {
    hasEscape ||= entry[end] === backslash;
    end += entry[end] === backslash ? 2 : 1;
  }
  let from = end + 1;
  while (isBlank(entry[from]) || entry[from] === colon) from += 1;
  const key = entry.subarray(1, end);
  return [hasEscape ? unescaped(key) : key, entry.subarray(from)];
}

const unescaped = (key: Uint8Array): Uint8Array =>
  Buffer.from(JSON.parse(`"${Buffer.from(key).toString()}"`) as string);

import type { IndexForm } from '../../index-store/index-form.ts';
import type { ListedRecords } from './listed-records.ts';
import { shardContainers } from './listed-records.ts';

/** The rows that policies leave of an index. */
export function listedRows(form: IndexForm): ListedRecords {
  const { rows } = form;
  const { starts, ends } = rows.columns;
  const listedOf = (name: string): number[] => [...rows.rowsOfName(name)].filter((row) => form.isListed(row));
  const names = rows.names().filter((name) => rows.rowsOfName(name).some((row) => form.isListed(row)));
  const places = rows.containers.map(({ path, first, end }) => ({
    first,
    end,
    place: shardContainers.findIndex((known) => known === path.join('/')),
  }));
  return {
    names,
    hasRevision: rows.hasRevision,
    removed: rows.removed ?? [],
    rowsOf: (name) => listedOf(names[name] ?? ''),
    placeOf: (row) => places.find(({ first, end }) => row >= first && row < end)?.place ?? 0,
    sizeOf: (row) => (ends[row] ?? 0) - (starts[row] ?? 0),
    partsOf: (row) => {
      const { key, record } = rows.keyAndRecord(row);
      return [Buffer.from(key), record];
    },
  };
}

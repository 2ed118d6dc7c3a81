/**
 * The two tables that can loosen as a policy can: conda's names as PyPI's, and licences as SPDX expressions. Invariant:
 * only an admin changes them; what comes from a file is a plan first, and the log says source, SHA-256 and count.
 */
import { createHash } from 'node:crypto';
import { stringify } from 'csv-stringify/sync';
import type { CurationTable, TablePlan } from '../../shared/contract/curation-views.ts';
import type { Handlers } from '../../shared/contract/types.ts';
import { LatchkeyError } from '../../shared/errors.ts';
import { defaultNames } from '../curation/default-names.ts';
import { defaultAliases } from '../policy/licenses/aliases.ts';
import { purlOf } from '../curation/purl.ts';
import type { TableEntry } from '../curation/table-file.ts';
import { readTableFile, tableColumns, tableEntry } from '../curation/table-file.ts';
import type { DomainEvent } from '../organization/events.ts';
import type { OrganizationState } from '../organization/state.ts';
import type { Context } from './context.ts';

type Methods = Pick<
  Handlers['curation'],
  'names' | 'mapNames' | 'licenses' | 'aliasLicenses' | 'planTable' | 'applyTable' | 'exportTable'
>;
type Origin = { readonly source: string; readonly sha256: string; readonly count: number };

/** Of a plan that are shown; all are applied. */
const mostShown = 500;
/** Of one event (organization/curation.ts). */
const mostInEvent = 20_000;

export function curationTables(context: Pick<Context, 'vault' | 'commit' | 'now'>): Methods {
  const set = (table: CurationTable, entries: readonly TableEntry[]) =>
    context.commit((state) => ({
      events: eventsOf(table, changesOf(state, table, entries)),
      result: undefined,
    }));
  return {
    names: async ({ text, own, offset, limit }) => {
      const wanted = text.trim().toLowerCase();
      const ours = context.vault().state().nameMap;
      const given = defaultNames();
      const keys = own
        ? [...ours].map(([key]) => key)
        : [...new Set([...given.keys(), ...[...ours].map(([key]) => key)])];
      const found = keys.filter(
        (key) => key.includes(wanted) || (ours.get(key) ?? given.get(key) ?? '').includes(wanted),
      );
      return {
        total: found.length,
        rows: found
          .toSorted(byText)
          .slice(offset, offset + limit)
          .map((conda) => nameRow(conda, ours.get(conda))),
      };
    },

    mapNames: async ({ names }) => {
      await set(
        'names',
        names.map(({ conda, pypi }) => entryOf('names', conda, pypi)),
      );
      return {};
    },

    licenses: async ({ text, own, offset, limit }) => {
      const wanted = text.trim().toLowerCase();
      const ours = context.vault().state().licenseAliases;
      const names = [...ours].map(([key]) => key);
      const keys = own ? names : [...new Set([...Object.keys(defaultAliases), ...names])];
      const valueOf = (key: string): string => ours.get(key) ?? defaultAliases[key] ?? '';
      const found = keys.filter((key) => key.includes(wanted) || valueOf(key).toLowerCase().includes(wanted));
      return {
        total: found.length,
        rows: found
          .toSorted(byText)
          .slice(offset, offset + limit)
          .map((key) => ({
            text: key,
            expression: valueOf(key),
            isOwn: ours.get(key) !== undefined,
            ...(ours.get(key) === undefined || defaultAliases[key] === undefined
              ? {}
              : { otherwise: defaultAliases[key] }),
          })),
      };
    },

    aliasLicenses: async ({ aliases }) => {
      await set(
        'licenses',
        aliases.map(({ text, expression }) => entryOf('licenses', text, expression)),
      );
      return {};
    },

    planTable: async (file) => planOf(context.vault().state(), file).plan,

    applyTable: async ({ planHash, ...file }) => {
      const { result } = await context.commit((state) => {
        const { plan, changes, origin } = planOf(state, file);
        if (plan.planHash !== planHash) throw new LatchkeyError('INVALID_INPUT', ['tablePlanStale']);
        return { events: eventsOf(file.table, changes, origin), result: changes.length };
      });
      return { changed: result };
    },

    exportTable: async ({ table, format }) => {
      const ours = tableOf(context.vault().state(), table);
      const entries = [...ours].toSorted(([a], [b]) => byText(a, b));
      // Of a name '' means: nothing on PyPI.
      const value = (text: string): string | null => (text === '' ? null : text);
      const text =
        format === 'json'
          ? `${JSON.stringify(Object.fromEntries(entries.map(([key, one]) => [key, value(one)])), undefined, 2)}\n`
          : stringify([[...tableColumns[table]], ...entries.map(([...pair]) => pair)]);
      const day = new Date(context.now()).toISOString().slice(0, 10);
      return { fileName: `${table}-${day}.${format}`, text, count: entries.length };
    },
  };
}

const byText = (a: string, b: string): number => (a < b ? -1 : Number(a > b));

const tableOf = (state: OrganizationState, table: CurationTable) =>
  table === 'names' ? state.nameMap : state.licenseAliases;

function nameRow(conda: string, own: string | undefined) {
  const given = defaultNames().get(conda);
  const pypi = own ?? given ?? '';
  return {
    conda,
    ...(pypi === '' ? {} : { pypi, pypiPurl: purlOf({ ecosystem: 'pypi', name: pypi }) }),
    isOwn: own !== undefined,
    ...(own === undefined || given === undefined ? {} : { otherwise: given }),
    condaPurl: purlOf({ ecosystem: 'conda', name: conda }),
  };
}

/** @throws LatchkeyError INVALID_INPUT naming what cannot be kept */
function entryOf(table: CurationTable, key: string, value: string | null): TableEntry {
  const entry = tableEntry(table, key, value);
  if (!('why' in entry)) return entry;
  throw new LatchkeyError('INVALID_INPUT', [
    'tableEntry',
    value === null ? key : `${key}: ${value}`,
    entry.why,
  ]);
}

type Change = TableEntry & { readonly before: string | undefined };

/** Entries that say something else than what counts now. */
function changesOf(
  state: OrganizationState,
  table: CurationTable,
  entries: readonly TableEntry[],
): readonly Change[] {
  const ours = tableOf(state, table);
  const given = (key: string): string | undefined =>
    table === 'names'
      ? defaultNames().get(key)
      : Object.hasOwn(defaultAliases, key)
        ? defaultAliases[key]
        : undefined;
  return entries.flatMap(({ key, value }) => {
    const own = ours.get(key);
    const now = own ?? given(key);
    const after = table === 'names' ? (value ?? '') : (value ?? given(key));
    const isSame =
      (now ?? '') === (after ?? '') && (table === 'names' || value !== null || own === undefined);
    return isSame ? [] : [{ key, value, before: now === '' ? undefined : now }];
  });
}

function planOf(
  state: OrganizationState,
  { table, source, text }: { readonly table: CurationTable; readonly source: string; readonly text: string },
): { readonly plan: TablePlan; readonly changes: readonly Change[]; readonly origin: Origin } {
  const read = readTableFile(table, text);
  if (!read.ok) throw new LatchkeyError('INVALID_INPUT', ['tableFile', source, read.place, read.why]);
  const changes = changesOf(state, table, read.entries);
  const count = read.entries.length;
  const planHash = createHash('sha256')
    .update(JSON.stringify([table, source, read.sha256, changes]))
    .digest('hex');
  return {
    plan: {
      table,
      source,
      sha256: read.sha256,
      count,
      planHash,
      total: changes.length,
      changes: changes.slice(0, mostShown).map(({ key, before, value }) => ({
        key,
        ...(before === undefined ? {} : { before }),
        ...(value === null ? {} : { after: value }),
      })),
    },
    changes,
    origin: { source, sha256: read.sha256, count },
  };
}

function eventsOf(table: CurationTable, changes: readonly Change[], origin?: Origin): DomainEvent[] {
  const events: DomainEvent[] = [];
  const from = origin === undefined ? {} : { origin };
  for (let at = 0; at < changes.length; at += mostInEvent) {
    const some = changes.slice(at, at + mostInEvent);
    events.push(
      table === 'names'
        ? {
            type: 'names.mapped',
            names: some.map(({ key, value }) => ({ conda: key, pypi: value })),
            ...from,
          }
        : {
            type: 'licenses.aliased',
            aliases: some.map(({ key, value }) => ({ text: key, expression: value })),
            ...from,
          },
    );
  }
  return events;
}

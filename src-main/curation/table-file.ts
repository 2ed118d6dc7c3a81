/**
 * A file for the table of names or that of licences: a JSON object (`{"key": "value" | null}`), or CSV with two columns.
 * Read whole or not at all; each problem has its place.
 */
import { createHash } from 'node:crypto';
import { CsvError, parse } from 'csv-parse/sync';
import { packageName } from '../../shared/model/packages.ts';
import { licenseKey } from '../policy/packages/curation-keys.ts';
import { parseLicense } from '../policy/licenses/expression.ts';
import { normalName } from './ecosystem.ts';
import { printable } from './printable.ts';
import { packageOfPurl } from './purl.ts';
import { parseStrictJson } from './strict-json.ts';

export type TableKind = 'names' | 'licenses';
/** `value` null: on PyPI it is nothing; the organization says nothing of the licence. */
export type TableEntry = { readonly key: string; readonly value: string | null };
export type ReadTable =
  | { readonly ok: true; readonly entries: readonly TableEntry[]; readonly sha256: string }
  /** @property place the entry or line */
  | { readonly ok: false; readonly place: string; readonly why: TableProblem };
export type TableProblem =
  'not-read' | 'too-many' | 'key-twice' | 'columns' | 'not-a-name' | 'not-an-expression' | 'value-not-text';

/** parselmouth's list has 20,655. */
export const mostTableEntries = 100_000;
const bounds = { marks: 250_000, depth: 3 };

/** @param text bounded by the caller */
export function readTableFile(kind: TableKind, text: string): ReadTable {
  const body = text.startsWith('\ufeff') ? text.slice(1) : text;
  const pairs = body.trimStart().startsWith('{') ? jsonPairs(body) : csvPairs(kind, body);
  if (!pairs.ok) return pairs;
  if (pairs.pairs.length > mostTableEntries)
    return { ok: false, place: String(mostTableEntries), why: 'too-many' };
  const entries = new Map<string, string | null>();
  for (const { place, key, value } of pairs.pairs) {
    const entry = tableEntry(kind, key, value);
    if ('why' in entry) return { ok: false, place, why: entry.why };
    const before = entries.get(entry.key);
    // Two spellings of one key that say the same are one.
    if (before !== undefined && before !== entry.value) return { ok: false, place, why: 'key-twice' };
    entries.set(entry.key, entry.value);
  }
  return {
    ok: true,
    entries: [...entries].map(([key, value]) => ({ key, value })),
    sha256: createHash('sha256').update(text).digest('hex'),
  };
}

/** One entry as it is kept: normalised, or why it cannot be one. Names may be package URLs. */
export function tableEntry(
  kind: TableKind,
  key: string,
  value: string | null,
): TableEntry | { readonly why: TableProblem } {
  if (kind === 'names') {
    const conda = nameOf('conda', key);
    const pypi = value === null || value.trim() === '' ? null : nameOf('pypi', value);
    return conda === undefined || pypi === undefined ? { why: 'not-a-name' } : { key: conda, value: pypi };
  }
  const text = licenseKey(key);
  if (!isLine(text)) return { why: 'not-a-name' };
  const expression = value?.trim() ?? '';
  if (expression === '') return { key: text, value: null };
  // By ids alone: an alias leads to no alias.
  if (!isLine(expression) || !hasOnlyIds(expression)) return { why: 'not-an-expression' };
  return { key: text, value: expression };
}

/** One line of text that the log can keep (organization/curation.ts). */
const isLine = (text: string): boolean =>
  // oxlint-disable-next-line no-control-regex
  text.length >= 1 && text.length <= 1000 && !/[\u0000-\u001f\u007f-\u009f\p{Surrogate}]/u.test(text);

const hasOnlyIds = (expression: string): boolean => parseLicense(expression) !== undefined;

function nameOf(ecosystem: 'conda' | 'pypi', text: string): string | undefined {
  const purl = packageOfPurl(text.trim());
  if (purl !== undefined && (purl.ecosystem !== ecosystem || purl.version !== undefined)) return undefined;
  return packageName.safeParse(purl?.name ?? normalName(ecosystem, text.trim())).data;
}

type Pairs =
  | {
      readonly ok: true;
      readonly pairs: readonly {
        readonly place: string;
        readonly key: string;
        readonly value: string | null;
      }[];
    }
  | Extract<ReadTable, { ok: false }>;

function jsonPairs(text: string): Pairs {
  const parsed = parseStrictJson(text, bounds);
  if (!parsed.ok) {
    if (parsed.why === 'duplicate-key')
      return { ok: false, place: printable(parsed.detail ?? '', 100), why: 'key-twice' };
    return { ok: false, place: '1', why: parsed.why === 'too-large' ? 'too-many' : 'not-read' };
  }
  const pairs = [];
  for (const [key, value] of Object.entries(parsed.value as object)) {
    const place = printable(key, 100);
    if (value !== null && typeof value !== 'string') return { ok: false, place, why: 'value-not-text' };
    pairs.push({ place, key, value });
  }
  return { ok: true, pairs };
}

/** The columns of a file, as its first line names them. */
export const tableColumns: Readonly<Record<TableKind, readonly [string, string]>> = {
  names: ['conda', 'pypi'],
  licenses: ['text', 'expression'],
};

function csvPairs(kind: TableKind, text: string): Pairs {
  try {
    const rows = parse(text.replaceAll(/\r\n?/g, '\n'), {
      info: true,
      skip_empty_lines: true,
      relax_column_count: true,
      trim: true,
      max_record_size: 8192,
      to: mostTableEntries + 2,
    }) as unknown as readonly {
      readonly record: readonly string[];
      readonly info: { readonly lines: number };
    }[];
    const [head, ...body] = rows;
    const isHead = tableColumns[kind].every((name, at) => head?.record[at]?.toLowerCase() === name);
    if (!isHead) return { ok: false, place: '1', why: 'columns' };
    const pairs = body.map(({ record: [key = '', value = ''], info: { lines } }) => ({
      place: String(lines),
      key,
      value: value === '' ? null : value,
    }));
    return { ok: true, pairs };
  } catch (error) {
    if (!(error instanceof CsvError)) throw error;
    return { ok: false, place: String(Number((error as { lines?: unknown }).lines ?? 1)), why: 'not-read' };
  }
}

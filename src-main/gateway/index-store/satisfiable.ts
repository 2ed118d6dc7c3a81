/**
 * Which rows of an index can no longer be installed, because all that one of their `depends` may be was hidden; and those
 * that need these, and so on. Pure; runs in a worker. Invariant: careful, it hides nothing that a client could still
 * install: what the index never satisfied, conditional dependencies (CEP 43), extras (CEP 44), virtual packages, names of
 * other channels and specs that no reading takes are left alone, and a dependency stands as long as either reading matches
 * something that is listed here or in `noarch` beside it.
 */
import type { CondaRecord, MatchSpec } from '../../policy/conda/match-spec.ts';
import { parseMatchSpec, readingMatches } from '../../policy/conda/match-spec.ts';
import type { RowDependencies } from './row-dependencies.ts';
import type { RowColumns } from './row-columns.ts';
import { Texts } from './row-columns.ts';
import { rowState } from './row-states.ts';

export type IndexSide = {
  readonly columns: RowColumns;
  /** What all other rules say (row-states.ts). */
  readonly states: Uint8Array;
  readonly dependencies: RowDependencies;
};

/** Rows that can no longer be satisfied, in their order, and of each the number of what it needs among `texts`. */
export type Unsatisfiable = {
  readonly rows: Uint32Array;
  readonly needs: Uint32Array;
  readonly texts: readonly string[];
};

/** Specs held against rows; some seconds. Beyond it nothing more is hidden. */
const maxMatches = 4_000_000;
/** Of a spec in a reason. */
const maxShownChars = 100;

/** Of records and specs, when what they ask beside it is compared. */
const anyName = 'a';
/** It asks for nothing else. */
const bareName = /^[A-Za-z0-9_.-]+$/;
const specName = /^([A-Za-z0-9_.-]+)/;

/** @param noarch the channel's `noarch`, as the same policies leave it; undefined where there is none, or it is this one */
export function unsatisfiableRows(own: IndexSide, noarch: IndexSide | undefined): Unsatisfiable {
  return new Search(own, noarch).run();
}

/** All rows of a name, in the order in which they are tried, and their records as they are asked for. */
type Named = { readonly rows: readonly number[]; records: Map<number, CondaRecord> };
/** Where a spec stands: every row is held against it once, as none comes back. */
type Sought = { readonly named: Named; next: number };

class Search {
  readonly #sides: readonly Side[];
  readonly #own: Side;
  readonly #dependencies: RowDependencies;
  readonly #texts: readonly string[];
  readonly #specsByName = new Map<string, number[]>();
  readonly #sought = new Map<number, Sought>();
  /** Specs by the row that satisfies them as far as is known. */
  readonly #watching = new Map<number, number[]>();
  readonly #opened = new Set<string>();
  /** By row that went: the spec. */
  readonly #gone = new Map<number, number>();
  readonly #queue: number[] = [];
  readonly #rests = new Map<string, MatchSpec | 'unread'>();
  #matches = 0;

  constructor(own: IndexSide, noarch: IndexSide | undefined) {
    this.#own = new Side(own, 0);
    this.#sides = noarch === undefined ? [this.#own] : [this.#own, new Side(noarch, own.columns.count)];
    this.#dependencies = own.dependencies;
    this.#texts = new Texts(own.dependencies.specs).all();
  }

  run(): Unsatisfiable {
    const lost = new Set(this.#sides.flatMap((side) => side.lostNames()));
    if (lost.size > 0) {
      this.#nameSpecs();
      for (const name of lost) this.#open(name);
      for (let row = this.#queue.pop(); row !== undefined; row = this.#queue.pop()) this.#went(row);
    }
    return this.#result();
  }

  #nameSpecs(): void {
    for (const [spec, text] of this.#texts.entries()) {
      const name = specName.exec(text)?.[1]?.toLowerCase();
      if (name === undefined || name.startsWith('__')) continue;
      const list = this.#specsByName.get(name);
      if (list === undefined) this.#specsByName.set(name, [spec]);
      else list.push(spec);
    }
  }

  #open(name: string): void {
    this.#opened.add(name);
    const specs = this.#specsByName.get(name);
    if (specs === undefined) return;
    // Clients take the newest, which mostly stand last: what is asked for is found among the first.
    const rows = this.#sides.flatMap((side) => side.rowsOf(name)).reverse();
    const named: Named = { rows, records: new Map() };
    for (const spec of specs) {
      this.#sought.set(spec, { named, next: 0 });
      this.#seek(spec);
    }
    named.records = new Map();
  }

  #went(row: number): void {
    const name = this.#own.nameOf(row);
    if (!this.#opened.has(name)) {
      this.#open(name);
      return;
    }
    const specs = this.#watching.get(row);
    this.#watching.delete(row);
    for (const spec of specs ?? []) this.#seek(spec);
  }

  /** Looks for a row that satisfies a spec, from where it looked last. */
  #seek(spec: number): void {
    const sought = this.#sought.get(spec);
    if (sought === undefined) return;
    const { named } = sought;
    const { rows } = named;
    const matches = this.#matcher(spec, named);
    if (matches === undefined) {
      this.#sought.delete(spec);
      return;
    }
    const wasFound = sought.next > 0;
    for (; sought.next < rows.length; sought.next += 1) {
      const row = rows[sought.next] ?? 0;
      if (this.#isGone(row) || !matches(row)) continue;
      const list = this.#watching.get(row);
      if (list === undefined) this.#watching.set(row, [spec]);
      else list.push(spec);
      // From 1 on, so that it can be seen that there was one.
      sought.next += 1;
      return;
    }
    this.#sought.delete(spec);
    if (wasFound || rows.some((row) => this.#isGone(row) && matches(row))) this.#drop(spec);
  }

  /** All that need it cannot be installed. */
  #drop(spec: number): void {
    const { specFirsts, bySpec } = this.#dependencies;
    for (const row of bySpec.subarray(specFirsts[spec], specFirsts[spec + 1])) {
      if (this.#isGone(row)) continue;
      this.#gone.set(row, spec);
      this.#queue.push(row);
    }
  }

  #isGone(row: number): boolean {
    return this.#gone.has(row) || this.#sideOf(row).isHidden(row);
  }

  #sideOf(row: number): Side {
    return row < this.#own.count ? this.#own : (this.#sides[1] ?? this.#own);
  }

  /** @returns undefined where nobody can say what it means, or when */
  #matcher(spec: number, { records }: Named): ((row: number) => boolean) | undefined {
    const text = this.#texts[spec] ?? '';
    if (bareName.test(text)) return () => true;
    const parsed = this.#parsed(text.slice(specName.exec(text)?.[0].length));
    if (parsed === undefined) return undefined;
    let lastVersion: string | undefined;
    let last = false;
    const isByVersion = parsed.keys.every((key) => key === 'name' || key === 'version');
    return (row) => {
      this.#matches += 1;
      if (this.#matches > maxMatches) return !this.#isGone(row);
      let record = records.get(row);
      if (record === undefined) {
        const side = this.#sideOf(row);
        record = { name: anyName, version: side.versionOf(row), build: side.buildOf(row) };
        records.set(row, record);
      }
      if (isByVersion && record.version === lastVersion) return last;
      lastVersion = record.version;
      last = isTaken(parsed, record);
      return last;
    };
  }

  /** What is asked beside the name, which is known to be the same: few texts, on many names. */
  #parsed(rest: string): MatchSpec | undefined {
    const known = this.#rests.get(rest);
    if (known !== undefined) return known === 'unread' ? undefined : known;
    const parsed = parseMatchSpec(`${anyName}${rest}`);
    const isOurs = parsed !== undefined && !parsed.keys.includes('channel');
    this.#rests.set(rest, isOurs ? parsed : 'unread');
    return isOurs ? parsed : undefined;
  }

  #result(): Unsatisfiable {
    const rows = Uint32Array.from(this.#gone.keys()).toSorted();
    const numbers = new Map<number, number>();
    const needs = rows.map((row) => {
      const spec = this.#gone.get(row) ?? 0;
      let number = numbers.get(spec);
      if (number === undefined) {
        number = numbers.size;
        numbers.set(spec, number);
      }
      return number;
    });
    const texts = [...numbers.keys()].map((spec) => (this.#texts[spec] ?? '').slice(0, maxShownChars));
    return { rows, needs, texts };
  }
}

/** By either reading, or where one cannot say. rattler's first: it costs less. */
const isTaken = ({ rattler, conda }: MatchSpec, record: CondaRecord): boolean =>
  readingMatches(rattler, record) !== false || readingMatches(conda, record) !== false;

/** One index; its rows are numbered on from those of the index before it. */
class Side {
  readonly count: number;
  readonly #first: number;
  readonly #side: IndexSide;
  readonly #names: readonly string[];
  readonly #numbers: ReadonlyMap<string, number>;
  readonly #versions: Texts;
  readonly #builds: Texts;

  constructor(side: IndexSide, first: number) {
    this.count = side.columns.count;
    this.#first = first;
    this.#side = side;
    this.#names = new Texts(side.columns.names).all();
    this.#numbers = new Map(this.#names.map((name, number) => [name, number]));
    this.#versions = new Texts(side.columns.versions);
    this.#builds = new Texts(side.dependencies.builds);
  }

  /** Names of which something is hidden. */
  lostNames(): string[] {
    const { states, columns } = this.#side;
    const lost = new Uint8Array(this.#names.length);
    for (let row = 0; row < this.count; row += 1)
      if (states[row] === rowState.hidden) lost[columns.nameIds[row] ?? 0] = 1;
    return this.#names.filter((_, number) => lost[number] === 1);
  }

  rowsOf(name: string): number[] {
    const number = this.#numbers.get(name);
    if (number === undefined) return [];
    const { byName, nameFirsts } = this.#side.columns;
    return Array.from(
      byName.subarray(nameFirsts[number], nameFirsts[number + 1]),
      (row) => row + this.#first,
    );
  }

  isHidden(row: number): boolean {
    return this.#side.states[row - this.#first] === rowState.hidden;
  }

  nameOf(row: number): string {
    return this.#names[this.#side.columns.nameIds[row - this.#first] ?? 0] ?? '';
  }

  versionOf(row: number): string {
    return this.#versions.get(this.#side.columns.versionIds[row - this.#first] ?? 0);
  }

  buildOf(row: number): string {
    return this.#builds.get(this.#side.dependencies.buildIds[row - this.#first] ?? 0);
  }
}

/**
 * What policies say to all rows of an index at one moment. Runs in a worker. Invariant: of each row the same as
 * `judgePackage` says of its facts; what rows have in common (a name, a version, a licence) is judged once, and names that
 * no rule speaks about all together. Its reasons are found again when somebody asks for a file.
 */
import type { ChannelId } from '../../../shared/model/ids.ts';
import type { Policy } from '../../../shared/model/policy.ts';
import type { Knowledge, PackageFacts } from '../../policy/packages/facts.ts';
import type { PackageRule } from '../../policy/packages/judge.ts';
import { objects, packageRules } from '../../policy/packages/judge.ts';
import { Changes } from '../../policy/packages/rule-judge.ts';
import { noNumber } from './entry-scanner.ts';
import { factsOfEntry } from './entry-facts.ts';
import { NewestRows } from './newest-rows.ts';
import type { RowColumns } from './row-columns.ts';
import { Texts } from './row-columns.ts';
import type { ListedRows } from './row-states.ts';
import { listedRows, rowState, ruleBit, stateOfBits } from './row-states.ts';
import type { Unsatisfiable } from './satisfiable.ts';

export type JudgeRowsJob = {
  readonly channelId: ChannelId;
  readonly subdir: string;
  readonly policies: readonly Policy[];
  readonly nowMs: number;
  readonly columns: RowColumns;
  /** The entries of the rows that were asked for. */
  readonly entries?: { readonly rows: Uint32Array; readonly entries: readonly Uint8Array[] };
};

export type JudgedRows =
  | {
      readonly type: 'judged';
      /** By row (row-states.ts), in memory that threads share. */
      readonly states: Uint8Array;
      readonly listed: ListedRows;
      readonly denied: number;
      /** Denied by policies that observe only. */
      readonly observed: number;
      readonly changesAtMs: number | undefined;
      /** Rows that the rule "satisfiable" speaks about, where it is in force. */
      readonly unsatisfiable?: Unsatisfiable;
    }
  /** Rules ask about these rows what only their records say: to be judged again with them. */
  | { readonly type: 'needs'; readonly rows: Uint32Array };

type Rule = PackageRule & { readonly bit: number };

export function judgeRows(job: JudgeRowsJob, knowledge: Knowledge): JudgedRows {
  const rules = packageRules(job.policies, knowledge).map((rule) => ({ ...rule, bit: bitOf(rule) }));
  return new RowsJudge(job, rules).judge();
}

const bitOf = ({ policy: { mode, style } }: PackageRule): number =>
  mode === 'observe' ? ruleBit.observe : style === 'hide' ? ruleBit.hide : ruleBit.refuse;

class RowsJudge {
  readonly #job: JudgeRowsJob;
  readonly #rules: readonly Rule[];
  readonly #names: readonly string[];
  readonly #versions: Texts;
  readonly #licenses: readonly string[];
  readonly #changes = new Changes();
  /** What is said of all rows, of names, of licences, and of single rows. */
  #ofAll = 0;
  readonly #ofNames: Uint8Array;
  readonly #ofLicenses: Uint8Array;
  readonly #ofRows: Uint8Array;
  readonly #needed = new Set<number>();
  readonly #newest: NewestRows;

  constructor(job: JudgeRowsJob, rules: readonly Rule[]) {
    const { columns } = job;
    this.#job = job;
    this.#rules = rules;
    this.#newest = new NewestRows(columns);
    this.#names = new Texts(columns.names).all();
    this.#versions = new Texts(columns.versions);
    this.#licenses = new Texts(columns.licenses).all();
    this.#ofNames = new Uint8Array(this.#names.length);
    // The last one is "none".
    this.#ofLicenses = new Uint8Array(this.#licenses.length + 1);
    this.#ofRows = new Uint8Array(columns.count);
  }

  judge(): JudgedRows {
    const ages: Rule[] = [];
    if (this.#job.columns.count > 0) {
      for (const rule of this.#rules) {
        const { scope, scopeInIndex, minAgeMs } = rule.judge;
        if (minAgeMs !== undefined) ages.push(rule);
        else if (scope === 'channel' || scopeInIndex === 'channel') this.#judgeAll(rule);
        else if (scope === 'license') this.#judgeLicenses(rule);
        else this.#judgeNames(rule);
      }
    }
    if (this.#needed.size > 0 && this.#job.entries === undefined)
      return { type: 'needs', rows: Uint32Array.from(this.#needed) };
    return this.#sum(ages);
  }

  #judgeAll(rule: Rule): void {
    if (this.#objects(rule, this.#facts(0))) this.#ofAll |= rule.bit;
  }

  #judgeLicenses(rule: Rule): void {
    const none = this.#licenses.length;
    for (let license = 0; license <= none; license += 1) {
      const facts = { ...this.#facts(0), license: this.#licenses[license] };
      if (this.#objects(rule, facts)) this.#ofLicenses[license] = (this.#ofLicenses[license] ?? 0) | rule.bit;
    }
  }

  #judgeNames(rule: Rule): void {
    const { nameFirsts, byName } = this.#job.columns;
    /** What it says of names that do not concern it. */
    let others: number | undefined;
    for (let name = 0; name < this.#names.length; name += 1) {
      const first = nameFirsts[name] ?? 0;
      const end = nameFirsts[name + 1] ?? 0;
      const row = byName[first] ?? 0;
      if (first === end) continue;
      if (rule.judge.concerns?.('conda', this.#names[name] ?? '') === false) {
        others ??= this.#objects(rule, this.#facts(row)) ? rule.bit : 0;
        this.#ofNames[name] = (this.#ofNames[name] ?? 0) | others;
      } else if (rule.judge.scope === 'name') {
        if (this.#objects(rule, this.#facts(row)))
          this.#ofNames[name] = (this.#ofNames[name] ?? 0) | rule.bit;
      } else this.#judgeRowsOf(rule, byName.subarray(first, end));
    }
  }

  /** All rows of one name. */
  #judgeRowsOf(rule: Rule, rows: Uint32Array): void {
    const { versionIds } = this.#job.columns;
    const { scope, scopeInIndex, asksNewest } = rule.judge;
    const known = new Map<number, boolean>();
    for (const row of rows) {
      let objects: boolean;
      if (scope === 'version') {
        const version = versionIds[row] ?? 0;
        objects = known.get(version) ?? this.#objects(rule, this.#facts(row));
        known.set(version, objects);
      } else {
        const facts = scopeInIndex === 'row' ? this.#facts(row) : this.#recordFacts(row);
        if (facts === undefined) continue;
        objects = this.#objects(
          rule,
          asksNewest === true ? { ...facts, newest: this.#newest.of(row) } : facts,
        );
      }
      if (objects) this.#ofRows[row] = (this.#ofRows[row] ?? 0) | rule.bit;
    }
  }

  #objects(rule: Rule, facts: PackageFacts): boolean {
    return objects(rule, facts, this.#job.nowMs, this.#changes);
  }

  /** What columns say; the newest version of the name is put in where a rule asks for it. */
  #facts(row: number): PackageFacts {
    const { channelId, subdir, columns } = this.#job;
    const license = this.#licenses[columns.licenseIds[row] ?? noNumber];
    return {
      ecosystem: 'conda',
      channelId,
      name: this.#names[columns.nameIds[row] ?? 0] ?? '',
      version: this.#versions.get(columns.versionIds[row] ?? 0),
      filename: '',
      kind: 'conda',
      platforms: [subdir],
      publishedAtMs: columns.timesMs[row],
      ...(license === undefined ? {} : { license }),
    };
  }

  /** What its record says; undefined while it is not there. */
  #recordFacts(row: number): PackageFacts | undefined {
    const { entries, channelId, subdir, columns } = this.#job;
    if (entries === undefined) {
      this.#needed.add(row);
      return undefined;
    }
    this.#placeOf ??= new Map([...entries.rows].map((known, index) => [known, index]));
    const bytes = entries.entries[this.#placeOf.get(row) ?? -1];
    const extension = columns.containers.find(({ first, end }) => row >= first && row < end)?.extension;
    const facts = bytes === undefined ? undefined : factsOfEntry(bytes, { channelId, subdir, extension });
    // One that cannot be read any more is judged by what is known.
    return facts ?? this.#facts(row);
  }
  #placeOf: Map<number, number> | undefined;

  #sum(ages: readonly Rule[]): JudgedRows {
    const { columns, nowMs } = this.#job;
    const { count } = columns;
    const states = new Uint8Array(new SharedArrayBuffer(count));
    const found = { names: this.#ofNames, licenses: this.#ofLicenses, rows: this.#ofRows, all: this.#ofAll };
    const limits = ages.map(({ judge: { minAgeMs = 0 }, bit }) => ({
      fromMs: nowMs - minAgeMs,
      minAgeMs,
      bit,
    }));
    const earliest = limits.map(() => Number.POSITIVE_INFINITY);
    const counts = new Uint32Array(stateOfBits.length);
    // Block by block: what is called often is compiled well soon.
    for (let from = 0; from < count; from += blockRows) {
      const to = Math.min(count, from + blockRows);
      addBits(states, from, to, columns, found);
      for (const [index, { fromMs, bit }] of limits.entries()) {
        const atMs = addAge(states, from, to, columns.timesMs, fromMs, bit);
        earliest[index] = Math.min(earliest[index] ?? atMs, atMs);
      }
      bitsToStates(states, from, to, counts);
    }
    for (const [index, { minAgeMs }] of limits.entries()) {
      const atMs = earliest[index] ?? Number.POSITIVE_INFINITY;
      if (atMs !== Number.POSITIVE_INFINITY) this.#changes.at(atMs + minAgeMs);
    }
    return {
      type: 'judged',
      states,
      listed: listedRows(columns, states),
      denied: (counts[rowState.hidden] ?? 0) + (counts[rowState.refused] ?? 0),
      observed: counts[rowState.observed] ?? 0,
      changesAtMs: this.#changes.nextMs,
    };
  }
}

const blockRows = 8192;

type Bits = {
  readonly names: Uint8Array;
  /** The last one is of those that say none. */
  readonly licenses: Uint8Array;
  readonly rows: Uint8Array;
  readonly all: number;
};

function addBits(
  states: Uint8Array,
  from: number,
  to: number,
  { nameIds, licenseIds }: Pick<RowColumns, 'nameIds' | 'licenseIds'>,
  { names, licenses, rows, all }: Bits,
): void {
  const none = licenses.length - 1;
  for (let row = from; row < to; row += 1) {
    const license = licenseIds[row] ?? noNumber;
    const ofName = names[nameIds[row] ?? 0] ?? 0;
    const ofLicense = licenses[license === noNumber ? none : license] ?? 0;
    states[row] = all | ofName | ofLicense | (rows[row] ?? 0);
  }
}

/** @returns the earliest of those that are too young */
function addAge(
  states: Uint8Array,
  from: number,
  to: number,
  timesMs: Float64Array,
  fromMs: number,
  bit: number,
): number {
  let earliest = Number.POSITIVE_INFINITY;
  for (let row = from; row < to; row += 1) {
    const time = timesMs[row] ?? 0;
    if (time <= fromMs) continue;
    states[row] = (states[row] ?? 0) | bit;
    if (time < earliest) earliest = time;
  }
  return earliest;
}

function bitsToStates(states: Uint8Array, from: number, to: number, counts: Uint32Array): void {
  for (let row = from; row < to; row += 1) {
    const state = stateOfBits[states[row] ?? 0] ?? 0;
    states[row] = state;
    counts[state] = (counts[state] ?? 0) + 1;
  }
}

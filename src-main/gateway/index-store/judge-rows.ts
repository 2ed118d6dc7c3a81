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
import { addAge, addBits, bitsToStates, blockRows } from './row-bits.ts';
import { RowNames } from './row-names.ts';
import type { ListedRows } from './row-states.ts';
import { listedRows, rowState, ruleBit, stateOfBits } from './row-states.ts';
import type { Unsatisfiable } from './satisfiable.ts';

export type JudgeRowsJob = {
  readonly channelId: ChannelId;
  readonly subdir: string;
  readonly policies: readonly Policy[];
  readonly nowMs: number;
  /** Of the rows: the same for the same ones. */
  readonly digest: string;
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
  readonly #names: RowNames;
  readonly #versions: Texts;
  readonly #licenses: readonly string[];
  readonly #changes = new Changes();
  /** What is said of all rows, of names, and of licences. */
  #ofAll = 0;
  readonly #ofNames: Uint8Array;
  readonly #ofLicenses: Uint8Array;
  /** What is said of single rows; in the end their states. */
  readonly #bits: Uint8Array;
  readonly #needed = new Set<number>();
  readonly #newest: NewestRows;

  constructor(job: JudgeRowsJob, rules: readonly Rule[]) {
    const { columns } = job;
    this.#job = job;
    this.#rules = rules;
    this.#newest = new NewestRows(columns);
    this.#names = RowNames.of(job.digest, columns.names);
    this.#versions = new Texts(columns.versions);
    this.#licenses = new Texts(columns.licenses).all();
    this.#ofNames = new Uint8Array(this.#names.all.length);
    // The last one is "none".
    this.#ofLicenses = new Uint8Array(this.#licenses.length + 1);
    this.#bits = new Uint8Array(new SharedArrayBuffer(columns.count));
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
    const count = this.#names.all.length;
    const concerned = this.#concerned(rule);
    if (concerned === undefined) {
      for (let name = 0; name < count; name += 1) this.#judgeName(rule, name);
      return;
    }
    const concerns = new Uint8Array(count);
    for (const name of concerned) concerns[name] = 1;
    // Of all that do not concern it, it says what it says of one.
    const other = this.#firstOther(concerns);
    if (other !== undefined && this.#objects(rule, this.#facts(other))) {
      for (let name = 0; name < count; name += 1)
        if (concerns[name] === 0) this.#ofNames[name] = (this.#ofNames[name] ?? 0) | rule.bit;
    }
    for (const name of concerned) this.#judgeName(rule, name);
  }

  /** Numbers of the names that concern a rule; undefined: each may. */
  #concerned({ judge }: Rule): readonly number[] | undefined {
    if (judge.concerns === undefined) return undefined;
    const { all } = this.#names;
    return (
      judge.concerned?.('conda', this.#names) ??
      all.flatMap((name, number) => (judge.concerns?.('conda', name) === false ? [] : [number]))
    );
  }

  /** A row of a name that is not marked. */
  #firstOther(marks: Uint8Array): number | undefined {
    const { nameFirsts, byName } = this.#job.columns;
    for (let name = 0; name < marks.length; name += 1) {
      const first = nameFirsts[name] ?? 0;
      if (marks[name] === 0 && first !== nameFirsts[name + 1]) return byName[first];
    }
    return undefined;
  }

  #judgeName(rule: Rule, name: number): void {
    const { nameFirsts, byName } = this.#job.columns;
    const first = nameFirsts[name] ?? 0;
    const end = nameFirsts[name + 1] ?? 0;
    if (first === end) return;
    if (rule.judge.scope !== 'name') return this.#judgeRowsOf(rule, byName.subarray(first, end));
    if (this.#objects(rule, this.#facts(byName[first] ?? 0)))
      this.#ofNames[name] = (this.#ofNames[name] ?? 0) | rule.bit;
  }

  /** All rows of one name. */
  #judgeRowsOf(rule: Rule, rows: Uint32Array): void {
    const { scope, scopeInIndex, asksNewest } = rule.judge;
    if (scope === 'version') return this.#judgeVersionsOf(rule, rows);
    for (const row of rows) {
      const facts = scopeInIndex === 'row' ? this.#facts(row) : this.#recordFacts(row);
      if (facts === undefined) continue;
      const asked = asksNewest === true ? { ...facts, newest: this.#newest.of(row) } : facts;
      if (this.#objects(rule, asked)) this.#bits[row] = (this.#bits[row] ?? 0) | rule.bit;
    }
  }

  #judgeVersionsOf(rule: Rule, rows: Uint32Array): void {
    const { versionIds } = this.#job.columns;
    const known = new Map<number, boolean>();
    // Builds of one version mostly stand together.
    let last: number | undefined;
    let hasObjection = false;
    for (const row of rows) {
      const version = versionIds[row] ?? 0;
      if (version !== last) {
        last = version;
        hasObjection = known.get(version) ?? this.#objects(rule, this.#facts(row));
        known.set(version, hasObjection);
      }
      if (hasObjection) this.#bits[row] = (this.#bits[row] ?? 0) | rule.bit;
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
      name: this.#names.all[columns.nameIds[row] ?? 0] ?? '',
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
    const states = this.#bits;
    const found = { names: this.#ofNames, licenses: this.#ofLicenses, all: this.#ofAll };
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

/**
 * What policies said about the files of one document, by file name: as bytes that are handed from a worker to the main
 * thread without a copy. Bounded; of the rest it is only known that they are not allowed, or nothing is recorded.
 */
import type { Reason } from '../../../shared/model/decision.ts';
import type { PackageFacts } from '../../policy/packages/facts.ts';
import type { Verdict } from '../../policy/packages/judge.ts';
import type { RecordTableBuffers } from './record-table.ts';
import { RecordTable, RecordTableBuilder } from './record-table.ts';

/** Some 20 MB. */
const maxFiles = 60_000;

/** A package that is not served, or would not be, and why. */
export type SpokenPackage = {
  readonly filename: string;
  readonly name: string;
  readonly version: string;
  readonly isHidden: boolean;
  readonly reasons: readonly Reason[];
};

/** What a verdict says of a package; undefined: nothing. */
export function spokenBy(
  { filename, name, version }: PackageFacts,
  { reasons, style }: Pick<Verdict, 'reasons' | 'style'>,
): SpokenPackage | undefined {
  return reasons.length === 0 ? undefined : { filename, name, version, isHidden: style === 'hide', reasons };
}

export class SpokenBuilder {
  readonly #table = new RecordTableBuilder();

  add(spoken: SpokenPackage): void {
    // Only ASCII can be asked for (names.ts).
    if (this.#table.size >= maxFiles || !/^[\x21-\x7e]{1,255}$/.test(spoken.filename)) return;
    this.#table.add(spoken.filename, JSON.stringify(spoken));
  }

  build(): RecordTableBuffers {
    return this.#table.build();
  }
}

export class SpokenFiles {
  readonly #table: RecordTable;

  constructor(table: RecordTableBuffers) {
    this.#table = new RecordTable(table);
  }

  get weightBytes(): number {
    return this.#table.weightBytes;
  }

  /** Of all files, in the order of their names. */
  *all(): Generator<SpokenPackage> {
    for (const text of this.#table.startingWith('')) yield JSON.parse(text) as SpokenPackage;
  }

  /** Of all files of a package, whose names begin with its name. */
  *ofName(name: string): Generator<SpokenPackage> {
    for (const text of this.#table.startingWith(`${name}-`)) {
      const spoken = JSON.parse(text) as SpokenPackage;
      if (spoken.name === name) yield spoken;
    }
  }

  get size(): number {
    return this.#table.size;
  }

  get(filename: string): SpokenPackage | undefined {
    const text = this.#table.get(filename);
    return text === undefined ? undefined : (JSON.parse(text) as SpokenPackage);
  }
}

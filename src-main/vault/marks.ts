/** Every thousandth line and where it begins, so that a range is read without counting from the start. */
const markEvery = 1024;

export type StoredMarks = readonly (readonly [number, string])[];

export class Marks {
  readonly #marks: [number, string][] = [];

  /** @param bookmark where the line `seq` begins */
  note(seq: number, bookmark: string): void {
    const last = this.#marks.at(-1)?.[0] ?? 0;
    if (seq - last >= markEvery) this.#marks.push([seq, bookmark]);
  }

  /** The last mark that is not behind a line. */
  before(seq: number): { readonly seq: number; readonly bookmark?: string } {
    let found: { readonly seq: number; readonly bookmark?: string } = { seq: 0 };
    for (const [at, bookmark] of this.#marks) {
      if (at > seq) break;
      found = { seq: at, bookmark };
    }
    return found;
  }

  toJSON(): StoredMarks {
    return this.#marks.map(([seq, bookmark]) => [seq, bookmark] as const);
  }

  static fromJSON(stored: StoredMarks): Marks {
    const marks = new Marks();
    for (const [seq, bookmark] of stored) marks.#marks.push([seq, bookmark]);
    return marks;
  }
}

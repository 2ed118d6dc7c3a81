/**
 * What several sets of policies leave of one document. Invariant: a form is made once however many wait for it; one whose
 * time is over is never given to anybody; their memory is bounded over all channels, and the least used goes first.
 */
import { LRUCache } from 'lru-cache';
import { AllowedFiles } from './allowed-files.ts';
import type { AllowedFilesBuffers } from './allowed-files.ts';
import type { RecordTableBuffers } from './record-table.ts';
import { SpokenFiles } from './spoken-files.ts';
import type { StoredDocument } from './stored-document.ts';

type Result = {
  readonly allowed: AllowedFilesBuffers;
  readonly table: RecordTableBuffers;
  readonly changesAtMs: number | undefined;
};
export type PolicyForm<R extends Result = Result> = {
  readonly document: StoredDocument;
  readonly result: R;
  readonly allowed: AllowedFiles;
  readonly spoken: SpokenFiles;
  /** The same as a page for people, once somebody asked for it. */
  html?: Promise<StoredDocument>;
  htmlBytes: number;
};

/** What a form costs beside its bytes. */
const formWeightBytes = 1024;

/** All forms there are. */
export class FormBudget {
  readonly #forms: LRUCache<string, PolicyForm>;
  #last = 0;

  constructor(maxBytes: number) {
    this.#forms = new LRUCache({
      maxSize: maxBytes,
      // The newest stays even if it is alone too heavy: it was asked for.
      sizeCalculation: ({ document, allowed, spoken, htmlBytes }) =>
        Math.min(
          maxBytes,
          formWeightBytes + document.weightBytes + allowed.weightBytes + spoken.weightBytes + htmlBytes,
        ),
    });
  }

  /** A name for the forms of one document. */
  name(): string {
    this.#last += 1;
    return `${this.#last}`;
  }

  get(key: string): PolicyForm | undefined {
    return this.#forms.get(key);
  }

  /** Also where it grew. */
  put(key: string, form: PolicyForm): void {
    this.#forms.set(key, form);
  }

  delete(key: string): void {
    this.#forms.delete(key);
  }
}

export class PolicyForms<R extends Result> {
  readonly #budget: FormBudget;
  readonly #name: string;
  readonly #making = new Map<string, Promise<PolicyForm<R>>>();

  constructor(budget: FormBudget) {
    this.#budget = budget;
    this.#name = budget.name();
  }

  /**
   * @param key names policies, knowledge and all else that the form depends on beside its document
   * @param make is given what to call when the document weighs more
   */
  get(
    key: string,
    nowMs: number,
    make: (onGrow: () => void) => Promise<{ readonly document: StoredDocument; readonly result: R }>,
  ): PolicyForm<R> | Promise<PolicyForm<R>> {
    const place = `${this.#name} ${key}`;
    const known = this.#budget.get(place) as PolicyForm<R> | undefined;
    if (known !== undefined) {
      const { changesAtMs } = known.result;
      if (changesAtMs === undefined || nowMs < changesAtMs) return known;
      this.#budget.delete(place);
    }
    let making = this.#making.get(key);
    if (making === undefined) {
      making = this.#make(place, make).finally(() => this.#making.delete(key));
      this.#making.set(key, making);
    }
    return making;
  }

  async #make(
    place: string,
    make: (onGrow: () => void) => Promise<{ readonly document: StoredDocument; readonly result: R }>,
  ): Promise<PolicyForm<R>> {
    const kept: { form?: PolicyForm<R> } = {};
    const { document, result } = await make(() => {
      const { form } = kept;
      if (form !== undefined && this.#budget.get(place) === form) this.#budget.put(place, form);
    });
    const form: PolicyForm<R> = {
      document,
      result,
      allowed: new AllowedFiles(result.allowed),
      spoken: new SpokenFiles(result.table),
      htmlBytes: 0,
    };
    kept.form = form;
    this.#budget.put(place, form);
    return form;
  }
}

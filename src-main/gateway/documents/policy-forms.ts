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
export type PolicyForm<R extends Result = Result> = Weighed & {
  readonly document: StoredDocument;
  readonly result: R;
  readonly allowed: AllowedFiles;
  readonly spoken: SpokenFiles;
  /** The same as a page for people, once somebody asked for it. */
  html?: Promise<StoredDocument>;
  htmlBytes: number;
};

/** Anything that is kept for some policies. */
type Weighed = { readonly weightBytes: number; readonly changesAtMs: number | undefined };

/** Clocks are set right by less than that all the time. */
const clockSlackMs = 60_000;
/** Places of one document that are remembered without looking whether something is there. */
const maxPlaces = 256;
/** What a form costs beside its bytes. */
const formWeightBytes = 1024;

/** All forms there are. */
export class FormBudget {
  /** In an object of its own with each `put`: the cache weighs what is new to it, and nothing that it has already. */
  readonly #forms: LRUCache<string, { readonly form: Weighed }>;
  #last = 0;

  constructor(maxBytes: number) {
    this.#forms = new LRUCache({
      maxSize: maxBytes,
      // The newest stays even if it is alone too heavy: it was asked for.
      sizeCalculation: ({ form }) => Math.min(maxBytes, formWeightBytes + form.weightBytes),
    });
  }

  /** A name for the forms of one document. */
  name(): string {
    this.#last += 1;
    return `${this.#last}`;
  }

  get(key: string): Weighed | undefined {
    return this.#forms.get(key)?.form;
  }

  /** Also where it grew. */
  put(key: string, form: Weighed): void {
    this.#forms.set(key, { form });
  }

  has(key: string): boolean {
    return this.#forms.has(key);
  }

  delete(key: string): void {
    this.#forms.delete(key);
  }
}

/** Forms of one document. */
export class KeptForms<F extends Weighed> {
  readonly #budget: FormBudget;
  readonly #making = new Map<string, Promise<F>>();
  /** Where they are in the budget, and by which time they were made. */
  readonly #places = new Map<string, number>();
  #name: string;

  constructor(budget: FormBudget) {
    this.#budget = budget;
    this.#name = budget.name();
  }

  /**
   * @param key names policies, knowledge and all else that the form depends on beside its document
   * @param make is given what to call when the form weighs more
   */
  get(key: string, nowMs: number, make: (onGrow: () => void) => Promise<F>): F | Promise<F> {
    const place = `${this.#name} ${key}`;
    const known = this.#budget.get(place) as F | undefined;
    if (known !== undefined) {
      const { changesAtMs } = known;
      // A clock that was set back: what was old enough for a rule then is too young now.
      const isAhead = nowMs < (this.#places.get(place) ?? 0) - clockSlackMs;
      if (!isAhead && (changesAtMs === undefined || nowMs < changesAtMs)) return known;
      this.#forget(place);
    }
    let making = this.#making.get(place);
    if (making === undefined) {
      making = this.#make(place, nowMs, make).finally(() => this.#making.delete(place));
      this.#making.set(place, making);
    }
    return making;
  }

  /** Forgets all of them, those that are being made too. */
  clear(): void {
    for (const place of this.#places.keys()) this.#budget.delete(place);
    this.#places.clear();
    this.#name = this.#budget.name();
  }

  async #make(place: string, nowMs: number, make: (onGrow: () => void) => Promise<F>): Promise<F> {
    const kept: { form?: F } = {};
    const form = await make(() => {
      if (kept.form !== undefined && this.#budget.get(place) === kept.form)
        this.#budget.put(place, kept.form);
    });
    kept.form = form;
    // Not where its document went meanwhile.
    if (place.startsWith(`${this.#name} `)) {
      // Each change of what is known makes further places: those whose form gave way are forgotten now and then.
      if (this.#places.size >= maxPlaces)
        for (const known of this.#places.keys()) if (!this.#budget.has(known)) this.#places.delete(known);
      this.#places.set(place, nowMs);
      this.#budget.put(place, form);
    }
    return form;
  }

  #forget(place: string): void {
    this.#places.delete(place);
    this.#budget.delete(place);
  }
}

/** Forms of a document that was read again for each. */
export class PolicyForms<R extends Result> {
  readonly #forms: KeptForms<PolicyForm<R>>;

  constructor(budget: FormBudget) {
    this.#forms = new KeptForms(budget);
  }

  /** @param make is given what to call when the document weighs more */
  get(
    key: string,
    nowMs: number,
    make: (onGrow: () => void) => Promise<{ readonly document: StoredDocument; readonly result: R }>,
  ): PolicyForm<R> | Promise<PolicyForm<R>> {
    return this.#forms.get(key, nowMs, async (onGrow) => formOf(await make(onGrow)));
  }
}

function formOf<R extends Result>({
  document,
  result,
}: {
  readonly document: StoredDocument;
  readonly result: R;
}): PolicyForm<R> {
  const [allowed, spoken] = [new AllowedFiles(result.allowed), new SpokenFiles(result.table)];
  return {
    document,
    result,
    allowed,
    spoken,
    htmlBytes: 0,
    changesAtMs: result.changesAtMs,
    get weightBytes() {
      return document.weightBytes + allowed.weightBytes + spoken.weightBytes + this.htmlBytes;
    },
  };
}

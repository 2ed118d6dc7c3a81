/**
 * What several sets of policies leave of one document. Invariant: a form is made once however many wait for it; one whose
 * time is over is never given to anybody; they weigh with their document and go with it.
 */
import { LRUCache } from 'lru-cache';
import { AllowedFiles } from './allowed-files.ts';
import type { AllowedFilesBuffers } from './allowed-files.ts';
import type { StoredDocument } from './stored-document.ts';

/** More than teams and environments with policies of their own ask for one index within an hour. */
const maxForms = 16;

type Result = { readonly allowed: AllowedFilesBuffers; readonly changesAtMs: number | undefined };
export type PolicyForm<R extends Result> = {
  readonly document: StoredDocument;
  readonly result: R;
  readonly allowed: AllowedFiles;
};

export class PolicyForms<R extends Result> {
  readonly #forms = new LRUCache<string, PolicyForm<R>>({ max: maxForms });
  readonly #making = new Map<string, Promise<PolicyForm<R>>>();

  get weightBytes(): number {
    let sum = 0;
    for (const { document, allowed } of this.#forms.values()) sum += document.weightBytes + allowed.weightBytes;
    return sum;
  }

  /** One that is there and still true. */
  peek(key: string, nowMs: number): PolicyForm<R> | undefined {
    const form = this.#forms.get(key);
    if (form === undefined) return undefined;
    const { changesAtMs } = form.result;
    if (changesAtMs === undefined || nowMs < changesAtMs) return form;
    this.#forms.delete(key);
    return undefined;
  }

  /**
   * @param key names policies, knowledge and all else that the form depends on beside its document
   * @param onGrow told when the document weighs more
   */
  get(
    key: string,
    nowMs: number,
    make: () => Promise<{ readonly document: StoredDocument; readonly result: R }>,
    onGrow: () => void,
  ): PolicyForm<R> | Promise<PolicyForm<R>> {
    const known = this.peek(key, nowMs);
    if (known !== undefined) return known;
    let making = this.#making.get(key);
    if (making === undefined) {
      making = make()
        .then(({ document, result }) => {
          const form = { document, result, allowed: new AllowedFiles(result.allowed) };
          this.#forms.set(key, form);
          onGrow();
          return form;
        })
        .finally(() => this.#making.delete(key));
      this.#making.set(key, making);
    }
    return making;
  }
}

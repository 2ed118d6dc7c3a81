/**
 * Something that is made from the organization in steps, and kept by its commits. Invariant: whoever asks gets it whole,
 * with all commits up to now, whether its making was done, under way, or not begun.
 */
import type { DomainEvent } from '../organization/events.ts';
import type { OrganizationState } from '../organization/state.ts';
import type { Change } from '../vault/vault-api.ts';

type OrganizationChange = Pick<Change<OrganizationState, DomainEvent>, 'entries' | 'state'>;
type Kept = { apply(change: OrganizationChange): void };

export class MadeInSteps<T extends Kept> {
  readonly #begin: () => Generator<void, T>;
  #made: T | undefined;
  #steps: Generator<void, T> | undefined;
  /** Committed while it is made. */
  #missed: OrganizationChange[] = [];

  constructor(begin: () => Generator<void, T>) {
    this.#begin = begin;
  }

  get isMade(): boolean {
    return this.#made !== undefined;
  }

  /** It; what is left to do is done now. */
  get(): T {
    for (;;) if (this.#made !== undefined || this.step()) return this.#made as T;
  }

  /** Does a little. @returns whether it is made */
  step(): boolean {
    if (this.#made !== undefined) return true;
    this.#steps ??= this.#begin();
    const next = this.#steps.next();
    if (next.done !== true) return false;
    const made = next.value;
    for (const change of this.#missed) made.apply(change);
    this.#missed = [];
    this.#steps = undefined;
    this.#made = made;
    return true;
  }

  apply(change: OrganizationChange): void {
    if (this.#made !== undefined) this.#made.apply(change);
    else if (this.#steps !== undefined) this.#missed.push(change);
  }

  forget(): void {
    this.#made = undefined;
    this.#steps = undefined;
    this.#missed = [];
  }
}

/**
 * One kind of event: its stored form, who may write it, what it does, and what of it stands in clear. Invariant: all
 * functions are pure; an event that does not fit is refused with a sentence, never skipped and never half applied.
 */
import type { z } from 'zod';
import type { TeamId } from '../../shared/model/ids.ts';
import type { Clear, LineContext } from '../vault/domain.ts';
import type { OrganizationState } from './state.ts';

/** An event that does not fit the state before it. */
export class UnfitEvent extends Error {}

/**
 * `admin`: admins only. `any-operator`: auditors too. `any-lead`: admins and every lead. `own-team`: admins, and the leads of every team that the
 * event touches (`teamsOf`).
 */
export type Right = 'admin' | 'any-operator' | 'any-lead' | 'own-team';

/** What the table of events knows of one kind; `E` is the event's readonly form. */
export type EventKind<S extends z.ZodObject, E = Readonly<z.infer<S>>> = {
  readonly schema: S;
  readonly right: Right;
  /** The teams that an event touches; asked for `own-team`. */
  readonly teamsOf?: (before: OrganizationState, event: E) => readonly TeamId[];
  /** The state after it. @throws UnfitEvent */
  readonly apply: (before: OrganizationState, event: E, line: LineContext) => OrganizationState;
  /** What of it stands in clear; asked of the state before. */
  readonly clear?: (before: OrganizationState, event: E) => Clear;
  /** Whether it is the only event of its line: it is judged from the clear part, or brings keys. */
  readonly isAlone?: true;
};

/** Ties the type of a kind's functions to its schema. */
export function eventKind<S extends z.ZodObject>(kind: EventKind<S>): EventKind<S> {
  return kind;
}

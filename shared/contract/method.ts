/**
 * One method of the contract: what goes in, what comes out, who may call it, whether it wants the passphrase again, and
 * whether it is a job. Hosts, door and typed client derive from it; every input is parsed against `input`, every output
 * against `output`. Invariant: the door (`ipc/call-method.ts`) enforces `access` and `stepUp` from here; no other list
 * says who may do what.
 */
import type { z } from 'zod';

/**
 * The least that a caller must be. `anyone`: also while the vault is locked or missing. `operator`: the vault is
 * unlocked, by whomever. `lead`: may write for some team; which one, the vault judges. `admin`: may write everything.
 */
export type Access = 'anyone' | 'operator' | 'lead' | 'admin';

/**
 * What makes a session that the keychain opened be asked for the passphrase again. `passphrase-in-input`: the call
 * brings it along. The others are judged by `services/step-up-acts.ts`.
 */
export type StepUp =
  | 'passphrase-in-input'
  | 'many-tokens-issued'
  | 'many-tokens-revoked'
  | 'many-tokens-imported'
  | 'many-tokens-changed'
  | 'rights-changed'
  | 'credentials-sent-elsewhere'
  | 'secret-into-file'
  | 'secrets-into-file'
  | 'traffic-sent-elsewhere'
  | 'evidence-kept-otherwise';

/** A call that answers at once and goes on: the event that tells how far it is, and the methods to look at and end it. */
export type Job = { readonly progress: string; readonly status: string; readonly cancel: string };

type Ways = {
  readonly stepUp?: StepUp;
  readonly job?: Job;
  /** Where a file's worth comes in: more than the door usually takes, bytes of JSON. */
  readonly maxInputBytes?: number;
};

export type Method<I extends z.ZodType = z.ZodType, O extends z.ZodType = z.ZodType> = Ways & {
  readonly input: I;
  readonly output: O;
  readonly access: Access;
};

const callableBy =
  (access: Access) =>
  <I extends z.ZodType, O extends z.ZodType, const W extends Ways = Record<never, never>>(
    input: I,
    output: O,
    ways?: W,
  ): Method<I, O> & W => ({ input, output, access, ...(ways as W) });

/** A method that also works while the vault is locked or missing. */
export const anyone = callableBy('anyone');
/** A method for everybody who can unlock the vault. */
export const operator = callableBy('operator');
/** A method for admins and leads. */
export const lead = callableBy('lead');
/** A method for admins. */
export const admin = callableBy('admin');

import type { z } from 'zod';

/**
 * One method of the contract: what goes in, what comes out, and whether the vault must be unlocked for it. Both hosts
 * and the typed client derive from it; every input is parsed against `input`, every output against `output`.
 */
export type Method<I extends z.ZodType = z.ZodType, O extends z.ZodType = z.ZodType> = {
  readonly input: I;
  readonly output: O;
  readonly needsUnlock: boolean;
};

/** A method that needs the vault unlocked (the usual case). */
export const method = <I extends z.ZodType, O extends z.ZodType>(input: I, output: O): Method<I, O> => ({
  input,
  output,
  needsUnlock: true,
});

/** A method that also works while the vault is locked or missing. */
export const openMethod = <I extends z.ZodType, O extends z.ZodType>(input: I, output: O): Method<I, O> => ({
  input,
  output,
  needsUnlock: false,
});

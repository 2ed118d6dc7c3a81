/** Types derived from the contract: for the handlers in main, and for the client in the renderer, tests and scripts. */
import type { z } from 'zod';
import type { WireResult } from '../errors.ts';
import type { Contract, HostEvent, HostEventName } from './contract.ts';
import { contract } from './contract.ts';
import type { Method, StepUp } from './method.ts';

export type Group = keyof Contract;
type AnyMethod = Method;
/** What a handler is given: the parsed input. */
export type InputOf<M> = M extends { input: infer I extends z.ZodType } ? z.output<I> : never;
/** What a client sends: defaults may be left out. */
export type RawInputOf<M> = M extends { input: infer I extends z.ZodType } ? z.input<I> : never;
export type OutputOf<M> = M extends { output: infer O extends z.ZodType } ? z.output<O> : never;

/** The inputs of all methods whose `stepUp` is of this kind. */
export type InputsAskedFor<K extends StepUp> = {
  [G in Group]: {
    [M in keyof Contract[G]]: Contract[G][M] extends { readonly stepUp: K } ? InputOf<Contract[G][M]> : never;
  }[keyof Contract[G]];
}[Group];

/** One handler per method. */
export type Handlers = {
  readonly [G in Group]: {
    readonly [M in keyof Contract[G]]: (input: InputOf<Contract[G][M]>) => Promise<OutputOf<Contract[G][M]>>;
  };
};

/** The same methods from the caller's side; a refusal is thrown as LatchkeyError. */
export type Client = {
  readonly [G in Group]: {
    readonly [M in keyof Contract[G]]: (
      ...args: Record<never, never> extends RawInputOf<Contract[G][M]>
        ? [input?: RawInputOf<Contract[G][M]>]
        : [input: RawInputOf<Contract[G][M]>]
    ) => Promise<OutputOf<Contract[G][M]>>;
  };
};

/** What a host puts at `window.latchkey`: the one narrow door between renderer and main. */
export type Bridge = {
  readonly invoke: (method: string, input: unknown) => Promise<WireResult<unknown>>;
  /** Returns the function that ends the subscription. */
  readonly on: <N extends HostEventName>(name: N, listener: (event: HostEvent<N>) => void) => () => void;
};

/** `tokens.issue` → its method, or undefined for a name that the contract does not have. */
export function findMethod(name: string): AnyMethod | undefined {
  const [groupName, methodName, ...rest] = name.split('.');
  if (groupName === undefined || methodName === undefined || rest.length > 0) return undefined;
  const group: Record<string, AnyMethod> | undefined = Object.hasOwn(contract, groupName)
    ? (contract as unknown as Record<string, Record<string, AnyMethod>>)[groupName]
    : undefined;
  return group !== undefined && Object.hasOwn(group, methodName) ? group[methodName] : undefined;
}

/** All method names of the contract, `group.method`. */
export function methodNames(): readonly string[] {
  return Object.entries(contract).flatMap(([group, methods]) =>
    Object.keys(methods).map((name) => `${group}.${name}`),
  );
}

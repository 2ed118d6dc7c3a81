/** Marks a switch as exhaustive: it does not compile when a case is missing. Throws if it is reached at run time. */
export function assertNever(value: never): never {
  throw new Error(`Unexpected case: ${JSON.stringify(value)}`);
}

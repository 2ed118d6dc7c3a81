/** Makes a value when it is first asked for: formats are slow to make, and most commands show no number and no time. */
export function once<T extends object>(make: () => T): () => T {
  let made: T | undefined;
  return () => (made ??= make());
}

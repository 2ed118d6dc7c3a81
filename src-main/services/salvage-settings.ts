import type { StoredSettings } from './stored-settings.ts';
import { storedSettings } from './stored-settings.ts';

/**
 * The settings in a JSON value, field by field: what is valid counts, the rest has its standard value.
 * @returns the settings, and the names (`gateway.port`) of the values that do not count
 */
export function salvageSettings(json: unknown): {
  readonly settings: StoredSettings;
  readonly invalid: readonly string[];
} {
  const invalid: string[] = [];
  let rest: unknown = structuredClone(json ?? {});
  for (;;) {
    const parsed = storedSettings.safeParse(rest);
    if (parsed.success) return { settings: parsed.data, invalid };
    // Shortest first: taking away an object takes its members with it. One at a time, as each ends some of the others.
    const [issue] = parsed.error.issues.toSorted((a, b) => a.path.length - b.path.length);
    const path = issue?.path ?? [];
    invalid.push(path.length === 0 ? '(all)' : path.join('.'));
    rest = path.length === 0 ? {} : without(rest, path);
  }
}

function without(node: unknown, [key, ...below]: readonly PropertyKey[]): unknown {
  if (typeof node !== 'object' || node === null || key === undefined) return node;
  const entries = Object.entries(node);
  return Object.fromEntries(
    below.length === 0
      ? entries.filter(([name]) => name !== key)
      : entries.map(([name, value]) => [name, name === key ? without(value, below) : value]),
  );
}

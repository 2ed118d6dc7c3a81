import type { WireResult } from '../errors.ts';
import { fromWireError } from '../errors.ts';
import { contract } from './contract.ts';
import type { Client } from './types.ts';

/**
 * Makes the typed client over any transport. A refusal becomes a thrown LatchkeyError with its stable code.
 * @param invoke carries one call, `group.method` and its input, to a host.
 */
export function createClient(
  invoke: (method: string, input: unknown) => Promise<WireResult<unknown>>,
): Client {
  const call =
    (name: string) =>
    async (input: unknown = {}) => {
      const result = await invoke(name, input);
      if (result.ok) return result.value;
      throw fromWireError(result.error);
    };
  const groups = Object.entries(contract).map(([group, methods]) => [
    group,
    Object.fromEntries(Object.keys(methods).map((name) => [name, call(`${group}.${name}`)])),
  ]);
  return Object.fromEntries(groups) as Client;
}

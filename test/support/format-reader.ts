import { fileURLToPath } from 'node:url';
import { runClient } from './python-clients.ts';

const reader = fileURLToPath(new URL('../format-reader/reader.py', import.meta.url));

export type PythonReading = Readonly<Record<string, unknown>> & {
  readonly error?: string;
  readonly line?: number;
};

/** What the Python reader, written from docs/vault-format.md alone, says of a vault. */
export async function readByPython(dir: string, ...how: readonly string[]): Promise<PythonReading> {
  const { output } = await runClient('python', ['-B', reader, dir, ...how], {});
  try {
    return JSON.parse(output) as PythonReading;
  } catch (cause) {
    throw new Error(`The reader broke: ${output}`, { cause });
  }
}

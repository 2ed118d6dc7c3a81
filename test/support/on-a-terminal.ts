/** The built command on a real pseudo-terminal, with somebody who types at its prompts. */
import { join } from 'node:path';
import { runClient } from './python-clients.ts';
import { cliFile } from './run-cli.ts';

const script = join(import.meta.dirname, 'on_a_terminal.py');

/** What is waited for on the screen, and what is typed then. */
export type Step = readonly [shown: string, typed: string];
export type OnTerminal = {
  /** Minus the signal's number where one ended it. */
  readonly code: number;
  readonly stdout: string;
  /** All that the terminal was told to show, with what it echoed. */
  readonly screen: string;
  /** What never came. */
  readonly missed: readonly string[];
};

export const keys = { enter: '\r', space: ' ', down: '\u001b[B', ctrlC: '\u0003', ctrlD: '\u0004' } as const;

export async function onTerminal(
  args: readonly string[],
  steps: readonly Step[],
  env: Readonly<Record<string, string>>,
): Promise<OnTerminal> {
  const input = JSON.stringify({
    argv: [process.execPath, cliFile, ...args],
    env: { PATH: process.env['PATH'] ?? '', HOME: process.env['HOME'] ?? '', TERM: 'xterm-256color', ...env },
    steps,
    // Whoever waits for what never comes learns what was shown.
    seconds: 90,
  });
  const { output } = await runClient('python', ['-B', script], {}, { input });
  try {
    return JSON.parse(output) as OnTerminal;
  } catch (cause) {
    throw new Error(`The terminal broke: ${output}`, { cause });
  }
}

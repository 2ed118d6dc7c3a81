/**
 * What the places in which Python runs share: settings without the token, and a shell step that writes the token from
 * the variable LATCHKEY_TOKEN, which the place's own secret store fills, into a file that NETRC names.
 */
import { netrcMachines } from './netrc.ts';
import { condaNotes, pipNotes } from './notes.ts';
import { channelNames, userName } from './parts.ts';
import { pipCheckCommand } from './pip.ts';
import { shellQuote } from './shell-quote.ts';
import type { ExportInput } from './types.ts';
import { clientVariables } from './variables.ts';

export const tokenVariable = 'LATCHKEY_TOKEN';

/**
 * Lines for any POSIX shell. The token goes from the variable into the file by a built-in of the shell: it is in no
 * argument that other users of the machine could list.
 */
export function writeNetrcLines(input: ExportInput, netrc: string): readonly string[] {
  const words = netrcMachines(input).map((machine) => `${shellQuote(machine)} "$${tokenVariable}"`);
  return ['umask 077', `printf 'machine %s login ${userName} password %s\\n' ${words.join(' ')} > ${netrc}`];
}

/** Settings of the clients as variables; no secret among them. */
export function openVariables(input: ExportInput): Readonly<Record<string, string>> {
  return Object.fromEntries(clientVariables(input, 'without-token'));
}

export function placeNotes(input: ExportInput): readonly string[] {
  const hasPypi = channelNames(input, 'pypi').length > 0;
  const hasConda = channelNames(input, 'conda').length > 0;
  return [...(hasPypi ? pipNotes(input) : []), ...(hasConda ? condaNotes(input) : [])];
}

export function placeCheckCommand(input: ExportInput): string {
  return channelNames(input, 'pypi').length > 0 ? pipCheckCommand : 'conda install --dry-run PACKAGE';
}

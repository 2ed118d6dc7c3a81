/** What may come next on a command line, as the library asks for it. */
import type { Command as Place } from '@bomb.sh/tab';
import { RootCommand } from '@bomb.sh/tab';
import type { Command, Option } from 'commander';
import { exportFormatIds } from '../../shared/model/export-formats.ts';
import { shells } from './completion-scripts.ts';
import { printMade } from './output.ts';
import { columnNames } from './token-columns.ts';
import { tokenSortKeys, tokenStates } from '../../shared/model/token-list.ts';
import { commandMeant } from './usage.ts';

/** Values of options that are a choice; what is not here takes any text. */
const choices: Readonly<Record<string, readonly string[]>> = {
  '--state': tokenStates,
  '--sort': tokenSortKeys,
  '--columns': columnNames,
  '--kind': ['conda', 'pypi'],
  '--auth': ['basic', 'bearer', 'conda-token', 'none'],
  '--export': ['recommended', ...exportFormatIds],
  '--template': ['teams', 'holders', 'tokens'],
};
/** The same for the first argument of a command. */
const firstArguments: Readonly<Record<string, readonly string[]>> = {
  completion: shells,
  export: ['recommended', ...exportFormatIds],
};

/** Prints what may stand in the place of the last word. */
export function complete(program: Command, words: readonly string[]): void {
  // The library knows no options whose value is a file.
  if (wantsFile(program, words)) printMade(':0\n');
  else completions(program).parse([...words]);
}

/** Whether the word before takes a path, or this one is an argument that does. */
function wantsFile(program: Command, words: readonly string[]): boolean {
  const before = words.at(-2) ?? '';
  const command = commandMeant(program, words.slice(0, -1));
  const options = [...command.options, ...program.options];
  const option = options.find(({ long, short }) => long === before || short === before);
  if (option !== undefined && option.required) return /<(file|dir|path)>$/.test(option.flags);
  const last = words.at(-1) ?? '';
  return command.name() === 'doctor' && !last.startsWith('-');
}

function completions(program: Command): RootCommand {
  const root = new RootCommand();
  addOptions(root, program);
  addCommands(root, program, '');
  return root;
}

function addCommands(root: RootCommand, parent: Command, prefix: string): void {
  for (const child of parent.createHelp().visibleCommands(parent)) {
    const path = `${prefix}${child.name()}`;
    const place = root.command(path, child.description());
    addOptions(place, child);
    const values = firstArguments[path];
    if (values !== undefined) place.argument('value', (complete) => give(values, complete));
    addCommands(root, child, `${path} `);
  }
}

function addOptions(place: Place, command: Command): void {
  for (const option of command.createHelp().visibleOptions(command)) addOption(place, option);
}

function addOption(place: Place, option: Option): void {
  const name = option.long?.replace(/^--/, '');
  if (name === undefined) return;
  const short = option.short?.replace(/^-/, '');
  const values = choices[option.long ?? ''] ?? [];
  if (option.required || option.optional) {
    place.option(name, option.description, (complete) => give(values, complete), short);
  } else place.option(name, option.description, short);
}

function give(values: readonly string[], complete: (value: string, description: string) => void): void {
  for (const value of values) complete(value, '');
}

import type { Command } from 'commander';
import { LatchkeyError } from '../../shared/errors.ts';
import { texts } from '../../shared/texts/texts.ts';

const says = texts.cli.help;

const words = texts.commands.helpCommand;

/** `help token issue`: the help of that very command, however deep it is. */
export function addHelpCommand(program: Command): void {
  program
    .command('help [command...]')
    .description(words.showTheHelpOf)
    .action((path: readonly string[]) => commandAt(program, path).outputHelp());
}

/** The command of this path. @throws LatchkeyError INVALID_INPUT, naming what there is */
export function commandAt(program: Command, path: readonly string[]): Command {
  let found = program;
  for (const name of path) {
    const next = found.commands.find((child) => child.name() === name || child.aliases().includes(name));
    if (next === undefined) {
      const names = found.commands.map((child) => child.name()).join(', ');
      throw new LatchkeyError(
        'INVALID_INPUT',
        says.unknown(
          name.slice(0, 40),
          found === program ? '' : says.below(found.name()),
          names === '' ? '' : says.thereAre(names),
        ),
      );
    }
    found = next;
  }
  return found;
}

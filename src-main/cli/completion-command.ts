/** Completions. Invariant: completing opens no vault and asks nobody; it knows commands, options and fixed choices. */
import type { Command } from 'commander';
import { LatchkeyError } from '../../shared/errors.ts';
import { completionScripts, shells } from './completion-scripts.ts';
import { parseChoice } from './options.ts';
import { printMade } from './output.ts';
import { texts } from '../../shared/texts/texts.ts';

const words = texts.cli.completion;

/** `completion <shell>`, and the hidden `complete` that the scripts call. */
export function addCompletionCommands(program: Command): void {
  program
    .command('completion <shell>')
    .description(words.description(shells.join(', ')))
    .addHelpText('after', words.after)
    .action((shell: string) => {
      printMade(completionScripts[parseChoice(shells, shell, words.theShell)]);
    });
  program
    .command('complete', { hidden: true })
    .argument('[words...]')
    .allowUnknownOption()
    .helpOption(false)
    .action(async () => {
      const at = process.argv.indexOf('--');
      if (at < 0) throw new LatchkeyError('INVALID_INPUT', words.internal);
      const { complete } = await import('./completions.ts');
      complete(program, process.argv.slice(at + 1));
    });
}

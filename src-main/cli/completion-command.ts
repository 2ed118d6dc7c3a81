/** Completions. Invariant: completing opens no vault and asks nobody; it knows commands, options and fixed choices. */
import type { Command } from 'commander';
import { LatchkeyError } from '../../shared/errors.ts';
import { completionScripts, shells } from './completion-scripts.ts';
import { parseChoice } from './options.ts';
import { printMade } from './output.ts';

/** `completion <shell>`, and the hidden `complete` that the scripts call. */
export function addCompletionCommands(program: Command): void {
  program
    .command('completion <shell>')
    .description(`print the completion script of a shell: ${shells.join(', ')}`)
    .addHelpText(
      'after',
      `
For this session, and for every one:
  bash        source <(latchkey completion bash)        in ~/.bashrc
  zsh         source <(latchkey completion zsh)         in ~/.zshrc, after compinit
  fish        latchkey completion fish | source         in ~/.config/fish/config.fish
  PowerShell  latchkey completion powershell | Out-String | Invoke-Expression   in $PROFILE`,
    )
    .action((shell: string) => {
      printMade(completionScripts[parseChoice(shells, shell, 'the shell')]);
    });
  program
    .command('complete', { hidden: true })
    .argument('[words...]')
    .allowUnknownOption()
    .helpOption(false)
    .action(async () => {
      const at = process.argv.indexOf('--');
      if (at < 0) throw new LatchkeyError('INVALID_INPUT', 'This is for the scripts of latchkey completion.');
      const { complete } = await import('./completions.ts');
      complete(program, process.argv.slice(at + 1));
    });
}

import type { Command } from 'commander';
import { CommanderError } from 'commander';
import { boundHeapGrowth } from './base/heap-growth.ts';
import { exitCodeOf, exitCodes, printError, printNotice, printUsageError } from './cli/output.ts';
import { makeProgram } from './cli/program.ts';
import { commandMeant, pathOf } from './cli/usage.ts';
import { LatchkeyError } from '../shared/errors.ts';
import { texts } from '../shared/texts/texts.ts';

const words = texts.cli.root;

/** Looked for in the arguments themselves: a line that cannot be parsed has no options yet. */
const wantsJson = (): boolean => process.argv.includes('--json');

/** `latchkey token issue --help`, of the command that was meant. */
const helpOf = (program: Command): string => `${pathOf(commandMeant(program, process.argv.slice(2)))} --help`;

async function main(): Promise<number> {
  boundHeapGrowth();
  const program = makeProgram(wantsJson);
  try {
    await program.parseAsync();
    // A command that did its work may still have found something.
    return typeof process.exitCode === 'number' ? process.exitCode : exitCodes.ok;
  } catch (error) {
    if (error instanceof CommanderError) {
      if (error.exitCode === 0) return exitCodes.ok;
      // Without --json, commander has printed its own message already.
      if (wantsJson()) {
        const message = error.code === 'commander.help' ? words.giveCommand : error.message;
        printUsageError(words.seeHelpOf(message, helpOf(program)));
      }
      return exitCodes.usage;
    }
    printError(wantsJson(), error);
    const code = exitCodeOf(error);
    if (code === exitCodes.usage && !wantsJson()) printNotice(words.seeHelp(helpOf(program)));
    return code;
  }
}

// `latchkey token list | head`: the reader is gone, which is not an error.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code === 'EPIPE') return;
  const reason = error.code ?? error.name;
  const details = { path: 'stdout', reason };
  printError(wantsJson(), new LatchkeyError('FILE_NOT_WRITABLE', words.outputLost(reason), { details }));
  process.exit(exitCodes.refused);
});

// A reader of stderr that is gone takes nothing away from what was asked for.
process.stderr.on('error', () => undefined);

void main().then((code) => {
  process.exitCode = code;
});

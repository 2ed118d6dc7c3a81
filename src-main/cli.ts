import type { Option } from 'commander';
import { Command, CommanderError, Help } from 'commander';
import { boundYoungGeneration } from './base/young-generation.ts';
import { addChannelCommands } from './cli/channel-commands.ts';
import { addDoctorCommand } from './cli/doctor-command.ts';
import { addExportCommand } from './cli/export-command.ts';
import { addFolderCommands } from './cli/folder-commands.ts';
import { addGatewayCommand } from './cli/gateway-command.ts';
import { addHolderCommands } from './cli/holder-commands.ts';
import { addNounCommands } from './cli/noun-commands.ts';
import { addOrganizationCommands } from './cli/organization-commands.ts';
import { exitCodeOf, exitCodes, printError, printProblem, printUsageError } from './cli/output.ts';
import { addPolicyCommands } from './cli/policy-commands.ts';
import { addSettingsCommands } from './cli/settings-commands.ts';
import { addTokenCommands } from './cli/token-commands.ts';
import { addVaultCommands } from './cli/vault-commands.ts';
import { appVersion } from './hosts/data-dir.ts';

const epilogue = `
The passphrase is asked for, or read from --passphrase-file or --passphrase-fd; it is never an argument.

Exit codes: 0 done, 1 refused or failed, 2 wrong usage, 3 locked or wrong passphrase, 4 not found,
5 conflict (name taken, in use, vault busy).

Examples:
  latchkey init --organization Acme --operator Ada
  latchkey team add science
  latchkey channel add internal --kind pypi --folder ./wheels --env dev,prod
  latchkey token issue --holder Grace --team science --env dev --channels internal --export recommended --out ./grace
  latchkey doctor ~/.condarc ~/.netrc
  latchkey token list --state expiring
  latchkey token change lk-AbCd1234 --expires 2026-12-31
  latchkey token revoke lk-AbCd1234 --reason "laptop lost"
  latchkey gateway --port 8700 --access-log`;

/** Composition root of the command line. */
function makeProgram(): Command {
  const program = new Command('latchkey')
    .description('Issue, scope and revoke tokens for conda channels and Python indexes.')
    .version(appVersion)
    .option('--json', 'print one JSON document; errors as JSON on stderr', false)
    .option('--data-dir <dir>', 'folder of the vault (default: the app’s own)')
    .option('--passphrase-file <file>', 'read the passphrase from the first line of a file')
    .option('--passphrase-fd <n>', 'read it from an open file descriptor')
    .option(
      '--accept-restored',
      'open a log that lost lines (an older backup); an admin’s act, which the log records',
    )
    .addHelpText('after', epilogue)
    .configureHelp({ optionDescription: describeOption })
    .exitOverride()
    // With --json an error is one JSON document, a wrong option included; subcommands inherit this.
    .configureOutput({ writeErr: (text) => void (wantsJson() || printProblem(text)) });
  addOrganizationCommands(program);
  addNounCommands(program);
  addChannelCommands(program);
  addPolicyCommands(program);
  addFolderCommands(program);
  addHolderCommands(program);
  addTokenCommands(program);
  addExportCommand(program);
  addDoctorCommand(program);
  addVaultCommands(program);
  addGatewayCommand(program);
  addSettingsCommands(program);
  nameHelp(program, 'latchkey');
  return program;
}

/** A wrong option is answered with the help of its own command. */
function nameHelp(command: Command, path: string): void {
  command.showHelpAfterError(`(see ${path} --help)`);
  for (const child of command.commands) nameHelp(child, `${path} ${child.name()}`);
}

/** That a switch is off and a text empty goes without saying. */
function describeOption(option: Option): string {
  return new Help().optionDescription(option).replace(/ \(default: (?:false|"")\)$/, '');
}

/** Looked for in the arguments themselves: a line that cannot be parsed has no options yet. */
const wantsJson = (): boolean => process.argv.includes('--json');

async function main(): Promise<number> {
  boundYoungGeneration();
  const program = makeProgram();
  try {
    await program.parseAsync();
    return exitCodes.ok;
  } catch (error) {
    if (error instanceof CommanderError) {
      if (error.exitCode === 0) return exitCodes.ok;
      // Without --json, commander has printed its own message already.
      if (wantsJson()) {
        printUsageError(
          error.code === 'commander.help' ? 'Give a command; see latchkey --help.' : error.message,
        );
      }
      return exitCodes.usage;
    }
    printError(program.opts<{ json: boolean }>().json, error);
    return exitCodeOf(error);
  }
}

// `latchkey token list | head`: the reader is gone, which is not an error.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code === 'EPIPE') return;
  process.stderr.write(
    `latchkey: the output cannot be written (${error.code ?? error.name}). What was asked for may be done: look before you repeat it.\n`,
  );
  process.exit(exitCodes.refused);
});

// A reader of stderr that is gone takes nothing away from what was asked for.
process.stderr.on('error', () => undefined);

void main().then((code) => {
  process.exitCode = code;
});

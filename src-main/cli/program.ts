import type { Option } from 'commander';
import { Command, Help } from 'commander';
import { appVersion } from '../hosts/data-dir.ts';
import { addAgentCommands } from './agent-commands.ts';
import { addChannelCommands } from './channel-commands.ts';
import { addCompletionCommands } from './completion-command.ts';
import { addDoctorCommand } from './doctor-command.ts';
import { addExportCommand } from './export-command.ts';
import { addFolderCommands } from './folder-commands.ts';
import { addGatewayCommand } from './gateway-command.ts';
import { addHelpCommand } from './help-command.ts';
import { addHolderCommands } from './holder-commands.ts';
import { addImportCommand } from './import-command.ts';
import { addNounCommands } from './noun-commands.ts';
import { addOrganizationCommands } from './organization-commands.ts';
import { printProblem } from './output.ts';
import { addPolicyCommands } from './policy-commands.ts';
import { addSettingsCommands } from './settings-commands.ts';
import { addTokenCommands } from './token-commands.ts';
import { addVaultCommands } from './vault-commands.ts';

const epilogue = `
The passphrase is asked for, or read from --passphrase-file or --passphrase-fd; it is never an argument.
Times are in UTC.

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

/**
 * All commands, with their help. What they do is loaded when one runs: help and completions need none of it.
 * @param isJson whether errors of the command line itself are left to the caller
 */
export function makeProgram(isJson: () => boolean): Command {
  const program = new Command('latchkey')
    .description('Issue, scope and revoke tokens for conda channels and Python indexes.')
    .version(appVersion)
    .option('--json', 'print one JSON document; errors as JSON on stderr', false)
    .option('--data-dir <dir>', 'folder of the vault (default: the app’s own)')
    .option('--passphrase-file <file>', 'read the passphrase from the first line of a file; - for stdin')
    .option(
      '--passphrase-fd <n>',
      'read it from an open file descriptor (or LATCHKEY_PASSPHRASE_FD in the environment)',
    )
    .option(
      '--accept-restored',
      'open a log that lost lines (an older backup); an admin’s act, which the log records',
    )
    .addHelpText('after', epilogue)
    .helpCommand(false)
    .configureHelp({ optionDescription: describeOption })
    .exitOverride()
    // With --json an error is one JSON document, a wrong option included; subcommands inherit this.
    .configureOutput({ writeErr: (text) => void (isJson() || printProblem(text)) });
  addOrganizationCommands(program);
  addAgentCommands(program);
  addNounCommands(program);
  addChannelCommands(program);
  addPolicyCommands(program);
  addFolderCommands(program);
  addHolderCommands(program);
  addTokenCommands(program);
  addExportCommand(program);
  addImportCommand(program);
  addDoctorCommand(program);
  addVaultCommands(program);
  addGatewayCommand(program);
  addSettingsCommands(program);
  addCompletionCommands(program);
  addHelpCommand(program);
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

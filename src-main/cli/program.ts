import type { Option } from 'commander';
import { Command, Help } from 'commander';
import { appVersion } from '../hosts/data-dir.ts';
import { addAgentCommands } from './agent-commands.ts';
import { addChannelCommands } from './channel-commands.ts';
import { addCompletionCommands } from './completion-command.ts';
import { addDoctorCommand } from './doctor-command.ts';
import { addExplainCommand } from './explain-command.ts';
import { addCacheCommands } from './cache-commands.ts';
import { addFactCommands } from './fact-commands.ts';
import { addLogCommands } from './log-commands.ts';
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
import { addTableCommands } from './table-commands.ts';
import { addTokenCommands } from './token-commands.ts';
import { addVaultCommands } from './vault-commands.ts';
import { addVexCommands } from './vex-commands.ts';
import { texts } from '../../shared/texts/texts.ts';

const words = texts.cli.program;

const epilogue = words.epilogue;

/**
 * All commands, with their help. What they do is loaded when one runs: help and completions need none of it.
 * @param isJson whether errors of the command line itself are left to the caller
 */
export function makeProgram(isJson: () => boolean): Command {
  const program = new Command('latchkey')
    .description(words.description)
    .version(appVersion)
    .option('--json', words.json, false)
    .option('--data-dir <dir>', words.dataDir)
    .option('--passphrase-file <file>', words.passphraseFile)
    .option('--passphrase-fd <n>', words.passphraseFd)
    .option('--accept-restored', words.acceptRestored)
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
  addExplainCommand(program);
  addFolderCommands(program);
  addFactCommands(program);
  addLogCommands(program);
  addCacheCommands(program);
  addTableCommands(program);
  addVexCommands(program);
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
  command.showHelpAfterError(words.seeHelp(path));
  for (const child of command.commands) nameHelp(child, `${path} ${child.name()}`);
}

/** That a switch is off and a text empty goes without saying. */
function describeOption(option: Option): string {
  return new Help().optionDescription(option).replace(/ \(default: (?:false|"")\)$/, '');
}

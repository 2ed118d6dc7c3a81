/** `docs/cli.md`, made of the commands themselves. */
import type { Command } from 'commander';
import { format, resolveConfig } from 'prettier';
import { makeProgram } from '../../src-main/cli/program.ts';
import { pathOf } from '../../src-main/cli/usage.ts';

const intro = `# The command line

Made by \`npm run docs\` from the commands themselves; \`latchkey help token issue\` says the same in the terminal. How to have it:
\`npm run build\` makes \`dist/main/cli.cjs\`, \`npm run dist:cli\` one executable; the packages bring it along.

A command opens the vault by the passphrase, or works in what \`latchkey unlock\`, or an open app after a click in its settings,
holds open; see [SECURITY.md](../SECURITY.md). Whoever gives \`--passphrase-file\` or \`--passphrase-fd\` opens it anew.
The secret of a token is printed once, alone on stdout with \`--secret-only\`; all else that people are told beside the answer is on
stderr. Lists with \`--json\` are a line of JSON each, everything else is one document.

Exit codes: 0 done, 1 refused or failed, 2 wrong usage, 3 locked or wrong passphrase, 4 not found, 5 conflict (name taken, in use,
vault busy).
`;

/** The whole page. @param path of the file, for the formatter's settings */
export async function cliPage(path: string): Promise<string> {
  const program = makeProgram(() => false);
  const sections = [`## latchkey\n\n${optionsOf(program)}`, ...below(program).map(sectionOf)];
  const config = await resolveConfig(path);
  return format(`${intro}\n${sections.join('\n\n')}\n`, { ...config, filepath: path });
}

/** All commands that do something, depth first. */
function below(command: Command): readonly Command[] {
  return command
    .createHelp()
    .visibleCommands(command)
    .filter((child) => child.name() !== 'help')
    .flatMap((child) => (child.commands.length > 0 ? below(child) : [child]));
}

function sectionOf(command: Command): string {
  const args = command.registeredArguments.map((argument) => {
    const name = `${argument.name()}${argument.variadic ? '...' : ''}`;
    return argument.required ? ` <${name}>` : ` [${name}]`;
  });
  return `## ${pathOf(command)}\n\n    ${pathOf(command)}${args.join('')} [options]\n\n${sentence(command.description())}\n\n${optionsOf(command)}`;
}

function optionsOf(command: Command): string {
  const rows = command.options.map(({ flags, description, defaultValue }) => {
    const usual =
      defaultValue === undefined || defaultValue === false || defaultValue === ''
        ? ''
        : ` (default: ${String(defaultValue)})`;
    return `| \`${flags}\` | ${cell(description + usual)} |`;
  });
  return rows.length === 0 ? '' : `| option | |\n| --- | --- |\n${rows.join('\n')}`;
}

const cell = (text: string): string => text.replace(/[|<>*_]/g, (char) => `\\${char}`);
const sentence = (text: string): string => `${cell(text.charAt(0).toUpperCase() + text.slice(1))}.`;

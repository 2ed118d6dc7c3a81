import type { Command } from 'commander';

/** The command that a line of arguments means, as far as it can be read: whatever else is wrong with it. */
export function commandMeant(program: Command, args: readonly string[]): Command {
  let found = program;
  for (let at = 0; at < args.length; at += 1) {
    const arg = args[at] ?? '';
    if (arg === '--') break;
    if (arg.startsWith('-')) {
      if (takesValue(found, arg)) at += 1;
      continue;
    }
    const next = found.commands.find((child) => child.name() === arg || child.aliases().includes(arg));
    if (next === undefined) break;
    found = next;
  }
  return found;
}

/** `latchkey token issue`. */
export function pathOf(command: Command): string {
  return command.parent === null ? command.name() : `${pathOf(command.parent)} ${command.name()}`;
}

/** Whether the next argument belongs to this option, which may be one of a command above. */
function takesValue(command: Command, arg: string): boolean {
  for (let at: Command | null = command; at !== null; at = at.parent) {
    const option = at.options.find(({ long, short }) => long === arg || short === arg);
    if (option !== undefined) return option.required || option.optional;
  }
  return false;
}

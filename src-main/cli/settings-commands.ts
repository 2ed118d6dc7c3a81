import type { Command } from 'commander';
import type { Settings } from '../../shared/contract/settings-views.ts';
import { LatchkeyError } from '../../shared/errors.ts';
import { print, printNotice, formatTable } from './output.ts';
import { globalOptionsOf, withApp, withUnlocked } from './session.ts';
import { texts } from '../../shared/texts/texts.ts';

const says = texts.cli.settings;

const words = texts.commands.settingsCommands;

type Leaf = string | number | boolean | readonly string[];

/** `settings` and `settings set`: what the app's settings screen shows, by dotted names such as `gateway.port`. */
export function addSettingsCommands(program: Command): void {
  const settings = program.command('settings').description(words.settingsOfTheApp);
  settings
    .command('list')
    .description(words.listTheSettings)
    .action((_own: object, command: Command) =>
      withApp(globalOptionsOf(command), async ({ app, client, options }) => {
        const current = await client.settings.get();
        for (const problem of app.settings.problems()) printNotice(`latchkey: ${problem}`);
        const rows = leavesOf(current).map(([name, value]) => [name, String(value)]);
        print(options.json, current, formatTable(['NAME', 'VALUE'], rows));
      }),
    );
  settings
    .command('set <name> <value>')
    .description(words.changeOneEG)
    .action((name: string, value: string, _own: object, command: Command) =>
      withUnlocked(globalOptionsOf(command), async ({ client, options }) => {
        const after = await client.settings.set(changeSetting(await client.settings.get(), name, value));
        print(options.json, after, says.now(name, value));
      }),
    );
}

function leavesOf(value: object, prefix = ''): [string, Leaf][] {
  return Object.entries(value).flatMap(([key, entry]: [string, unknown]): [string, Leaf][] =>
    typeof entry === 'object' && entry !== null && !Array.isArray(entry)
      ? leavesOf(entry, `${prefix}${key}.`)
      : [[`${prefix}${key}`, entry as Leaf]],
  );
}

/** A copy with one setting changed, of the type that it had. @throws LatchkeyError NOT_FOUND, INVALID_INPUT */
function changeSetting(before: Settings, name: string, text: string): Settings {
  const known = new Map(leavesOf(before));
  const old = known.get(name);
  if (old === undefined) {
    throw new LatchkeyError('NOT_FOUND', says.unknown(name, [...known.keys()].join(', ')));
  }
  const value = parseSetting(old, name, text);
  const put = (node: object, [key = '', ...rest]: readonly string[]): object => ({
    ...node,
    [key]: rest.length === 0 ? value : put((node as Record<string, object>)[key] ?? {}, rest),
  });
  return put(before, name.split('.')) as Settings;
}

function parseSetting(old: Leaf, name: string, text: string): Leaf {
  if (Array.isArray(old)) return text.split(/[,\s]+/).filter((part) => part !== '');
  if (typeof old === 'string') return text;
  if (typeof old === 'boolean') {
    if (text === 'true' || text === 'false') return text === 'true';
    throw new LatchkeyError('INVALID_INPUT', says.boolean(name));
  }
  if (!/^\d{1,9}$/.test(text)) throw new LatchkeyError('INVALID_INPUT', says.wholeNumber(name));
  return Number(text);
}

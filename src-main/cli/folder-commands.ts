import { resolve } from 'node:path';
import type { Command } from 'commander';
import { formatTable, print } from './output.ts';
import { globalOptionsOf, withUnlocked } from './session.ts';
import { texts } from '../../shared/texts/texts.ts';

const says = texts.cli.folders;

const words = texts.commands.folderCommands;

/** `folder …`. */
export function addFolderCommands(program: Command): void {
  const folder = program.command('folder').description(words.whichFoldersOfThis);
  folder
    .command('list')
    .description(words.listTheLabelsWith)
    .action((_own: object, command: Command) =>
      withUnlocked(globalOptionsOf(command), async ({ client, options }) => {
        const folders = await client.folders.list();
        const rows = folders.map(({ label, path, channels, feeds }) => [
          label,
          path ?? says.unknownHere,
          channels.join(','),
          feeds.join(','),
        ]);
        print(options.json, folders, formatTable(['LABEL', 'FOLDER', 'CHANNELS', 'FEEDS'], rows));
      }),
    );
  folder
    .command('map <label> <path>')
    .description(words.sayWhichFolderOf)
    .action((label: string, path: string, _own: object, command: Command) =>
      withUnlocked(globalOptionsOf(command), async ({ client, options }) => {
        const mapped = await client.folders.map({ label, path: resolve(path) });
        const unused = mapped.channels.length + mapped.feeds.length === 0 ? says.unused : '';
        print(options.json, mapped, says.mapped(label, mapped.path ?? '', unused));
      }),
    );
  folder
    .command('unmap <label>')
    .description(words.forgetWhichFolderIt)
    .action((label: string, _own: object, command: Command) =>
      withUnlocked(globalOptionsOf(command), async ({ client, options }) => {
        await client.folders.unmap({ label });
        print(options.json, { unmapped: label }, says.forgotten(label));
      }),
    );
}

import { resolve } from 'node:path';
import type { Command } from 'commander';
import { formatTable, print } from './output.ts';
import { globalOptionsOf, withUnlocked } from './session.ts';

/** `folder …`. */
export function addFolderCommands(program: Command): void {
  const folder = program
    .command('folder')
    .description('which folders of this computer the labels of channels mean');
  folder
    .command('list')
    .description('list the labels with their folders')
    .action((_own: object, command: Command) =>
      withUnlocked(globalOptionsOf(command), async ({ client, options }) => {
        const folders = await client.folders.list();
        const rows = folders.map(({ label, path, channels }) => [
          label,
          path ?? '(not known here)',
          channels.join(','),
        ]);
        print(options.json, folders, formatTable(['LABEL', 'FOLDER', 'CHANNELS'], rows));
      }),
    );
  folder
    .command('map <label> <path>')
    .description('say which folder of this computer a label means')
    .action((label: string, path: string, _own: object, command: Command) =>
      withUnlocked(globalOptionsOf(command), async ({ client, options }) => {
        const mapped = await client.folders.map({ label, path: resolve(path) });
        const unused = mapped.channels.length === 0 ? ' No channel uses this label yet.' : '';
        print(options.json, mapped, `${label} is ${mapped.path ?? ''} on this computer.${unused}`);
      }),
    );
  folder
    .command('unmap <label>')
    .description('forget which folder it means here; this computer no longer serves its channels')
    .action((label: string, _own: object, command: Command) =>
      withUnlocked(globalOptionsOf(command), async ({ client, options }) => {
        await client.folders.unmap({ label });
        print(options.json, { unmapped: label }, `${label} no longer means a folder on this computer.`);
      }),
    );
}

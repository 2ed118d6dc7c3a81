import type { Command } from 'commander';
import { print, printNotice } from './output.ts';
import { dataDirOf, globalOptionsOf, newPassphraseOf, withApp, withOwnUnlocked } from './session.ts';
import { texts } from '../../shared/texts/texts.ts';

const says = texts.cli.organization;

const words = texts.commands.organizationCommands;

/** `init`, `unlock-check`, `demo`. */
export function addOrganizationCommands(program: Command): void {
  program
    .command('init')
    .description(words.makeANewOrganization)
    .requiredOption('--organization <name>', words.itsName)
    .requiredOption('--operator <name>', words.yourName)
    .action(async (own: { organization: string; operator: string }, command: Command) => {
      const options = globalOptionsOf(command);
      const passphrase = await newPassphraseOf(options);
      await withApp(options, async ({ app, client }) => {
        app.on('notice', ({ message }) => printNotice(`latchkey: ${message}`));
        const made = await client.session.create({
          organizationName: own.organization,
          operatorName: own.operator,
          passphrase,
        });
        print(
          options.json,
          { organization: made.organizationName, operator: made.operator, dataDir: dataDirOf(options) },
          says.ready(own.organization, dataDirOf(options)),
        );
      });
    });

  program
    .command('unlock-check')
    .description(words.checkThatThePassphrase)
    .action((_own: object, command: Command) => {
      const options = globalOptionsOf(command);
      return withOwnUnlocked(options, async ({ client }) => {
        const { organizationName, operator } = await client.session.status();
        const { seq: lines } = await client.vault.info();
        print(
          options.json,
          { organization: organizationName, operator, lines },
          says.opens(organizationName ?? '', operator?.name ?? '', lines),
        );
      });
    });

  program
    .command('demo')
    .description(words.makeOrOpenThe)
    .action(async (_own: object, command: Command) => {
      const options = globalOptionsOf(command);
      const { demoDataDir, openDemo } = await import('../services/demo.ts');
      const dir = demoDataDir(dataDirOf(options));
      await withApp({ ...options, dataDir: dir }, async ({ app, client }) => {
        const { passphrase, isNew } = await openDemo(app, dir);
        const channels = (await client.channels.list()).map((channel) => channel.name);
        print(
          options.json,
          { dataDir: dir, passphrase, isNew, channels },
          says.demo(dir, passphrase, channels.join(', '), dir),
        );
      });
    });
}

import type { Command } from 'commander';
import type { Removal } from '../../shared/contract/directory-views.ts';
import { requireSomeOption } from './options.ts';
import { print, formatTable } from './output.ts';
import { globalOptionsOf, pick, parseWholeNumber, withUnlocked } from './session.ts';
import { texts } from '../../shared/texts/texts.ts';

const says = texts.cli.nouns;

const words = texts.commands.nounCommands;

/** `team …` and `env …`. */
export function addNounCommands(program: Command): void {
  addTeamCommands(program.command('team').description(words.teamsWhoGetsTokens));
  addEnvironmentCommands(program.command('env').description(words.environmentsOrderedByRank));
}

function takenOutText({ takenOutOf }: Removal): string {
  const names = takenOutOf.map(({ kind, name }) => `${kind} ${name}`).join(', ');
  return names === '' ? '' : says.takenOutOf(names);
}

function addTeamCommands(team: Command): void {
  team
    .command('list')
    .description(words.listTheTeams)
    .action((_own: object, command: Command) =>
      withUnlocked(globalOptionsOf(command), async ({ client, options }) => {
        const teams = await client.teams.list();
        const rows = teams.map((entry) => [entry.name, String(entry.activeTokens), entry.description]);
        print(options.json, teams, formatTable(['NAME', 'TOKENS', 'DESCRIPTION'], rows));
      }),
    );
  team
    .command('add <name>')
    .description(words.addATeam)
    .option('--description <text>', words.whatItDoes, '')
    .action((name: string, own: { description: string }, command: Command) =>
      withUnlocked(globalOptionsOf(command), async ({ client, options }) => {
        const made = await client.teams.create({ name, description: own.description });
        print(options.json, made, says.teamAdded(made.name));
      }),
    );
  team
    .command('edit <name>')
    .description(words.renameATeamOr)
    .option('--name <new>', words.newName)
    .option('--description <text>', words.newDescription)
    .action((name: string, own: { name?: string; description?: string }, command: Command) =>
      withUnlocked(globalOptionsOf(command), async ({ client, options }) => {
        requireSomeOption(own);
        const before = pick(await client.teams.list(), name, 'team');
        const after = await client.teams.update({
          id: before.id,
          name: own.name ?? before.name,
          description: own.description ?? before.description,
        });
        print(options.json, after, says.teamChanged(after.name));
      }),
    );
  team
    .command('remove <name>')
    .description(words.removeATeamWithout)
    .action((name: string, _own: object, command: Command) =>
      withUnlocked(globalOptionsOf(command), async ({ client, options }) => {
        const { id } = pick(await client.teams.list(), name, 'team');
        const removal = await client.teams.remove({ id });
        print(options.json, { removed: id, ...removal }, says.teamRemoved(name, takenOutText(removal)));
      }),
    );
}

function addEnvironmentCommands(env: Command): void {
  env
    .command('list')
    .description(words.listTheEnvironments)
    .action((_own: object, command: Command) =>
      withUnlocked(globalOptionsOf(command), async ({ client, options }) => {
        const environments = await client.environments.list();
        const rows = environments.map((entry) => [
          entry.name,
          String(entry.rank),
          entry.isProtected ? 'yes' : 'no',
          String(entry.channels),
          String(entry.activeTokens),
        ]);
        print(
          options.json,
          environments,
          formatTable(['NAME', 'RANK', 'PROTECTED', 'CHANNELS', 'TOKENS'], rows),
        );
      }),
    );
  env
    .command('add <name>')
    .description(words.addAnEnvironment)
    .requiredOption('--rank <n>', words.itsPlaceDev10)
    .option('--protected', words.needsApproval, false)
    .action((name: string, own: { rank: string; protected: boolean }, command: Command) =>
      withUnlocked(globalOptionsOf(command), async ({ client, options }) => {
        const rank = parseWholeNumber(own.rank, '--rank');
        const made = await client.environments.create({ name, rank, isProtected: own.protected });
        print(options.json, made, says.environmentAdded(made.name));
      }),
    );
  env
    .command('edit <name>')
    .description(words.renameMoveOrProtect)
    .option('--name <new>', words.newName)
    .option('--rank <n>', words.newRank)
    .option('--protected', words.protectIt)
    .option('--no-protected', words.noLongerProtectIt)
    .action((name: string, own: { name?: string; rank?: string; protected?: boolean }, command: Command) =>
      withUnlocked(globalOptionsOf(command), async ({ client, options }) => {
        if (own.protected === undefined) requireSomeOption(own);
        const before = pick(await client.environments.list(), name, 'environment');
        const after = await client.environments.update({
          id: before.id,
          name: own.name ?? before.name,
          rank: own.rank === undefined ? before.rank : parseWholeNumber(own.rank, '--rank'),
          isProtected: own.protected ?? before.isProtected,
        });
        print(options.json, after, says.environmentChanged(after.name));
      }),
    );
  env
    .command('remove <name>')
    .description(words.removeAnEnvironmentWithout)
    .action((name: string, _own: object, command: Command) =>
      withUnlocked(globalOptionsOf(command), async ({ client, options }) => {
        const { id } = pick(await client.environments.list(), name, 'environment');
        const removal = await client.environments.remove({ id });
        const text = says.environmentRemoved(name, takenOutText(removal));
        print(options.json, { removed: id, ...removal }, text);
      }),
    );
}

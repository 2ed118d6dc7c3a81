/** `policy hidden`, `policy releases`: what policies keep from people now, and what ends by itself. */
import type { Command } from 'commander';
import { texts } from '../../shared/texts/texts.ts';
import { print } from './output.ts';
import { globalOptionsOf, pick, withUnlocked } from './session.ts';

const words = texts.policyCommands;

export function addPolicyEffectCommands(policy: Command): void {
  policy
    .command('hidden <channel>')
    .description(words.hidden)
    .requiredOption('--team <name>', words.hiddenTeam)
    .requiredOption('--env <name>', words.hiddenEnvironment)
    .option('--package <name>', words.hiddenPackage)
    .action((channel: string, own: { team: string; env: string; package?: string }, command: Command) =>
      withUnlocked(globalOptionsOf(command), async ({ client, options }) => {
        const answer = await client.packages.hidden({
          channelId: pick(await client.channels.list({}), channel, 'channel').id,
          teamId: pick(await client.teams.list(), own.team, 'team').id,
          environmentId: pick(await client.environments.list(), own.env, 'environment').id,
          ...(own.package === undefined ? {} : { name: own.package }),
        });
        print(options.json, answer, words.hiddenVersions(answer, own.package === undefined));
      }),
    );
  policy
    .command('releases')
    .description(words.releases)
    .action((_own: object, command: Command) =>
      withUnlocked(globalOptionsOf(command), async ({ client, options }) => {
        const answer = await client.packages.releases({});
        print(options.json, answer, words.released(answer));
      }),
    );
}

import type { Command } from 'commander';
import { print, formatTable } from './output.ts';
import { globalOptionsOf, collectList, pick, parseWholeNumber, withUnlocked } from './session.ts';

/** `policy …`. */
export function addPolicyCommands(program: Command): void {
  const policy = program.command('policy').description('policies: rules for teams × environments');
  policy
    .command('list')
    .description('list the policies, each as a sentence')
    .action((_own: object, command: Command) =>
      withUnlocked(globalOptionsOf(command), async ({ client, options }) => {
        const policies = await client.policies.list();
        const rows = policies.map((entry) => [entry.name, entry.mode, entry.readsAs]);
        print(options.json, policies, formatTable(['NAME', 'MODE', 'READS AS'], rows));
      }),
    );
  policy
    .command('set <name>')
    .description('make a policy about tokens, or replace the one of this name')
    .option('--max-days <n>', 'longest lifetime of a token')
    .option('--networks-required', 'tokens must name source networks', false)
    .option('--team <names>', 'only for these teams', collectList)
    .option('--env <names>', 'only in these environments', collectList)
    .option('--observe', 'report, do not refuse', false)
    .action((name: string, own: SetOptions, command: Command) =>
      withUnlocked(globalOptionsOf(command), async ({ client, options }) => {
        const [teams, environments, policies] = await Promise.all([
          client.teams.list(),
          client.environments.list(),
          client.policies.list(),
        ]);
        const before = policies.find((entry) => entry.name === name);
        const saved = await client.policies.save({
          ...(before === undefined ? {} : { id: before.id }),
          name,
          mode: own.observe ? 'observe' : 'enforce',
          teamIds: (own.team ?? []).map((entry) => pick(teams, entry, 'team').id),
          environmentIds: (own.env ?? []).map((entry) => pick(environments, entry, 'environment').id),
          rules: [
            {
              type: 'tokens',
              networksRequired: own.networksRequired,
              ...(own.maxDays === undefined
                ? {}
                : { maxTtlDays: parseWholeNumber(own.maxDays, '--max-days') }),
            },
          ],
        });
        print(options.json, saved, `${saved.name}: ${saved.readsAs}`);
      }),
    );
  policy
    .command('remove <name>')
    .description('remove a policy')
    .action((name: string, _own: object, command: Command) =>
      withUnlocked(globalOptionsOf(command), async ({ client, options }) => {
        const { id } = pick(await client.policies.list(), name, 'policy');
        await client.policies.remove({ id });
        print(options.json, { removed: id }, `Policy ${name} removed.`);
      }),
    );
}

type SetOptions = {
  maxDays?: string;
  networksRequired: boolean;
  team?: readonly string[];
  env?: readonly string[];
  observe: boolean;
};

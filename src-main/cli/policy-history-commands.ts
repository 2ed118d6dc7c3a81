/** `policy history`, `policy rollback`. */
import type { Command } from 'commander';
import type { PolicyId } from '../../shared/model/ids.ts';
import { LatchkeyError } from '../../shared/errors.ts';
import { texts } from '../../shared/texts/texts.ts';
import { print } from './output.ts';
import type { CliClient } from './session.ts';
import { globalOptionsOf, parseWholeNumber, pick, withUnlocked } from './session.ts';

const words = texts.policyCommands;

export function addPolicyHistoryCommands(policy: Command): void {
  policy
    .command('history <name>')
    .description(words.history)
    .action((name: string, _own: object, command: Command) =>
      withUnlocked(globalOptionsOf(command), async ({ client, options }) => {
        const versions = await client.policies.history({ id: await idOf(client, name) });
        print(options.json, versions, words.versions(versions));
      }),
    );
  policy
    .command('rollback <name>')
    .description(words.rollback)
    .option('--to <version>', words.toVersion)
    .action((name: string, own: { to?: string }, command: Command) =>
      withUnlocked(globalOptionsOf(command), async ({ client, options }) => {
        const id = await idOf(client, name);
        const version =
          own.to === undefined ? await versionBefore(client, id, name) : parseWholeNumber(own.to, '--to');
        const saved = await client.policies.rollback({ id, version });
        print(
          options.json,
          saved,
          `${words.rolledBack(saved.name, version, saved.version)}\n${saved.readsAs}`,
        );
      }),
    );
}

/** The last one that had a policy, before what stands now. @throws LatchkeyError NOT_FOUND */
async function versionBefore(client: CliClient, id: PolicyId, name: string): Promise<number> {
  const [, ...earlier] = await client.policies.history({ id });
  const before = earlier.find(({ policy }) => policy !== undefined);
  if (before === undefined) throw new LatchkeyError('NOT_FOUND', words.noEarlier(name), { details: {} });
  return before.version;
}

/** By name or id; a removed policy has only its id. @throws LatchkeyError NOT_FOUND */
async function idOf(client: CliClient, nameOrId: string): Promise<PolicyId> {
  const policies = await client.policies.list();
  try {
    return pick(policies, nameOrId, 'policy').id;
  } catch (error) {
    const id = nameOrId as PolicyId;
    try {
      await client.policies.history({ id });
      return id;
    } catch {
      // No id either: what was wrong with the name says more.
      throw error;
    }
  }
}

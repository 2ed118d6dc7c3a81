import type { Command } from 'commander';
import type { PolicyView } from '../../shared/contract/policy-views.ts';
import { LatchkeyError } from '../../shared/errors.ts';
import { parseChoice } from './options.ts';
import { print, formatTable } from './output.ts';
import { addPolicyEffectCommands } from './policy-effect-commands.ts';
import { addPolicyFileCommands } from './policy-file-commands.ts';
import { addPolicyHistoryCommands } from './policy-history-commands.ts';
import { addPolicyTextCommands } from './policy-text-commands.ts';
import type { CliClient } from './session.ts';
import { globalOptionsOf, collectList, pick, parseWholeNumber, withUnlocked } from './session.ts';
import { withTokenLimits } from './token-rule.ts';
import { texts } from '../../shared/texts/texts.ts';

const says = texts.cli.policies;

const words = texts.commands.policyCommands;
const more = texts.policyCommands;

/** `policy …`. */
export function addPolicyCommands(program: Command): void {
  const policy = program.command('policy').description(words.policiesRulesForTeams);
  policy
    .command('list')
    .description(words.listThePoliciesEach)
    .action((_own: object, command: Command) =>
      withUnlocked(globalOptionsOf(command), async ({ client, options }) => {
        const policies = await client.policies.list();
        const rows = policies.map((entry) => [entry.name, entry.mode, entry.readsAs]);
        print(options.json, policies, formatTable(['NAME', 'MODE', says.readsAs], rows));
      }),
    );
  policy
    .command('show <name>')
    .description(more.show)
    .action((name: string, _own: object, command: Command) =>
      withUnlocked(globalOptionsOf(command), async ({ client, options }) => {
        const view = pick(await client.policies.list(), name, 'policy');
        const { createdAtMs: _createdAtMs, readsAs, layer: _layer, version: _version, ...draft } = view;
        const { problems } = await client.policies.preview(draft);
        const lines = [more.head(view), readsAs, ...problems.map(more.problem)];
        print(options.json, { ...view, problems }, lines.join('\n'));
      }),
    );
  addPolicyEffectCommands(policy);
  addPolicyFileCommands(policy);
  addPolicyTextCommands(policy);
  addPolicyHistoryCommands(policy);
  policy
    .command('set <name>')
    .description(words.makeAPolicyAbout)
    .option('--max-days <n>', words.longestLifetimeOfA)
    .option('--no-max-days', words.noLongestLifetime)
    .option('--networks-required', words.tokensMustNameSource)
    .option('--no-networks-required', words.theyNeedNot)
    .option('--team <names>', words.forTheseTeamsOnly, collectList)
    .option('--all-teams', words.forAllTeamsThose)
    .option('--env <names>', words.inTheseEnvironmentsOnly, collectList)
    .option('--all-envs', words.inAllEnvironmentsThose)
    .option('--observe', words.reportDoNotRefuse)
    .option('--enforce', words.refuse)
    .option('--style <style>', more.style)
    .action((name: string, own: SetOptions, command: Command) =>
      withUnlocked(globalOptionsOf(command), async ({ client, options }) => {
        const before = (await client.policies.list()).find((entry) => entry.name === name);
        const saved = await client.policies.save(await policyOf(client, name, own, before));
        print(options.json, saved, `${saved.name}: ${saved.readsAs}`);
      }),
    );
  policy
    .command('remove <name>')
    .description(words.removeAPolicy)
    .action((name: string, _own: object, command: Command) =>
      withUnlocked(globalOptionsOf(command), async ({ client, options }) => {
        const { id } = pick(await client.policies.list(), name, 'policy');
        await client.policies.remove({ id });
        print(options.json, { removed: id }, says.removed(name));
      }),
    );
}

type SetOptions = {
  maxDays?: string | false;
  networksRequired?: boolean;
  team?: readonly string[];
  allTeams?: true;
  env?: readonly string[];
  allEnvs?: true;
  observe?: true;
  enforce?: true;
  style?: string;
};

async function policyOf(
  client: CliClient,
  name: string,
  own: SetOptions,
  before: PolicyView | undefined,
): Promise<Parameters<CliClient['policies']['save']>[0]> {
  requireOneOf([own.team, own.allTeams], says.teams);
  requireOneOf([own.env, own.allEnvs], says.environments);
  requireOneOf([own.observe, own.enforce], says.modes);
  const teams = own.team === undefined ? [] : await client.teams.list();
  const environments = own.env === undefined ? [] : await client.environments.list();
  const maxTtlDays =
    typeof own.maxDays === 'string' ? parseWholeNumber(own.maxDays, '--max-days') : own.maxDays;
  const { networksRequired } = own;
  return {
    ...(before === undefined ? {} : { id: before.id }),
    name,
    mode: own.observe ? 'observe' : own.enforce ? 'enforce' : (before?.mode ?? 'enforce'),
    style:
      own.style === undefined
        ? (before?.style ?? 'hide')
        : parseChoice(['hide', 'refuse'], own.style, '--style'),
    teams: own.team?.map((entry) => pick(teams, entry, 'team').id) ?? kept(own.allTeams, before?.teams),
    environments:
      own.env?.map((entry) => pick(environments, entry, 'environment').id) ??
      kept(own.allEnvs, before?.environments),
    rules: [...withTokenLimits(before?.rules, { maxTtlDays, networksRequired })],
  };
}

/** All where that is asked for, else what it was; a new policy is for all. */
const kept = <T>(all: true | undefined, before: 'all' | readonly T[] | undefined): 'all' | readonly T[] =>
  all === true ? 'all' : (before ?? 'all');

/** @throws LatchkeyError INVALID_INPUT */
function requireOneOf(given: readonly unknown[], names: string): void {
  if (given.filter((value) => value !== undefined).length < 2) return;
  throw new LatchkeyError('INVALID_INPUT', says.either(names));
}

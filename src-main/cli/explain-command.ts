/** `explain`: why a package is allowed or denied. */
import type { Command } from 'commander';
import type { PackageExplanation, VerdictView } from '../../shared/contract/package-views.ts';
import { LatchkeyError } from '../../shared/errors.ts';
import { texts } from '../../shared/texts/texts.ts';
import { print } from './output.ts';
import type { CliClient } from './session.ts';
import { globalOptionsOf, pick, withUnlocked } from './session.ts';

const words = texts.policyCommands;

type Question = Parameters<CliClient['packages']['explain']>[0];

export function addExplainCommand(program: Command): void {
  program
    .command('explain <package>')
    .description(words.explain)
    .option('--team <name>', words.explainTeam)
    .option('--env <name>', words.explainEnvironment)
    .action((what: string, own: { team?: string; env?: string }, command: Command) =>
      withUnlocked(globalOptionsOf(command), async ({ client, options }) => {
        const asked = questionOf(what);
        const [teams, environments] = [await client.teams.list(), await client.environments.list()];
        const answer = await client.packages.explain({
          ...asked,
          ...(own.team === undefined ? {} : { teamId: pick(teams, own.team, 'team').id }),
          ...(own.env === undefined ? {} : { environmentId: pick(environments, own.env, 'environment').id }),
        });
        const names = new Map([...teams, ...environments].map(({ id, name }) => [id as string, name]));
        print(
          options.json,
          answer,
          describe(answer, (id) => names.get(id) ?? id),
        );
      }),
    );
}

/** `pypi:requests==2.31.0`. @throws LatchkeyError INVALID_INPUT */
function questionOf(text: string): Pick<Question, 'ecosystem' | 'name' | 'version'> {
  const [, ecosystem, name, version] =
    /^(conda|pypi):([^\s=<>!~]{1,214})(?:==([^\s=]{1,128}))?$/.exec(text) ?? [];
  if ((ecosystem !== 'conda' && ecosystem !== 'pypi') || name === undefined)
    throw new LatchkeyError('INVALID_INPUT', words.badPackage(text.slice(0, 100)));
  return { ecosystem, name, ...(version === undefined ? {} : { version }) };
}

/** Files with the same answer stand together. */
function describe(answer: PackageExplanation, nameOf: (id: string) => string): string {
  const lines = [words.package(answer)];
  for (const { channelName, files } of answer.channels) {
    const groups = new Map<string, string[]>();
    for (const { filename, verdicts } of files) {
      const text = verdicts.map((one) => verdictText(one, answer, nameOf)).join('\n');
      groups.set(text, [...(groups.get(text) ?? []), filename]);
    }
    for (const [text, filenames] of groups) lines.push(`  ${words.files(channelName, filenames)}`, text);
  }
  if (answer.channels.length === 0) lines.push(`  ${words.nowhere}`);
  return lines.join('\n');
}

type Judged = { readonly teamId: string; readonly environmentId: string; readonly verdict: VerdictView };

function verdictText(
  { teamId, environmentId, verdict }: Judged,
  answer: PackageExplanation,
  nameOf: (id: string) => string,
): string {
  const nearest = answer.nearestAllowed.find(
    (one) => one.teamId === teamId && one.environmentId === environmentId,
  );
  return [
    `    ${words.where({ team: nameOf(teamId), environment: nameOf(environmentId) }, verdict)}`,
    ...verdict.reasons.map(({ policyName, says, mode }) => `      ${words.reason(policyName, says, mode)}`),
    ...(verdict.changesAtMs === undefined ? [] : [`      ${words.changesAt(verdict.changesAtMs)}`]),
    ...(verdict.effect === 'allow' || nearest === undefined
      ? []
      : [`      ${words.nearest(nearest.version)}`]),
  ].join('\n');
}

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
    .command('explain [package]')
    .description(words.explain)
    .option('--decision <id>', words.explainDecision)
    .option('--team <name>', words.explainTeam)
    .option('--env <name>', words.explainEnvironment)
    .action((what: string | undefined, own: Own, command: Command) =>
      withUnlocked(globalOptionsOf(command), async ({ client, options }) => {
        if ((what === undefined) === (own.decision === undefined))
          throw new LatchkeyError('INVALID_INPUT', words.packageOrDecision);
        if (own.decision !== undefined) return showDecision(client, own.decision, options.json);
        const asked = questionOf(what ?? '');
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

type Own = { readonly team?: string; readonly env?: string; readonly decision?: string };

/** What stands behind the id in a reason phrase. @throws LatchkeyError NOT_FOUND */
async function showDecision(client: CliClient, id: string, isJson: boolean): Promise<void> {
  const { decision } = await client.packages.decision({ id });
  if (decision === undefined) throw new LatchkeyError('NOT_FOUND', words.noDecision(id.slice(0, 40)));
  const [teams, environments] = [await client.teams.list(), await client.environments.list()];
  const team = teams.find((entry) => entry.id === decision.teamId)?.name ?? decision.teamId;
  const environment =
    environments.find((entry) => entry.id === decision.environmentId)?.name ?? decision.environmentId;
  const lines = [
    words.decision(decision, { team, environment }),
    ...decision.reasons.map(({ says, mode }) => `  ${words.reason(says, mode)}`),
    ...(decision.nearestAllowed === undefined ? [] : [`  ${words.nearest(decision.nearestAllowed)}`]),
  ];
  print(isJson, decision, lines.join('\n'));
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
  const others = answer.denied.filter(({ version }) => version !== answer.version);
  if (others.length > 0) {
    lines.push(`  ${words.deniedVersions}`);
    for (const one of others)
      lines.push(
        `    ${words.deniedVersion(one, { team: nameOf(one.teamId), environment: nameOf(one.environmentId) })}`,
      );
  }
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
    ...verdict.reasons.map(({ says, mode }) => `      ${words.reason(says, mode)}`),
    ...(verdict.changesAtMs === undefined
      ? []
      : [`      ${words.changesAt(verdict.effect, verdict.changesAtMs)}`]),
    ...(verdict.effect === 'allow' || nearest === undefined
      ? []
      : [`      ${words.nearest(nearest.version)}`]),
  ].join('\n');
}

/** Asks on a terminal for what `token issue` was not told. On stderr: stdout is for the secret alone. */
import { checkbox, input, select } from '@inquirer/prompts';
import { LatchkeyError } from '../../shared/errors.ts';
import type { HolderKind } from '../../shared/model/domain.ts';
import type { IssueAnswers, IssueOptions } from './issue-options.ts';
import { holderKindOf } from './options.ts';
import type { CliClient } from './session.ts';
import { pick } from './session.ts';
import { texts } from '../../shared/texts/texts.ts';

const words = texts.cli.ask;

/** @throws LatchkeyError NOT_FOUND when there is nothing to choose from, CANCELLED */
export async function askForToken(client: CliClient, own: IssueOptions): Promise<IssueAnswers> {
  try {
    return await ask(client, own);
  } catch (cause) {
    // Ctrl+C and Ctrl+D.
    if (cause instanceof Error && cause.name === 'ExitPromptError')
      throw new LatchkeyError('CANCELLED', words.cancelled, { cause });
    throw cause;
  }
}

async function ask(client: CliClient, own: IssueOptions): Promise<IssueAnswers> {
  const output = { output: process.stderr };
  const teams = await client.teams.list();
  if (own.team === undefined && teams.length === 0) throw new LatchkeyError('NOT_FOUND', words.noTeam);
  const environments = await client.environments.list();
  const allChannels = await client.channels.list();

  const holder =
    own.holder ??
    (await input({ message: words.holder, validate: (text) => text.trim() !== '' || words.empty }, output));
  const kind: HolderKind =
    own.holder !== undefined || own.service || own.agent
      ? holderKindOf(own)
      : await select<HolderKind>(
          {
            message: words.kind,
            choices: (['person', 'service', 'agent'] as const).map((value) => ({
              value,
              name: words.kinds[value],
            })),
          },
          output,
        );
  const team =
    own.team ?? (await select({ message: words.team, choices: teams.map(({ name }) => name) }, output));
  const env =
    own.env ??
    (await select({ message: words.environment, choices: environments.map(({ name }) => name) }, output));
  if (own.channels !== undefined) return { kind, holder, team, env, channels: own.channels };

  const environment = pick(environments, env, 'environment');
  const usable = allChannels.filter(({ environmentIds }) => environmentIds.includes(environment.id));
  if (usable.length === 0) throw new LatchkeyError('NOT_FOUND', words.noChannel(env));
  const channels = await checkbox(
    {
      message: words.channels,
      choices: usable.map(({ name }) => ({ value: name })),
      validate: (chosen) => chosen.length > 0 || words.chooseOne,
    },
    output,
  );
  return { kind, holder: holder.trim(), team, env, channels };
}

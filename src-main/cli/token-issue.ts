/** `token issue` and `token rotate`: the acts after which there is a secret to hand over. */
import { LatchkeyError } from '../../shared/errors.ts';
import { usual } from '../../shared/model/domain.ts';
import type { ExportOptions } from './export-command.ts';
import { handOver, planExports } from './export-command.ts';
import type { IssueAnswers, IssueOptions } from './issue-options.ts';
import { holderKindOf, idOf, parseOverlap } from './options.ts';
import { printNotice } from './output.ts';
import type { CliClient, CliSession } from './session.ts';
import { parseWholeNumber, pick } from './session.ts';
import { texts } from '../../shared/texts/texts.ts';

const words = texts.cli.tokens;

/** Issues a token; asks on a terminal for what is not given. @throws LatchkeyError */
export async function issueToken(session: CliSession, own: IssueOptions): Promise<void> {
  const { client } = session;
  const asked = answersOf(own) ?? (await askFor(client, own));
  const channels = await client.channels.list();
  const chosen = asked.channels.map((name) => pick(channels, name, 'channel'));
  const teamId = pick(await client.teams.list(), asked.team, 'team').id;
  const environmentId = pick(await client.environments.list(), asked.env, 'environment').id;
  const ttlDays = await daysFor(client, own.days, { teamId, environmentId });
  const kinds = chosen.map((channel) => channel.kind);
  const plan = planExports(own, kinds);
  const issued = await client.tokens.issue({
    holder: { kind: asked.kind, name: asked.holder },
    teamId,
    environmentId,
    channelIds: chosen.map((channel) => channel.id),
    ttlDays,
    networks: own.network === undefined ? 'anywhere' : [...own.network],
    note: own.note ?? '',
  });
  await handOver(session, issued, own, plan);
}

export type RotateOptions = { readonly overlap: string; readonly days?: string } & ExportOptions;

/** Issues a successor. @throws LatchkeyError */
export async function rotateToken(session: CliSession, id: string, own: RotateOptions): Promise<void> {
  const { client } = session;
  const overlapHours = parseOverlap(own.overlap);
  const { channelIds, teamId, environmentId } = await client.tokens.get({ id: idOf(id) });
  const channels = await client.channels.list();
  const kinds = channels.filter((channel) => channelIds.includes(channel.id)).map((channel) => channel.kind);
  const ttlDays = await daysFor(client, own.days, { teamId, environmentId });
  const plan = planExports(own, kinds);
  const issued = await client.tokens.rotate({
    id: idOf(id),
    overlapHours,
    ttlDays,
  });
  await handOver(session, issued, own, plan);
}

/** So many days as were given, or as usual; what a policy allows where that is less, which is said. */
async function daysFor(
  client: CliClient,
  given: string | undefined,
  place: Parameters<CliClient['policies']['effective']>[0],
): Promise<number> {
  if (given !== undefined) return parseWholeNumber(given, '--days');
  const { maxTtlDays } = await client.policies.effective(place);
  if (maxTtlDays === undefined || maxTtlDays >= usual.ttlDays) return usual.ttlDays;
  printNotice(words.shortened(maxTtlDays, maxTtlDays === 1 ? 'day' : 'days'));
  return maxTtlDays;
}

/** All that is needed, if all of it was given. */
function answersOf(own: IssueOptions): IssueAnswers | undefined {
  const { holder, team, env, channels } = own;
  if (holder === undefined || team === undefined || env === undefined || channels === undefined)
    return undefined;
  return { kind: holderKindOf(own), holder, team, env, channels };
}

/**
 * Looked at before anybody types a passphrase.
 * @throws LatchkeyError INVALID_INPUT where something is missing and there is nobody to ask
 */
export function requireAnswers(own: IssueOptions, isJson: boolean): void {
  const missing = [
    ...(own.holder === undefined ? ['--holder'] : []),
    ...(own.team === undefined ? ['--team'] : []),
    ...(own.env === undefined ? ['--env'] : []),
    ...(own.channels === undefined ? ['--channels'] : []),
  ];
  if (missing.length === 0 || (!isJson && process.stdin.isTTY && process.stderr.isTTY)) return;
  throw new LatchkeyError('INVALID_INPUT', words.missing(missing.join(', ')));
}

/** @throws LatchkeyError NOT_FOUND, CANCELLED */
async function askFor(client: CliClient, own: IssueOptions): Promise<IssueAnswers> {
  const { askForToken } = await import('./ask-for-token.ts');
  return askForToken(client, own);
}

/** What commands about the request log are asked for. */
import type { Command } from 'commander';
import { LatchkeyError } from '../../shared/errors.ts';
import type { LoggedFileQuery } from '../../shared/model/logged-file.ts';
import { parseLoggedFile } from '../../shared/model/logged-file.ts';
import { texts } from '../../shared/texts/texts.ts';
import { idOf } from './options.ts';
import type { CliClient } from './session.ts';
import { pick } from './session.ts';

const words = texts.logCommands;

export type FilterOptions = {
  token?: string;
  team?: string;
  env?: string;
  channel?: string;
  package?: string;
  kind?: string;
  policy?: string;
  from?: string;
  to?: string;
};
/** As `log.rows` takes it. */
export type Filter = Omit<Parameters<CliClient['log']['rows']>[0], 'open' | 'limit' | 'cursor'>;

export const withFilter = (command: Command): Command =>
  command
    .option('--token <id>', words.token)
    .option('--team <name>', words.team)
    .option('--env <name>', words.environment)
    .option('--channel <name>', texts.cacheCommands.channel)
    .option('--package <package>', words.package)
    .option('--kind <kind>', words.kind)
    .option('--policy <name>', words.policy)
    .option('--from <time>', words.from)
    .option('--to <time>', words.to);

export async function filterOf(client: CliClient, own: FilterOptions): Promise<Filter> {
  const { token, team, env, channel, policy, kind } = own;
  return {
    ...(token === undefined ? {} : { tokenId: idOf(token) }),
    ...(team === undefined ? {} : { teamId: pick(await client.teams.list(), team, 'team').id }),
    ...(env === undefined
      ? {}
      : { environmentId: pick(await client.environments.list(), env, 'environment').id }),
    ...(channel === undefined
      ? {}
      : { channelId: pick(await client.channels.list(), channel, 'channel').id }),
    ...(own.package === undefined ? {} : { file: fileOf(own.package) }),
    ...(kind === undefined ? {} : { kind: kind as 'download' }),
    ...(policy === undefined ? {} : { policyName: policy }),
    ...periodOf(own),
  };
}

/** `conda:openssl`, `pypi:django==4.2`, or a SHA-256. @throws LatchkeyError INVALID_INPUT */
export function fileOf(text: string): LoggedFileQuery {
  const file = parseLoggedFile(text);
  if (file === undefined) throw new LatchkeyError('INVALID_INPUT', words.needsPackage);
  return file;
}

/** @throws LatchkeyError INVALID_INPUT */
export function periodOf({ from, to }: { readonly from?: string; readonly to?: string }): {
  fromMs?: number;
  toMs?: number;
} {
  const fromMs = from === undefined ? undefined : timeOf(from);
  const toMs = to === undefined ? undefined : timeOf(to);
  if (fromMs !== undefined && toMs !== undefined && toMs <= fromMs)
    throw new LatchkeyError('INVALID_INPUT', words.noPeriod);
  return {
    ...(fromMs === undefined ? {} : { fromMs }),
    ...(toMs === undefined ? {} : { toMs }),
  };
}

/** A day of UTC, or a time with its zone. @throws LatchkeyError INVALID_INPUT */
function timeOf(text: string): number {
  const atMs = /^\d{4}-\d\d-\d\d(T\d\d:\d\d(:\d\d)?(Z|[+-]\d\d:\d\d))?$/.test(text) ? Date.parse(text) : NaN;
  if (Number.isNaN(atMs) || atMs < 0) throw new LatchkeyError('INVALID_INPUT', words.badTime(text));
  return atMs;
}

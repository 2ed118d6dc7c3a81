import type { ChannelId, EnvironmentId, TeamId } from '../../shared/model/ids.ts';
import type { TempApp } from './temp-app.ts';

export type Furnished = {
  readonly team: TeamId;
  readonly dev: EnvironmentId;
  readonly staging: EnvironmentId;
  readonly prod: EnvironmentId;
  readonly channel: ChannelId;
};

/** A team, the three environments, and a channel that is open to all of them. */
export async function furnish({ client }: Pick<TempApp, 'client'>): Promise<Furnished> {
  const team = await client.teams.create({ name: 'science' });
  const [dev, staging, prod] = await client.environments.list();
  if (dev === undefined || staging === undefined || prod === undefined) throw new Error('three at first');
  const channel = await client.channels.create({
    name: 'internal',
    kind: 'pypi',
    upstream: { type: 'url', url: 'https://packages.example.com/simple/' },
    environmentIds: [dev.id, staging.id, prod.id],
  });
  return { team: team.id, dev: dev.id, staging: staging.id, prod: prod.id, channel: channel.id };
}

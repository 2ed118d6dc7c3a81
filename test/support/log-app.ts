/** An app with a token of a person and one of a service, and rows of theirs in its request log. */
import { join } from 'node:path';
import type { EnvironmentId, TeamId, TokenId } from '../../shared/model/ids.ts';
import type { LogRow } from '../../src-main/request-log/log-row.ts';
import { newWriter, textsOf } from './log-rows.ts';
import type { TempApp } from './temp-app.ts';
import { openUnlockedApp } from './temp-app.ts';

export type LogApp = TempApp & {
  readonly scope: { readonly teamId: TeamId; readonly environmentId: EnvironmentId };
  /** Pat's. */
  readonly person: TokenId;
  /** That of the service `ci`. */
  readonly service: TokenId;
  readonly logDir: string;
  /** A segment of them, sealed to the operator of its vault. */
  readonly write: (rows: readonly LogRow[]) => void;
};

export async function openLogApp(): Promise<LogApp> {
  const temp = await openUnlockedApp({ autoStartGateway: false });
  const { app, client, dataDir } = temp;
  const team = await client.teams.create({ name: 'science', description: '' });
  const [environment] = await client.environments.list();
  const scope = { teamId: team.id, environmentId: environment!.id };
  const channel = await client.channels.create({
    name: 'main',
    kind: 'pypi',
    upstream: { type: 'url', url: 'https://pypi.example/simple' },
    environmentIds: [environment!.id],
    note: '',
    credentials: { action: 'remove' },
  });
  const issue = async (kind: 'person' | 'service', name: string) => {
    const issued = await client.tokens.issue({
      ...scope,
      holder: { kind, name },
      channelIds: [channel.id],
      ttlDays: 10,
      networks: 'anywhere',
      note: '',
    });
    return issued.token.id;
  };
  const logDir = join(dataDir, 'request-log');
  const write = (rows: readonly LogRow[]): void => {
    const vault = app.session.vault();
    const { id: operatorId } = vault.operator;
    const { receiveKey } = vault.state().operators.get(operatorId)!;
    const writer = newWriter(logDir, [{ operatorId, keyNo: 1, x: receiveKey.x }]);
    writer.write(textsOf(rows));
    writer.end();
  };
  const person = await issue('person', 'Pat');
  return { ...temp, scope, person, service: await issue('service', 'ci'), logDir, write };
}

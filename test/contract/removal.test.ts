import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { TempApp } from '../support/temp-app.ts';
import { openUnlockedApp } from '../support/temp-app.ts';
import { makeFixture } from './good-inputs.ts';

let temp: TempApp;
let folder: string;
let home: string;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'latchkey-channel-'));
  home = mkdtempSync(join(homedir(), '.latchkey-test-'));
  temp = await openUnlockedApp();
});
afterAll(async () => {
  await temp.close();
  rmSync(folder, { recursive: true, force: true });
  rmSync(home, { recursive: true, force: true });
});

describe('removing what tokens use', () => {
  it('is refused while a token is valid, and works once it is revoked', async () => {
    const { client } = temp;
    const made = await makeFixture(temp, folder);
    const team = { id: made.teamId as never };
    const environment = { id: made.environmentId as never };
    const channel = { id: made.channelId as never };
    await expect(client.teams.remove(team)).rejects.toMatchObject({ code: 'IN_USE' });
    await expect(client.environments.remove(environment)).rejects.toMatchObject({ code: 'IN_USE' });
    await expect(client.channels.remove(channel)).rejects.toMatchObject({ code: 'IN_USE' });
    await client.tokens.revoke({ ids: [made.tokenId], reason: 'done' });
    await client.channels.remove(channel);
    await client.environments.remove(environment);
    await client.teams.remove(team);
    expect(await client.teams.list()).toEqual([]);
    const { rows } = await client.tokens.list();
    expect(rows.map((row) => [row.state, row.teamName])).toEqual([['revoked', '(removed team)']]);
    await expect(client.teams.remove(team)).rejects.toMatchObject({ code: 'NOT_FOUND' });
  });
});

describe('saving an export by path', () => {
  it('writes 0600 where it holds the secret, asks before replacing, and stays inside the home folder', async () => {
    const { client } = temp;
    const team = await client.teams.create({ name: 'exporters' });
    const [environment] = await client.environments.list();
    const channel = await client.channels.create({
      name: 'exported',
      kind: 'pypi',
      upstream: { type: 'folder', label: 'exported', path: folder },
      environmentIds: [environment!.id],
    });
    const { token, secret } = await client.tokens.issue({
      holder: { kind: 'person', name: 'Ada' },
      teamId: team.id,
      environmentId: environment!.id,
      channelIds: [channel.id],
      ttlDays: 5,
    });
    const request = { format: 'pip-conf' as const, tokenId: token.id, secret };
    const rendered = await client.exports.render(request);
    const file = rendered.files.find((entry) => entry.containsSecret)!;
    const path = join(home, 'pip.conf');
    expect(await client.exports.save({ ...request, fileName: file.name, path })).toEqual({
      path,
      mode: '0600',
    });
    expect(readFileSync(path, 'utf8')).toBe(file.content);
    expect(statSync(path).mode & 0o777).toBe(0o600);

    writeFileSync(path, 'mine');
    await expect(client.exports.save({ ...request, fileName: file.name, path })).rejects.toMatchObject({
      code: 'FILE_EXISTS',
    });
    expect(readFileSync(path, 'utf8')).toBe('mine');
    await client.exports.save({ ...request, fileName: file.name, path, overwrite: true });
    expect(readFileSync(path, 'utf8')).toBe(file.content);

    const outside = join(folder, 'pip.conf');
    for (const bad of [
      outside,
      'pip.conf',
      join(home, 'missing', 'pip.conf'),
      join(home, '..', '..', 'x.conf'),
    ]) {
      await expect(client.exports.save({ ...request, fileName: file.name, path: bad })).rejects.toMatchObject(
        {
          code: expect.stringMatching(/INVALID_INPUT|FILE_NOT_WRITABLE/) as string,
        },
      );
    }
    expect(existsSync(outside)).toBe(false);
    await expect(
      client.exports.render({
        ...request,
        secret: secret.replace(/.$/, (last) => (last === 'A' ? 'B' : 'A')),
      }),
    ).rejects.toMatchObject({ code: 'TOKEN_MALFORMED' });
  });
});

import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { TempApp } from '../../support/temp-app.ts';
import { openUnlockedApp } from '../../support/temp-app.ts';

let temp: TempApp;
let ask: (forwardedFor: string) => Promise<[status: number, reason: string]>;

beforeAll(async () => {
  temp = await openUnlockedApp();
  const { client } = temp;
  const [environment] = await client.environments.list();
  const team = await client.teams.create({ name: 'science' });
  const channel = await client.channels.create({
    name: 'internal',
    kind: 'conda',
    upstream: { type: 'folder', label: 'internal', path: temp.dataDir },
    environmentIds: [environment!.id],
  });
  const { secret } = await client.tokens.issue({
    holder: { kind: 'service', name: 'build' },
    teamId: team.id,
    environmentId: environment!.id,
    channelIds: [channel.id],
    ttlDays: 30,
    networks: ['192.0.2.0/24'],
  });
  ask = async (forwardedFor) => {
    const { baseUrl } = await client.gateway.status();
    const headers = { authorization: `Bearer ${secret}`, 'x-forwarded-for': forwardedFor };
    const answer = await fetch(`${baseUrl}/conda/internal/notices.json`, { headers });
    return [answer.status, answer.statusText];
  };
});
afterAll(() => temp.close());

const setProxies = async (trustedProxies: string[]) => {
  const now = await temp.client.settings.get();
  return temp.client.settings.set({ ...now, gateway: { ...now.gateway, trustedProxies } });
};

describe('trusted proxies in the settings', () => {
  it('make a running gateway judge networks by the address that they forward', async () => {
    expect((await ask('192.0.2.7'))[1]).toMatch(/may not be used from 127\.0\.0\.1$/);
    await setProxies(['127.0.0.1']);
    expect((await ask('192.0.2.7'))[0]).toBe(200);
    expect((await ask('192.0.3.7'))[1]).toMatch(/may not be used from 192\.0\.3\.7$/);
    expect((await ask('192.0.2.07'))[1]).toMatch(/may not be used from unknown$/);
    await setProxies([]);
    expect((await ask('192.0.2.7'))[1]).toMatch(/may not be used from 127\.0\.0\.1$/);
  });

  it('are kept as networks, and refused when they are none', async () => {
    const { gateway } = await setProxies(['10.0.0.5', '10.1.0.0/16', '2001:db8::1']);
    expect(gateway.trustedProxies).toEqual(['10.0.0.5/32', '10.1.0.0/16', '2001:db8::1/128']);
    await expect(setProxies(['10.0.0.5/8'])).rejects.toMatchObject({ code: 'INVALID_INPUT' });
    await expect(setProxies(['proxy.example'])).rejects.toMatchObject({ code: 'INVALID_INPUT' });
    expect((await temp.client.settings.get()).gateway.trustedProxies).toEqual(gateway.trustedProxies);
  });
});

describe('the gateway’s status', () => {
  it('counts what was not answered as asked, by outcome and cause', async () => {
    await setProxies([]);
    const { baseUrl } = await temp.client.gateway.status();
    await fetch(`${baseUrl}/conda/internal/x`);
    await fetch(`${baseUrl}/conda/internal/x`, { method: 'POST' });
    await expect
      .poll(async () => (await temp.client.gateway.status()).causes)
      .toEqual(
        expect.arrayContaining([
          { outcome: 'deny', cause: 'access.credential-missing', count: 1 },
          { outcome: 'error', cause: 'request.method', count: 1 },
        ]),
      );
  });
});

/** What policies block or hide is told: to clients, to notices, to the token's record, and in lists. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Reason } from '../../../../shared/model/decision.ts';
import type { ChannelId, EnvironmentId, PolicyId, TeamId } from '../../../../shared/model/ids.ts';
import { texts } from '../../../../shared/texts/texts.ts';
import { addPolicyUses, policyUsesOf } from '../../../../src-main/gateway/policy-uses.ts';
import { endOf } from '../../../../src-main/gateway/spoken-book.ts';
import { GatewayScene, dayMs, nowMs } from '../gateway-scene.ts';
import { wheel } from '../pypi-scene.ts';
import { denyList, policyOf } from './policies.ts';

const record = (version: string, more: object = {}): object => ({
  name: 'tool',
  version,
  build: '0',
  build_number: 0,
  depends: [],
  license: 'MIT',
  timestamp: nowMs - 100 * dayMs,
  ...more,
});
const indexed = (newestMs: number): string =>
  JSON.stringify({
    packages: {},
    'packages.conda': {
      'tool-1.0-0.conda': record('1.0'),
      'tool-2.0-0.conda': record('2.0'),
      'tool-10.0-0.conda': record('10.0', { indexed_timestamp: newestMs }),
    },
  });
const scene = new GatewayScene();
const where = {
  channelId: 'id-internal' as ChannelId,
  teamId: 'science' as TeamId,
  environmentId: 'dev' as EnvironmentId,
};
beforeAll(async () => {
  writeFileSync(join(scene.folder, 'noarch', 'repodata.json'), indexed(nowMs - 3 * dayMs));
  for (const version of ['1.0', '2.0', '3.0rc1'])
    writeFileSync(
      join(scene.dir, 'wheels', `acme_tool-${version}-py3-none-any.whl`),
      wheel('acme_tool', version),
    );
  await scene.open();
});
afterAll(() => scene.close());
beforeEach(() => {
  scene.nowMs = nowMs;
  scene.events.length = 0;
});
function enforce(...policies: GatewayScene['policies']): void {
  scene.policies = policies;
  scene.update();
}
const conda = (file: string) => scene.get(`/conda/internal/noarch/${file}`);
const wheelOf = (version: string) =>
  scene.get(`/pypi/python/files/acme-tool/acme_tool-${version}-py3-none-any.whl`);
const noticesOf = async (): Promise<{ id: string; message: string; level: string }[]> =>
  (JSON.parse((await scene.get('/conda/internal/notices.json')).body) as { notices: [] }).notices;

describe('a refusal', () => {
  it('names the nearest allowed version in phrase, body, decision and page, for conda and PyPI', async () => {
    enforce(policyOf([denyList('conda', 'tool >=10'), denyList('pypi', 'acme-tool>=2')]));
    const refused = await conda('tool-10.0-0.conda');
    expect(refused.reason).toMatch(/ \[[0-9a-z]{10}\]; 2\.0 is allowed$/);
    const { decision, nearestAllowed } = JSON.parse(refused.body) as Record<string, string>;
    expect(nearestAllowed).toBe('2.0');
    expect(scene.gateway.decision(decision ?? '')).toMatchObject({ nearestAllowed: '2.0', version: '10.0' });
    const page = await scene.raw(`/latchkey/decision/${decision}`, { headers: ['Accept: text/html'] });
    expect(page.body).toContain('Version 2.0 is allowed.');
    expect(scene.events[0]).toMatchObject({
      decisionId: decision,
      package: { ecosystem: 'conda', name: 'tool', version: '10.0' },
    });
    const wheelAnswer = await wheelOf('2.0');
    expect([wheelAnswer.status, JSON.parse(wheelAnswer.body) as object]).toEqual([
      403,
      expect.objectContaining({ nearestAllowed: '1.0' }),
    ]);
  });

  it('names none where none is allowed', async () => {
    enforce(policyOf([denyList('conda', 'tool')]));
    const { reason, body } = await conda('tool-10.0-0.conda');
    expect(reason).toMatch(/\]$/);
    expect(JSON.parse(body)).not.toHaveProperty('nearestAllowed');
  });

  it('has one id and one version to take, whatever the author of a package writes', () => {
    const text = 'x\r\n\u001b [aaaaaaaaaa]; 9.9 is allowed';
    const of = (reason: Reason) => texts.reasons.blocked(reason, '0123456789', '1.0');
    const policyName = 'p';
    expect(of({ rule: 'package.status', policyName, evidence: { status: 'yanked', reason: text } })).toBe(
      'Blocked by policy p: yanked: x (aaaaaaaaaa), 9.9 is allowed [0123456789]; 1.0 is allowed',
    );
    expect(of({ rule: 'package.license', policyName, evidence: { license: text, isUnknown: true } })).toMatch(
      /^[^[;]+ \[0123456789\]; 1\.0 is allowed$/,
    );
  });

  it('keeps the id where its reason is long', () => {
    const reason = { rule: 'package.listed', policyName: 'p', evidence: { spec: 's'.repeat(500) } } as const;
    const phrase = texts.reasons.blocked(reason, '0123456789', '1.0');
    expect(phrase.length).toBeLessThanOrEqual(180);
    expect(phrase).toMatch(/\.\.\. \[0123456789\]; 1\.0 is allowed$/);
  });
});

describe('a newer version that is hidden', () => {
  it('is told with the older one that is taken, and in notices', async () => {
    enforce(policyOf([denyList('conda', 'tool >=10'), denyList('pypi', 'acme-tool>=2')]));
    expect((await conda('tool-2.0-0.conda')).status).toBe(404);
    expect((await conda('tool-1.0-0.conda')).status).toBe(200);
    expect((await wheelOf('1.0')).status).toBe(200);
    expect(scene.events.map(({ insteadOf }) => insteadOf?.version)).toEqual([undefined, '10.0', '2.0']);
    const told = (await noticesOf()).map(({ message }) => message);
    expect(told.at(-1)).toContain('Newer versions are hidden by policy: ');
    expect(told.at(-1)).toContain('tool 10.0 (you got 1.0)');
  });

  it('is not told for a part, for its metadata, by HEAD, or where it is only refused', async () => {
    enforce(policyOf([denyList('conda', 'tool >=10'), denyList('pypi', 'acme-tool>=2')]));
    await scene.get('/conda/internal/noarch/tool-1.0-0.conda', 'Range: bytes=0-1');
    await scene.head('/conda/internal/noarch/tool-1.0-0.conda');
    await scene.get('/pypi/python/files/acme-tool/acme_tool-1.0-py3-none-any.whl.metadata');
    enforce(policyOf([denyList('conda', 'tool >=10')], { style: 'refuse' }));
    await conda('tool-1.0-0.conda');
    expect(scene.events.filter(({ insteadOf }) => insteadOf !== undefined)).toEqual([]);
  });
});

it('notices say what was blocked and where to read why, with another id for another message', async () => {
  enforce(policyOf([denyList('conda', 'tool')]));
  const before = await noticesOf();
  const { body } = await conda('tool-2.0-0.conda');
  const { decision } = JSON.parse(body) as { decision: string };
  const after = await noticesOf();
  const notice = after.find(({ message }) => message.includes('blocked by policy'));
  expect(notice?.message).toMatch(/packages? that you asked for (was|were) blocked by policy: .*tool 2\.0/);
  expect(notice?.message).toContain(`http://127.0.0.1:${scene.port}/latchkey/decision/${decision}`);
  expect(before.map(({ id }) => id)).not.toContain(notice?.id);
});

describe('the record of a token', () => {
  it('has what was blocked, observed and hidden, by policy and rule, with the last packages', async () => {
    enforce(
      policyOf([denyList('conda', 'tool >=10')]),
      policyOf([denyList('conda', 'tool')], { id: 'w' as PolicyId, name: 'Watch', mode: 'observe' }),
    );
    await conda('tool-1.0-0.conda');
    await conda('tool-10.0-0.conda');
    const uses = scene.events.reduce<ReturnType<typeof addPolicyUses>>(
      (sum, event) => addPolicyUses(sum, policyUsesOf(event)),
      [],
    );
    expect(
      uses.map(
        ({ what, policyName, count, packages }) => `${what} ${policyName} ${count}: ${packages.join()}`,
      ),
    ).toEqual(
      expect.arrayContaining([
        'blocked House rules 1: tool 10.0',
        'hidden House rules 1: tool 10.0',
        'observed Watch 2: tool 10.0,tool 1.0',
      ]),
    );
    expect(uses.length).toBe(3);
  });

  it('is bounded, and what spoke last stays', () => {
    const use = (at: number) => ({
      what: 'observed' as const,
      policyName: `p${at}`,
      rule: 'package.listed' as const,
      count: 1,
      lastAtMs: at,
      packages: [`x ${at}`],
    });
    let sum: ReturnType<typeof addPolicyUses> = [];
    for (let at = 0; at < 100; at += 1)
      sum = addPolicyUses(sum, [use(at), { ...use(at), policyName: 'same' }]);
    expect(sum.length).toBe(30);
    const same = sum.find(({ policyName }) => policyName === 'same');
    expect(same).toMatchObject({ count: 100, lastAtMs: 99 });
    expect(same?.packages).toEqual(['x 99', 'x 98', 'x 97', 'x 96', 'x 95']);
  });
});

describe('lists', () => {
  it('have what is denied of a channel, before anybody asked for it, and of a project', async () => {
    enforce(policyOf([denyList('conda', 'tool >=2'), denyList('pypi', 'acme-tool>=2')]));
    const { versions, total } = await scene.gateway.hidden({ ...where, limit: 1 });
    expect([versions.length, total]).toEqual([1, 2]);
    expect(versions[0]).toMatchObject({ name: 'tool', isHidden: true, files: 1 });
    const python = { ...where, channelId: 'id-python' as ChannelId, limit: 10 };
    const ofProject = await scene.gateway.hidden({ ...python, name: 'acme-tool' });
    expect(ofProject.versions.map(({ version }) => version)).toEqual(['2.0', '3.0rc1']);
    // Of projects that were asked for lately.
    expect((await scene.gateway.hidden(python)).versions.map(({ version }) => version)).toEqual([
      '2.0',
      '3.0rc1',
    ]);
    enforce();
    expect(await scene.gateway.hidden({ ...where, limit: 9 })).toEqual({ versions: [], total: 0 });
  });

  it('say what will be released by itself, and what was', async () => {
    enforce(policyOf([{ type: 'age', minDays: 7, unknown: 'deny' }]));
    await scene.get('/conda/internal/noarch/repodata.json');
    const atMs = nowMs + 4 * dayMs;
    await vi.waitFor(() =>
      expect(scene.gateway.releases(10)).toMatchObject({
        upcoming: [{ name: 'tool', version: '10.0', atMs, reason: { rule: 'package.too-young' } }],
        upcomingTotal: 1,
        released: [],
      }),
    );
    scene.nowMs = atMs + dayMs;
    const over = { upcoming: [], upcomingTotal: 0, released: [{ name: 'tool', version: '10.0', atMs }] };
    // Also before the next client asks.
    expect(scene.gateway.releases(10)).toMatchObject(over);
    await vi.waitFor(async () =>
      expect((await scene.get('/conda/internal/noarch/repodata.json')).body).toContain('tool-10.0'),
    );
    await vi.waitFor(() => expect(scene.gateway.releases(10)).toMatchObject(over));
  });

  it('are kept over a restart: what waits, and what was released, also while no gateway ran', async () => {
    const dataDir = join(scene.dir, 'releases');
    const policies = [policyOf([{ type: 'age', minDays: 7, unknown: 'deny' }])];
    const first = new GatewayScene();
    writeFileSync(join(first.folder, 'noarch', 'repodata.json'), indexed(nowMs - 3 * dayMs));
    first.policies = policies;
    await first.open({ dataDir });
    await first.get('/conda/internal/noarch/repodata.json');
    await vi.waitFor(() => expect(first.gateway.releases(10).upcoming).toHaveLength(1));
    const before = first.gateway.releases(10);
    await first.close();

    const next = new GatewayScene();
    next.policies = policies;
    await next.open({ dataDir });
    expect(next.gateway.releases(10)).toEqual(before);
    next.nowMs += 5 * dayMs;
    const over = { upcoming: [], released: [{ name: 'tool', version: '10.0', atMs: nowMs + 4 * dayMs }] };
    expect(next.gateway.releases(10)).toMatchObject(over);
    await next.close();
  });

  it('count only what ends by itself whole', () => {
    const young = {
      rule: 'package.too-young',
      mode: 'enforce',
      evidence: { publishedAtMs: 0, minDays: 2 },
    } as const;
    const noFacts = { rule: 'package.no-facts', mode: 'enforce', evidence: { about: 'malware' } } as const;
    const listed = { rule: 'package.listed', mode: 'enforce', evidence: { spec: 'x' } } as const;
    expect(endOf({ reasons: [young] })?.atMs).toBe(2 * dayMs);
    expect(endOf({ reasons: [young, { ...listed, mode: 'observe' }] })?.atMs).toBe(2 * dayMs);
    expect(endOf({ reasons: [young, noFacts] })).toEqual({ reason: noFacts, atMs: undefined });
    expect(endOf({ reasons: [noFacts, young] })).toEqual({ reason: noFacts, atMs: undefined });
    expect(endOf({ reasons: [young, listed] })).toBeUndefined();
    expect(endOf({ reasons: [] })).toBeUndefined();
  });
});

/**
 * npm run bench -- --only pages: what policies cost the readers of PyPI pages. The same page of 15,000 files through two
 * gateways, one without policies and one with, in turns; and warm GETs of a small page, with few and with many policies and
 * tokens, against a bare server of the same bytes.
 */
import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Policy } from '../../shared/model/policy.ts';
import type { PolicyRule } from '../../shared/model/policy-rules.ts';
import { newToken } from '../../src-main/tokens/format.ts';
import { usePrivateStateDir } from '../support/private-state-dir.ts';
import { startServer, stopAll } from './children.ts';
import { compare } from './compare.ts';
import { makeData } from './data.ts';
import type { BenchGateway } from './gateway.ts';
import { startGateway } from './gateway.ts';
import type { GatewaySetup } from './gateway-bundle.ts';
import { print } from './print.ts';

const files = 15_000;
const turns = Number(process.env['BENCH_TURNS'] ?? '9');
const goalOfPlain = 1.5;
const goalVisibleMs = 2000;

const policyOf = (id: number, ...rules: PolicyRule[]): Policy => ({
  id: `policy-${id}` as Policy['id'],
  name: `Policy ${id}`,
  mode: 'enforce',
  style: 'hide',
  teams: 'all',
  environments: 'all',
  rules,
  createdAtMs: 0,
});
/** Rules of every kind that needs no facts; a page's newest tenth is too young, and some is on the deny list. */
const house = (id: number): Policy =>
  policyOf(
    id,
    {
      type: 'age',
      minDays: Math.round((Date.now() - Date.UTC(2020, 0, 1)) / 86_400_000) - 900 + (id % 7),
      unknown: 'deny',
    },
    {
      type: 'packages',
      list: 'deny',
      specs: [{ ecosystem: 'pypi', spec: `benchcold1>=${id}.5,<${id}.6` }],
    },
    { type: 'status', denied: ['yanked'] },
    { type: 'platform', wheelTags: ['manylinux*'], sdists: 'deny' },
    { type: 'namespace', names: ['corp-*'], channelIds: ['pages' as never] },
  );

const mild = (id: number): Policy =>
  policyOf(id, ...house(id).rules.filter(({ type }) => type !== 'age' && type !== 'platform'));

const dir = mkdtempSync(join(tmpdir(), 'latchkey-bench-pages-'));
const removeStateDir = usePrivateStateDir();
const gateways: BenchGateway[] = [];
try {
  await main();
} finally {
  await Promise.all(gateways.map((gateway) => gateway.stop()));
  stopAll();
  rmSync(dir, { recursive: true, force: true });
  removeStateDir();
}

async function main(): Promise<void> {
  const { token } = newToken((count) => randomBytes(count));
  const basic = `Basic ${Buffer.from(`token:${token}`).toString('base64')}`;
  const upstream = await startServer('./page-server.ts', String(files));
  const data = makeData(dir);
  const setup: GatewaySetup = {
    token,
    channels: [
      { name: 'pages', kind: 'pypi', url: `http://127.0.0.1:${upstream.port}/` },
      { name: 'pypi', kind: 'pypi', folder: data.pypi },
    ],
  };
  const start = async (more: Partial<GatewaySetup>): Promise<BenchGateway> => {
    const gateway = await startGateway({ ...setup, ...more });
    gateways.push(gateway);
    return gateway;
  };
  const plain = await start({});
  const under = await start({ policies: [house(1)] });
  await comparePages(plain, under, setup, basic);
  // Those that read the long pages end here: what is left of them in a heap is no part of a warm GET.
  await Promise.all(gateways.splice(0).map((gateway) => gateway.stop()));
  // Nothing of the small page is denied: all send the same bytes.
  const none = await start({});
  const one = await start({ policies: [mild(1)] });
  const many = await start({
    policies: Array.from({ length: 100 }, (_, index) => mild(index)),
    otherTokens: 999,
  });
  const small = (gateway: BenchGateway): string =>
    `http://127.0.0.1:${gateway.port}/pypi/pypi/simple/acme-many/`;
  const answer = await fetch(small(one), {
    headers: { authorization: basic, 'accept-encoding': 'identity' },
  });
  const bytes = Buffer.from(await answer.arrayBuffer()).toString('base64');
  const { child, port } = await startServer(
    './bare-server.ts',
    bytes,
    answer.headers.get('content-type') ?? '',
  );
  const bare = {
    name: 'bare node:http, the bytes under a policy',
    url: `http://127.0.0.1:${port}/`,
    pids: [child.pid],
  };
  const subject = (name: string, gateway: BenchGateway) => ({
    name: `gateway, ${name}`,
    url: small(gateway),
    authorization: basic,
    pids: [gateway.pid],
    bare,
  });
  await compare([
    bare,
    subject('no policy, 1 token', none),
    subject('1 policy, 1 token', one),
    subject('100 policies, 1,000 tokens', many),
  ]);
}

async function comparePages(
  plain: BenchGateway,
  under: BenchGateway,
  setup: GatewaySetup,
  authorization: string,
): Promise<void> {
  const get = async (gateway: BenchGateway, project: string): Promise<number> => {
    const startedAt = performance.now();
    const answer = await fetch(`http://127.0.0.1:${gateway.port}/pypi/pages/simple/${project}/`, {
      headers: { authorization, accept: 'application/vnd.pypi.simple.v1+json' },
    });
    if (!answer.ok) throw new Error(`HTTP ${answer.status} ${answer.statusText}`);
    await answer.arrayBuffer();
    return performance.now() - startedAt;
  };
  const times: Record<'plain' | 'under' | 'changed' | 'visible', number[]> = {
    plain: [],
    under: [],
    changed: [],
    visible: [],
  };
  for (let turn = 0; turn <= turns; turn += 1) {
    const project = `benchcold${turn}`;
    const cold = [await get(plain, project), await get(under, project)];
    const changedAt = performance.now();
    await under.change({ ...setup, policies: [house(2 + turn)] });
    const changed = await get(under, project);
    const visible = performance.now() - changedAt;
    // The first turn warms the programs up.
    if (turn === 0) continue;
    times.plain.push(cold[0] ?? Number.NaN);
    times.under.push(cold[1] ?? Number.NaN);
    times.changed.push(changed);
    times.visible.push(visible);
  }
  const middle = (values: readonly number[]): number =>
    values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;
  console.log(`A PyPI page of ${files} files, unpacked by the client, ${turns} turns, medians`);
  const line = (name: string, what: keyof typeof times): void =>
    print(
      name,
      `${middle(times[what]).toFixed(0)} ms`,
      what === 'plain'
        ? ''
        : `${(middle(times[what]) / middle(times.plain)).toFixed(2)} x, goal ${goalOfPlain}`,
    );
  line('without policies, cold', 'plain');
  line('under policies, cold', 'under');
  line('after a change of policies', 'changed');
  print('the change itself and the page', `${middle(times.visible).toFixed(0)} ms`, `<= ${goalVisibleMs} ms`);
}

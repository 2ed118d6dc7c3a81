/** Real clients under policies: the best allowed version is installed, and what is blocked says why. */
import { createHash } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ChannelId } from '../../shared/model/ids.ts';
import type { PolicyRule } from '../../shared/model/policy-rules.ts';
import { writeDemoConda } from '../../src-main/services/demo-packages.ts';
import { runClient } from '../support/python-clients.ts';
import { GatewayScene, channelOf, dayMs } from '../unit/gateway/gateway-scene.ts';
import { denyList, policyOf } from '../unit/gateway/policies/policies.ts';
import { rattlerInstall } from './scene.ts';
import { wheel } from '../unit/gateway/pypi-scene.ts';

const scene = new GatewayScene();
let index = '';
let runs = 0;
beforeAll(async () => {
  const wheels = join(scene.dir, 'wheels');
  mkdirSync(wheels, { recursive: true });
  for (const version of ['1.0', '2.0'])
    writeFileSync(join(wheels, `acme_hello-${version}-py3-none-any.whl`), wheel('acme_hello', version));
  await scene.open({ now: Date.now });
  scene.tokens[0] = [scene.token.text, { ...scene.tokens[0]![1], expiresAtMs: Date.now() + dayMs }];
  scene.curation = {
    labels: [
      { ecosystem: 'pypi', name: 'acme-hello', version: '1.0', labels: ['approved'] },
      { ecosystem: 'pypi', name: 'acme-hello', version: '2.0', labels: ['bad'] },
    ],
  };
  scene.update();
  index = `http://any:${scene.token.text}@127.0.0.1:${scene.port}/pypi/python/simple/`;
});
afterAll(() => scene.close());

function enforce(...rules: PolicyRule[]): void {
  scene.policies = [policyOf(rules)];
  scene.update();
}
const target = (): string => {
  runs += 1;
  return join(scene.dir, `run-${runs}`);
};
const pip = (spec: string) =>
  runClient('pip', ['install', '--no-cache-dir', '--no-deps', '--target', target(), spec], {
    HOME: scene.dir,
    PIP_CONFIG_FILE: '/dev/null',
    PIP_DISABLE_PIP_VERSION_CHECK: '1',
    PIP_INDEX_URL: index,
  });
const uv = (spec: string) =>
  runClient('uv', ['pip', 'install', '--no-cache', '--target', target(), spec], {
    HOME: scene.dir,
    UV_NO_CONFIG: '1',
    UV_PYTHON_DOWNLOADS: 'never',
    UV_DEFAULT_INDEX: index,
  });

describe.each<[string, PolicyRule, string]>([
  ['a deny list', denyList('pypi', 'acme-hello>=2'), 'on the deny list as acme-hello>=2'],
  ['a label that is denied', { type: 'labels', required: [], denied: ['bad'] }, 'labelled bad'],
  [
    'a label that is missing',
    { type: 'labels', required: ['approved'], denied: [] },
    'not labelled approved',
  ],
])('%s', (_what, rule, reason) => {
  it('makes pip and uv take the best version that is allowed', async () => {
    enforce(rule);
    const [ofPip, ofUv] = await Promise.all([pip('acme-hello'), uv('acme-hello')]);
    expect([ofPip.code, ofPip.output]).toEqual([0, expect.stringContaining('acme-hello-1.0')]);
    expect([ofUv.code, ofUv.output]).toEqual([0, expect.stringContaining('acme-hello==1.0')]);
  });

  it('is told by pip and uv of a version that is pinned', async () => {
    enforce(rule);
    const [ofPip, ofUv] = await Promise.all([pip('acme-hello==2.0'), uv('acme-hello==2.0')]);
    expect([ofPip.code, ofPip.output]).toEqual([
      1,
      expect.stringContaining(`Blocked by policy House rules: ${reason} [`),
    ]);
    expect(ofUv.code).not.toBe(0);
    expect(ofUv.output).toContain(`Blocked by policy House rules: ${reason}`);
  });
});

it('a namespace keeps a name to its channel', async () => {
  enforce({ type: 'namespace', names: ['acme-*'], channelIds: ['inside' as ChannelId] });
  const { code, output } = await pip('acme-hello==2.0');
  expect([code, output]).toEqual([
    1,
    expect.stringContaining('names like acme-* come from internal channels only'),
  ]);
});

it('a young release is not taken, and says when it came', async () => {
  enforce({ type: 'age', minDays: 7, unknown: 'deny' });
  const { code, output } = await pip('acme-hello==2.0');
  expect([code, output]).toEqual([1, expect.stringContaining('less than 7 days ago')]);
});

describe('facts about packages', () => {
  beforeAll(() => {
    const about = { isMalware: false, isExploited: false, summary: 'x', feeds: ['test'] };
    const affected = [{ ecosystem: 'pypi', name: 'acme-hello', versions: ['2.0'], ranges: [] }];
    const lines = [
      { format: 1, ecosystems: ['pypi'], advisories: 2, lists: [] },
      { ...about, id: 'MAL-2026-1', ids: ['MAL-2026-1'], isMalware: true, affected },
      { ...about, id: 'CVE-2026-1', ids: ['CVE-2026-1'], score: 9.8, affected },
    ];
    const text = `${lines.map((line) => JSON.stringify(line)).join('\n')}\n`;
    const path = join(scene.dir, 'facts.jsonl');
    writeFileSync(path, text);
    scene.gateway.setFacts({ path, sha256: createHash('sha256').update(text).digest('hex') });
  });

  it.each<[string, PolicyRule, string]>([
    ['malware', { type: 'malware', noFacts: 'deny' }, 'malware, MAL-2026-1'],
    [
      'a vulnerability',
      {
        type: 'vulnerabilities',
        atLeast: 9,
        unknown: 'allow',
        exploitedOnly: false,
        liftedBy: [],
        fixedOnly: false,
        graceDays: 0,
        noFacts: 'deny',
      },
      'CVE-2026-1 (9.8)',
    ],
  ])('keep %s out, and say so', async (_what, rule, reason) => {
    enforce(rule);
    const [free, pinned] = await Promise.all([uv('acme-hello'), pip('acme-hello==2.0')]);
    expect([free.code, free.output]).toEqual([0, expect.stringContaining('acme-hello==1.0')]);
    expect([pinned.code, pinned.output]).toEqual([
      1,
      expect.stringContaining(`Blocked by policy House rules: ${reason} [`),
    ]);
  });
});

describe('rattler', () => {
  let channel = '';
  beforeAll(() => {
    const folder = join(scene.dir, 'demo');
    writeDemoConda(folder);
    scene.addChannel(channelOf('demo', { type: 'folder', path: folder }));
    scene.tokens[0] = [scene.token.text, { ...scene.tokens[0]![1], expiresAtMs: Date.now() + dayMs }];
    channel = `http://127.0.0.1:${scene.port}/conda/t/${scene.token.text}/demo`;
  });
  const install = (spec: string) => {
    const home = target();
    mkdirSync(home);
    return rattlerInstall(home, channel, spec, undefined);
  };

  it('takes the best version that is allowed', async () => {
    enforce(denyList('conda', 'acme-tool ==2.1.0'));
    const { code, output } = await install('acme-tool');
    expect([code, output]).toEqual([0, expect.stringContaining('acme-tool=2.0.0')]);
  });

  it('says why a file that is refused is not sent', async () => {
    scene.policies = [policyOf([denyList('conda', 'acme-tool >=2.1')], { style: 'refuse' })];
    scene.update();
    const { code, output } = await install('acme-tool');
    expect([code, output]).toEqual([
      1,
      expect.stringContaining('Blocked by policy House rules: on the deny list as acme-tool >=2.1'),
    ]);
  });
});

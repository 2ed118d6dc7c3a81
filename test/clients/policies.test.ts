/** Real clients under policies: the best allowed version is installed, and what is blocked says why. */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
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

it('pip and uv install the best version that is allowed, and say why they get no other', async () => {
  enforce(denyList('pypi', 'acme-hello>=2'));
  const [ofPip, ofUv] = await Promise.all([pip('acme-hello'), uv('acme-hello')]);
  expect([ofPip.code, ofPip.output]).toEqual([0, expect.stringContaining('acme-hello-1.0')]);
  expect([ofUv.code, ofUv.output]).toEqual([0, expect.stringContaining('acme-hello==1.0')]);
  const [pinnedPip, pinnedUv] = await Promise.all([pip('acme-hello==2.0'), uv('acme-hello==2.0')]);
  const reason = 'Blocked by policy House rules: on the deny list as acme-hello>=2 [';
  expect([pinnedPip.code, pinnedPip.output]).toEqual([1, expect.stringContaining(reason)]);
  expect(pinnedUv.code).not.toBe(0);
  expect(pinnedUv.output).toContain(reason.slice(0, -2));
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

  it('takes an older version, where the newest needs what is hidden', async () => {
    const folder = join(scene.dir, 'chained');
    writeDemoConda(folder);
    const file = join(folder, 'noarch', 'repodata.json');
    type Entry = { name: string; version: string; depends: string[] };
    const shown = JSON.parse(readFileSync(file, 'utf8')) as { 'packages.conda': Record<string, Entry> };
    const entries = Object.values(shown['packages.conda']);
    for (const one of entries)
      if (one.name === 'acme-tool' && one.version === '2.1.0') one.depends = ['acme-base >=2'];
    for (const version of ['1.0', '2.0'])
      shown['packages.conda'][`acme-base-${version}-0.conda`] = {
        ...entries[0]!,
        name: 'acme-base',
        version,
        depends: [],
      };
    writeFileSync(file, JSON.stringify(shown));
    scene.addChannel(channelOf('chained', { type: 'folder', path: folder }));
    scene.tokens[0] = [scene.token.text, { ...scene.tokens[0]![1], expiresAtMs: Date.now() + dayMs }];
    enforce(denyList('conda', 'acme-base >=2'), { type: 'satisfiable' });
    const from = (spec: string) => {
      const home = target();
      mkdirSync(home);
      return rattlerInstall(home, channel.replace(/demo$/, 'chained'), spec, undefined);
    };
    const { code, output } = await from('acme-tool');
    expect([code, output]).toEqual([0, expect.stringContaining('acme-tool=2.0.0')]);
    // A solver goes back by itself: what it is shown is what tells.
    const pinned = 'acme-tool ==2.1.0';
    expect((await from(pinned)).output).toContain(`No candidates were found for ${pinned}`);
    enforce(denyList('conda', 'acme-base >=2'));
    expect((await from(pinned)).output).toContain('would require');
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

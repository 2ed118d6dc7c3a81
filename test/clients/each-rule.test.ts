/**
 * Each rule with the real clients: pip, uv and rattler resolve to the best version that is allowed, and the file that is
 * blocked says why to whoever asks for it. Nothing is installed here (policies.test.ts does).
 */
import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ChannelId } from '../../shared/model/ids.ts';
import type { PolicyRule } from '../../shared/model/policy-rules.ts';
import { runClient, toolsVenv } from '../support/python-clients.ts';
import { GatewayScene, channelOf, dayMs } from '../unit/gateway/gateway-scene.ts';
import { policyOf } from '../unit/gateway/policies/policies.ts';
import { metadataText, sha256, wheel } from '../unit/gateway/pypi-scene.ts';
import { rattlerSolve } from './scene.ts';

const machine = process.arch === 'arm64' ? 'aarch64' : 'x86_64';
const old = 400 * dayMs;
/** `acme-hello` 1.0 is fine; 2.0 is young, copyleft, built for one platform, and more. */
const wheels = [
  { project: 'acme-hello', version: '1.0', tag: 'any', license: 'MIT', ageMs: old },
  {
    project: 'acme-hello',
    version: '2.0',
    tag: `manylinux2014_${machine}`,
    license: 'GPL-3.0-only',
    ageMs: dayMs,
  },
  { project: 'acme-gone', version: '1.0', tag: 'any', license: 'MIT', ageMs: old },
  { project: 'acme-gone', version: '2.0', tag: 'any', license: 'MIT', ageMs: old, yanked: 'broken' },
].map(({ project, version, tag, license, ageMs, yanked }) => {
  const name = project.replace('-', '_');
  const metadata = metadataText(name, version, undefined, license);
  const bytes = wheel(name, version, { license });
  return {
    project,
    filename: `${name}-${version}-py3-none-${tag}.whl`,
    bytes,
    metadata,
    json: {
      hashes: { sha256: sha256(bytes) },
      size: bytes.length,
      'upload-time': new Date(Date.now() - ageMs).toISOString(),
      'core-metadata': { sha256: sha256(metadata) },
      yanked: yanked ?? false,
    },
  };
});
const young = wheels[1]!.filename;
const gone = wheels[3]!.filename;

const record = (name: string, version: string, subdir: string, license: string, ageMs: number): object => ({
  name,
  version,
  build: '0',
  build_number: 0,
  depends: [],
  subdir,
  license,
  size: 10,
  indexed_timestamp: Date.now() - ageMs,
  ...(subdir === 'noarch' ? { noarch: 'generic' } : {}),
});
const repodata = {
  noarch: {
    info: { subdir: 'noarch' },
    packages: {},
    'packages.conda': {
      'acme-tool-1.0-0.conda': record('acme-tool', '1.0', 'noarch', 'MIT', old),
      'acme-gone-1.0-0.conda': record('acme-gone', '1.0', 'noarch', 'MIT', old),
    },
    removed: ['acme-gone-2.0-0.conda'],
  },
  'linux-64': {
    info: { subdir: 'linux-64' },
    packages: {},
    'packages.conda': {
      'acme-tool-2.0-0.conda': record('acme-tool', '2.0', 'linux-64', 'GPL-3.0-only', dayMs),
    },
  },
};

const scene = new GatewayScene();
const spare = 'id-spare' as ChannelId;
const spareTools = 'id-spare-tools' as ChannelId;
const indexUrl = (channel: string): string =>
  `http://any:${scene.token.text}@127.0.0.1:${scene.port}/pypi/${channel}/simple/`;

beforeAll(async () => {
  const base = await scene.upstream((req, res) => {
    const path = req.url ?? '';
    const project = /^\/([a-z-]+)\/$/.exec(path)?.[1];
    const file = wheels.find(({ filename }) => path.startsWith(`/files/${filename}`));
    if (project !== undefined) {
      res.setHeader('Content-Type', 'application/vnd.pypi.simple.v1+json');
      const files = wheels
        .filter((one) => one.project === project)
        .map(({ filename, json }) => ({ filename, url: `/files/${filename}`, ...json }));
      res.end(JSON.stringify({ meta: { 'api-version': '1.4' }, name: project, files }));
    } else if (file !== undefined) res.end(path.endsWith('.metadata') ? file.metadata : file.bytes);
    else res.writeHead(404).end();
  });
  const write = (path: string, content: string | Uint8Array): void => {
    mkdirSync(join(scene.dir, path, '..'), { recursive: true });
    writeFileSync(join(scene.dir, path), content);
  };
  write('spare/acme_hello-1.0-py3-none-any.whl', wheels[0]!.bytes);
  for (const [subdir, document] of Object.entries(repodata))
    write(`tools/${subdir}/repodata.json`, JSON.stringify(document));
  for (const file of ['noarch/acme-tool-1.0-0', 'noarch/acme-gone-2.0-0', 'linux-64/acme-tool-2.0-0'])
    write(`tools/${file}.conda`, '0123456789');
  write('spare-tools/noarch/repodata.json', JSON.stringify(repodata.noarch));
  await scene.open({ now: Date.now });
  scene.addChannel(
    channelOf(
      'index',
      { type: 'url', url: `${base}/`, privateHosts: [new URL(base).host] },
      { kind: 'pypi' },
    ),
  );
  scene.addChannel(channelOf('spare', { type: 'folder', path: join(scene.dir, 'spare') }, { kind: 'pypi' }));
  for (const name of ['tools', 'spare-tools'])
    scene.addChannel(channelOf(name, { type: 'folder', path: join(scene.dir, name) }));
  scene.tokens[0] = [scene.token.text, { ...scene.tokens[0]![1], expiresAtMs: Date.now() + dayMs }];
  scene.curation = {
    labels: (['pypi', 'conda'] as const).flatMap((ecosystem) =>
      [
        ['1.0', 'approved'],
        ['2.0', 'bad'],
      ].map(([version = '', label = '']) => ({
        ecosystem,
        name: ecosystem === 'pypi' ? 'acme-hello' : 'acme-tool',
        version,
        labels: [label],
      })),
    ),
  };
  scene.update();
  setFacts();
});
afterAll(() => scene.close());

function setFacts(): void {
  const about = { isMalware: false, isExploited: false, summary: 'x', feeds: ['test'] };
  const affected = [
    { ecosystem: 'pypi', name: 'acme-hello', versions: ['2.0'], ranges: [] },
    { ecosystem: 'conda', name: 'acme-tool', versions: ['2.0'], ranges: [] },
  ];
  const lines = [
    { format: 2, ecosystems: ['pypi', 'conda'], advisories: 2, lists: [] },
    { ...about, id: 'MAL-2026-1', ids: ['MAL-2026-1'], isMalware: true, affected },
    { ...about, id: 'CVE-2026-1', ids: ['CVE-2026-1'], score: 9.8, affected },
  ];
  const text = `${lines.map((line) => JSON.stringify(line)).join('\n')}\n`;
  const path = join(scene.dir, 'facts.jsonl');
  writeFileSync(path, text);
  scene.gateway.setFacts({ path, sha256: createHash('sha256').update(text).digest('hex') });
}

type Case = {
  readonly rule: PolicyRule;
  /** What is said of the blocked file; the same in both ecosystems unless `condaReason` says another. */
  readonly reason: string | RegExp;
  readonly condaReason?: string;
  /** Names; `acme-hello` and `acme-tool` unless said otherwise. */
  readonly names?: readonly [pypi: string, conda: string];
  readonly blocked?: readonly [pypi: string, conda: string];
  /** The version comes from another channel: clients ask both. */
  readonly other?: true;
};
const spec = (ecosystem: 'pypi' | 'conda', text: string) => ({ ecosystem, spec: text });
const vulnerable = {
  type: 'vulnerabilities',
  atLeast: 9,
  unknown: 'allow',
  exploitedOnly: false,
  liftedBy: [],
  fixedOnly: false,
  graceDays: 0,
  noFacts: 'deny',
} as const;

const cases: readonly (readonly [string, Case])[] = [
  [
    'channels',
    {
      rule: { type: 'channels', channelIds: [spare, spareTools] },
      reason: 'only other channels are allowed',
      other: true,
    },
  ],
  [
    'a closed list',
    {
      rule: {
        type: 'packages',
        list: 'allow',
        specs: [spec('pypi', 'acme-hello<2'), spec('conda', 'acme-tool <2')],
      },
      reason: 'not on the list of allowed packages',
    },
  ],
  [
    'a deny list',
    {
      rule: {
        type: 'packages',
        list: 'deny',
        specs: [spec('pypi', 'acme-hello>=2'), spec('conda', 'acme-tool >=2')],
      },
      reason: 'on the deny list as acme-hello>=2',
      condaReason: 'on the deny list as acme-tool >=2',
    },
  ],
  ['vulnerabilities', { rule: vulnerable, reason: 'CVE-2026-1 (9.8)' }],
  ['malware', { rule: { type: 'malware', noFacts: 'deny' }, reason: 'malware, MAL-2026-1' }],
  [
    'licenses',
    {
      rule: { type: 'licenses', list: 'allow', ids: ['MIT'], unknown: 'deny' },
      reason: 'license GPL-3.0-only is not allowed',
    },
  ],
  [
    'age',
    {
      rule: { type: 'age', minDays: 7, unknown: 'deny' },
      reason: /^published on [\d-]{10}, less than 7 days ago$/,
    },
  ],
  [
    'status',
    {
      rule: { type: 'status', denied: ['yanked', 'removed'] },
      reason: 'yanked: broken',
      condaReason: 'removed from its channel',
      names: ['acme-gone', 'acme-gone'],
      blocked: [gone, 'noarch/acme-gone-2.0-0.conda'],
    },
  ],
  [
    'platform',
    {
      rule: { type: 'platform', subdirs: ['noarch'], wheelTags: ['any'], sdists: 'deny' },
      reason: `platform manylinux2014_${machine} is not allowed`,
      condaReason: 'platform linux-64 is not allowed',
    },
  ],
  [
    'labels that are denied',
    { rule: { type: 'labels', required: [], denied: ['bad'] }, reason: 'labelled bad' },
  ],
  [
    'labels that are required',
    { rule: { type: 'labels', required: ['approved'], denied: [] }, reason: 'not labelled approved' },
  ],
  [
    'a namespace',
    {
      rule: { type: 'namespace', names: ['acme-*'], channelIds: [spare, spareTools] },
      reason: 'names like acme-* come from internal channels only',
      other: true,
    },
  ],
];

let runs = 0;
const home = (): string => {
  runs += 1;
  const path = join(scene.dir, `run-${runs}`);
  mkdirSync(path);
  return path;
};
const pipEnv = { PIP_CONFIG_FILE: '/dev/null', PIP_DISABLE_PIP_VERSION_CHECK: '1', PIP_NO_CACHE_DIR: '1' };

/** The version that pip would install. */
async function pip(name: string, channels: readonly string[]): Promise<string> {
  const [first = '', ...others] = channels.map(indexUrl);
  const dir = home();
  const report = join(dir, 'report.json');
  const args = ['install', '-q', '--dry-run', '--ignore-installed', '--no-deps', '--report', report, name];
  const env = { ...pipEnv, HOME: dir, PIP_INDEX_URL: first, PIP_EXTRA_INDEX_URL: others.join(' ') };
  const { code, output } = await runClient('pip', args, env);
  if (code !== 0) return output;
  const { install } = JSON.parse(readFileSync(report, 'utf8')) as {
    install: { metadata: { version: string } }[];
  };
  return install.map(({ metadata }) => metadata.version).join();
}

async function uv(name: string, channels: readonly string[]): Promise<string> {
  const [first = '', ...others] = channels.map(indexUrl);
  const dir = home();
  writeFileSync(join(dir, 'in.txt'), `${name}\n`);
  const args = [
    'pip',
    'compile',
    '-q',
    '--no-cache',
    '--no-header',
    '--no-annotate',
    '--index-strategy',
    'unsafe-best-match',
  ];
  const env = { HOME: dir, UV_NO_CONFIG: '1', UV_PYTHON_DOWNLOADS: 'never', UV_DEFAULT_INDEX: first };
  const { output } = await runClient(
    'uv',
    [...args, 'in.txt'],
    { ...env, UV_INDEX: others.join(' ') },
    { cwd: dir },
  );
  return output.trim().split('\n').at(-1) ?? '';
}

async function rattler(name: string, channel: string): Promise<string> {
  const url = `http://127.0.0.1:${scene.port}/conda/t/${scene.token.text}/${channel}`;
  const { solved, output } = await rattlerSolve(home(), url, name);
  return solved.length === 0 ? output : solved.join();
}

function enforce(rule: PolicyRule): void {
  scene.policies = [policyOf([rule])];
  scene.update();
}

async function expectBlocked(path: string, reason: string | RegExp): Promise<void> {
  const answer = await scene.get(path);
  const [, said = '', id = ''] =
    /^Blocked by policy House rules: (.*) \[([^\]]+)\](?:; \S+ is allowed)?$/.exec(answer.reason) ?? [];
  expect([answer.status, said]).toEqual([
    403,
    typeof reason === 'string' ? reason : expect.stringMatching(reason),
  ]);
  expect(answer.headers['content-type']).toContain('application/problem+json');
  expect(JSON.parse(answer.body)).toMatchObject({
    status: 403,
    decision: id,
    reasons: [{ policy: 'House rules', mode: 'enforce', says: expect.stringContaining(said) as string }],
  });
}

describe.each(cases)('a rule about %s', (_what, test) => {
  const { rule, reason, condaReason = reason, names = ['acme-hello', 'acme-tool'] } = test;
  const { blocked = [young, 'linux-64/acme-tool-2.0-0.conda'], other } = test;
  const [name, tool] = names;

  it('leads pip, uv and rattler to the best version that is allowed, and blocks the other by itself', async () => {
    enforce(rule);
    const channels = other === true ? ['index', 'spare'] : ['index'];
    expect(
      await Promise.all([
        pip(name, channels),
        uv(name, channels),
        rattler(tool, other === true ? 'spare-tools' : 'tools'),
      ]),
    ).toEqual(['1.0', `${name}==1.0`, `${tool}=1.0`]);
    await expectBlocked(`/pypi/index/files/${name}/${blocked[0]}`, reason);
    await expectBlocked(`/pypi/index/files/${name}/${blocked[0]}.metadata`, reason);
    await expectBlocked(`/conda/tools/${blocked[1]}`, condaReason);
  });
});

describe('rules that let everything pass', () => {
  it('lead to the newest: those about tokens speak about tokens only', async () => {
    enforce({ type: 'tokens', maxTtlDays: 1, networksRequired: true });
    expect(
      await Promise.all([
        pip('acme-hello', ['index']),
        uv('acme-hello', ['index']),
        rattler('acme-tool', 'tools'),
      ]),
    ).toEqual(['2.0', 'acme-hello==2.0', 'acme-tool=2.0']);
  });
});

it('Poetry locks the best version that is allowed', async () => {
  enforce(cases.find(([what]) => what === 'licenses')![1].rule);
  const dir = home();
  const project = [
    '[project]',
    'name = "x"',
    'version = "1"',
    'requires-python = ">=3.9,<4"',
    'dependencies = ["acme-hello"]',
    '[tool.poetry]',
    'package-mode = false',
    '[[tool.poetry.source]]',
    'name = "internal"',
    `url = "http://127.0.0.1:${scene.port}/pypi/index/simple/"`,
    'priority = "primary"',
  ];
  writeFileSync(join(dir, 'pyproject.toml'), project.join('\n'));
  const env = {
    HOME: dir,
    POETRY_HTTP_BASIC_INTERNAL_USERNAME: 'token',
    POETRY_HTTP_BASIC_INTERNAL_PASSWORD: scene.token.text,
  };
  const { code, output } = await runClient('poetry', ['lock', '-n'], env, { venv: toolsVenv, cwd: dir });
  expect([code, code === 0 ? '' : output]).toEqual([0, '']);
  expect(readFileSync(join(dir, 'poetry.lock'), 'utf8')).toMatch(/name = "acme-hello"\nversion = "1\.0"/);
});

/** The gateway in Electron's utility process. */
import { mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { gzipSync } from 'node:zlib';
import { htmlPageText, jsonPageText, repodataText } from '../support/index-pages.ts';
import { wheel } from '../unit/gateway/pypi-scene.ts';
import { expect, must, setUp, test } from './support/app-fixture.ts';

type View = { running: boolean; port: number; problem?: string; baseUrl: string };

/** Processes whose parent chain leads to `root`, and what they were started as. */
function processesOf(root: number): { pid: number; command: string }[] {
  const all = readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .flatMap((name) => {
      try {
        const stat = readFileSync(`/proc/${name}/stat`, 'utf8');
        const parent = Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]);
        return [{ pid: Number(name), parent, command: readFileSync(`/proc/${name}/cmdline`, 'utf8') }];
      } catch {
        return [];
      }
    });
  const found = new Set([root]);
  for (let before = 0; before !== found.size;) {
    before = found.size;
    for (const { pid, parent } of all) if (found.has(parent)) found.add(pid);
  }
  return all.filter(({ pid }) => found.has(pid));
}

const gatewayOf = (root: number): number | undefined =>
  processesOf(root).find(({ command }) => command.includes('node.mojom.NodeService'))?.pid;
const isAlive = (pid: number): boolean => {
  try {
    return !readFileSync(`/proc/${pid}/stat`, 'utf8').includes(') Z ');
  } catch {
    return false;
  }
};
const statusOf = async (url: string): Promise<number> =>
  fetch(url).then(
    ({ status }) => status,
    () => 0,
  );

test.skip(process.platform !== 'linux', 'reads /proc');

test('the gateway is a process of its own, started again alone when it dies, and ends with the app', async ({
  launch,
}) => {
  const { app, page } = await launch();
  await setUp(page);
  const settings = await must(page, 'settings.get');
  await must(page, 'settings.set', { ...settings, gateway: { autoStart: false, port: 0 } });
  const root = app.process().pid!;
  await must(page, 'gateway.stop');
  // It has said goodbye, and the system takes a moment to end it.
  await expect.poll(() => gatewayOf(root)).toBeUndefined();
  const started = await must<View>(page, 'gateway.start');
  expect(await statusOf(`${started.baseUrl}/healthz`)).toBe(200);
  const first = gatewayOf(root)!;
  expect(first).toBeDefined();

  process.kill(first, 'SIGKILL');
  await expect.poll(() => gatewayOf(root)).not.toBe(first);
  await expect.poll(() => statusOf(`${started.baseUrl}/healthz`)).toBe(200);
  expect(await must<View>(page, 'gateway.status')).toMatchObject({ running: true, port: started.port });
  const second = gatewayOf(root)!;

  // Nobody is there to say goodbye.
  process.kill(root, 'SIGKILL');
  await expect.poll(() => isAlive(second)).toBe(false);
});

test('documents are read in its threads: of upstreams in each form, and of a folder', async ({
  launch,
  dataDir,
}) => {
  const jsonType = 'application/vnd.pypi.simple.v1+json';
  const bodies = new Map([
    ['/json/acme/', [jsonType, jsonPageText('acme', 5_000)]],
    ['/html/acme/', ['text/html', htmlPageText('acme', 5_000)]],
    ['/conda/linux-64/repodata.json', ['application/json', repodataText(5_000)]],
  ] as const);
  const upstream = createServer((req, res) => {
    const [type, text] = bodies.get(req.url as never) ?? [];
    if (type === undefined) return void res.writeHead(404).end();
    res.writeHead(200, { 'content-type': type, 'content-encoding': 'gzip' }).end(gzipSync(text));
  });
  await new Promise<void>((resolve) => upstream.listen(0, '127.0.0.1', resolve));
  const host = `127.0.0.1:${(upstream.address() as AddressInfo).port}`;
  const folder = path.join(dataDir, 'wheels');
  mkdirSync(folder);
  writeFileSync(path.join(folder, 'acme-1.0-py3-none-any.whl'), wheel('acme', '1.0'));

  const { page } = await launch();
  await setUp(page);
  const settings = await must(page, 'settings.get');
  await must(page, 'settings.set', { ...settings, gateway: { autoStart: false, port: 0 } });
  await must(page, 'gateway.stop');
  const team = await must<{ id: string }>(page, 'teams.create', { name: 'readers' });
  const [environment] = await must<{ id: string }[]>(page, 'environments.list');
  const channels: { id: string }[] = [];
  for (const [name, kind, upstreamOf] of [
    ['json-index', 'pypi', { type: 'url', url: `http://${host}/json/` }],
    ['html-index', 'pypi', { type: 'url', url: `http://${host}/html/` }],
    ['conda-index', 'conda', { type: 'url', url: `http://${host}/conda` }],
    ['wheels', 'pypi', { type: 'folder', label: 'wheels', path: folder }],
  ] as const)
    channels.push(
      await must<{ id: string }>(page, 'channels.create', {
        name,
        kind,
        upstream: upstreamOf,
        environmentIds: [environment!.id],
        ...(upstreamOf.type === 'url' ? { privateHosts: [host] } : {}),
      }),
    );
  const { secret } = await must<{ secret: string }>(page, 'tokens.issue', {
    holder: { kind: 'service', name: 'reader' },
    teamId: team.id,
    environmentId: environment!.id,
    channelIds: channels.map(({ id }) => id),
    ttlDays: 30,
  });
  const { baseUrl } = await must<View>(page, 'gateway.start');
  const ask = async (at: string, accept = jsonType) => {
    const answer = await fetch(`${baseUrl}${at}`, { headers: { authorization: `Bearer ${secret}`, accept } });
    return { status: answer.status, text: await answer.text() };
  };
  for (const [channel, files] of [
    ['json-index', 5_000],
    ['html-index', 5_000],
    ['wheels', 1],
  ] as const) {
    const json = await ask(`/pypi/${channel}/simple/acme/`);
    expect([channel, json.status]).toEqual([channel, 200]);
    expect((JSON.parse(json.text) as { files: unknown[] }).files).toHaveLength(files);
    const html = await ask(`/pypi/${channel}/simple/acme/`, 'text/html');
    expect(html.text.match(/<a /g)).toHaveLength(files);
  }
  const metadata = await ask('/pypi/wheels/files/acme/acme-1.0-py3-none-any.whl.metadata');
  expect(metadata.text).toContain('Name: acme');
  const index = await ask('/conda/conda-index/linux-64/repodata.json');
  // With the gateway's clock in each record.
  expect(index.text.replaceAll(/,"indexed_timestamp":\d{13}/g, '')).toBe(repodataText(5_000));
  upstream.closeAllConnections();
  upstream.close();
});

test('it logs requests, sealed to the admin, who opens them again', async ({ launch, dataDir }) => {
  const folder = path.join(dataDir, 'wheels');
  mkdirSync(folder);
  writeFileSync(path.join(folder, 'acme-1.0-py3-none-any.whl'), wheel('acme', '1.0'));
  const { page } = await launch();
  await setUp(page);
  const settings = await must(page, 'settings.get');
  await must(page, 'settings.set', { ...settings, gateway: { autoStart: false, port: 0 } });
  const team = await must<{ id: string }>(page, 'teams.create', { name: 'readers' });
  const [environment] = await must<{ id: string }[]>(page, 'environments.list');
  const channel = await must<{ id: string }>(page, 'channels.create', {
    name: 'wheels',
    kind: 'pypi',
    upstream: { type: 'folder', label: 'wheels', path: folder },
    environmentIds: [environment!.id],
  });
  const { secret } = await must<{ secret: string }>(page, 'tokens.issue', {
    holder: { kind: 'service', name: 'reader' },
    teamId: team.id,
    environmentId: environment!.id,
    channelIds: [channel.id],
    ttlDays: 30,
  });
  const { baseUrl } = await must<View>(page, 'gateway.start');
  const answer = await fetch(`${baseUrl}/pypi/wheels/files/acme/acme-1.0-py3-none-any.whl`, {
    headers: { authorization: `Bearer ${secret}`, 'x-latchkey-ci': 'project=acme; job=7; user=grace' },
  });
  expect(answer.status).toBe(200);
  await answer.arrayBuffer();
  await must(page, 'gateway.stop');

  const segments = readdirSync(path.join(dataDir, 'request-log', 'segments'));
  const [segment] = segments.filter((name) => name.endsWith('.jsonl'));
  const text = readFileSync(path.join(dataDir, 'request-log', 'segments', segment!), 'utf8');
  expect(text).toContain('acme-1.0-py3-none-any.whl');
  expect(text).not.toContain('grace');
  expect(text.trimEnd().split('\n').at(-1)).toMatch(/^\{"end":/);
  type Rows = { rows: { ciProject?: string; ciUser?: string; address?: string }[]; unopened: number };
  expect(await must<Rows>(page, 'log.rows', { open: true })).toMatchObject({
    rows: [{ kind: 'download', ciProject: 'acme', ciUser: 'grace', address: '127.0.0.1' }],
    unopened: 0,
  });
});

import { afterEach, describe, expect, it, vi } from 'vitest';
import { readSegment } from '../../../src-main/request-log/read-segment.ts';
import { listSegments } from '../../../src-main/request-log/segment-files.ts';
import type { SegmentBatch } from '../../../src-main/request-log/segment-lines.ts';
import { all, identity, newAdmin } from '../../support/log-rows.ts';
import { cleanTempDirs, tempDir } from '../../support/temp-dir.ts';
import { createGateway } from '../../../src-main/gateway/gateway.ts';
import type { GatewayOptions } from '../../../src-main/gateway/gateway-options.ts';
import { fileOf, sha256Of } from '../../support/cache-scene.ts';
import { bundleOf, channelOf, GatewayScene, nowMs } from './gateway-scene.ts';

cleanTempDirs();
let scene: GatewayScene;
afterEach(() => scene.close());

/** Opens a gateway that logs, with an admin to seal it to. */
async function openLogging(dir: string, options: Partial<GatewayOptions> = {}): Promise<void> {
  scene = await new GatewayScene().open({ identity, requestLogDir: dir, ...options });
  await enforce();
}

async function enforce(): Promise<void> {
  const bundle = bundleOf(100, scene.channels, scene.tokens);
  const { recipient } = await newAdmin();
  await scene.gateway.load({ ...bundle, logKeeping: { ...bundle.logKeeping, recipients: [recipient] } });
}

async function batchesIn(dir: string): Promise<SegmentBatch[]> {
  const batches: SegmentBatch[] = [];
  for (const { path } of await listSegments(dir)) batches.push(...(await all(readSegment(path))));
  return batches;
}

describe('what the request log keeps of requests', () => {
  it('has no rows to lose before there is a bundle: nobody is refused, all is counted', async () => {
    const dir = tempDir();
    scene = new GatewayScene();
    const options = { host: '127.0.0.1', port: 0, now: () => nowMs, identity, requestLogDir: dir };
    scene.gateway = createGateway(options);
    const { baseUrl } = await scene.gateway.start();
    const ask = async (login: string) => {
      const headers = { connection: 'close', ...(login === '' ? {} : { authorization: `Bearer ${login}` }) };
      return (await fetch(`${baseUrl}/conda/internal/noarch/tool-1.0-0.conda`, { headers })).status;
    };
    expect(await ask(scene.token.text)).toBe(503);
    expect(await ask('lk_wrong')).toBe(401);
    expect(await ask('')).toBe(401);
    expect(scene.gateway.logHealth()).toMatchObject({ waitingRows: 0, droppedRows: 0 });
    await enforce();
    await scene.gateway.stop();
    const [batch] = await batchesIn(dir);
    expect(batch?.rows).toEqual([]);
    expect(batch?.counts).toMatchObject([{ allowed: 0, denied: 2, failed: 1 }]);
  });

  it('tells downloads and refusals, and counts all else', async () => {
    const dir = tempDir();
    await openLogging(dir);
    const get = async (path: string, headers: Record<string, string> = {}, method = 'GET') => {
      const url = `http://127.0.0.1:${scene.port}/conda/${path}`;
      const answer = await fetch(url, {
        method,
        headers: { authorization: `Bearer ${scene.token.text}`, connection: 'close', ...headers },
      });
      await answer.arrayBuffer();
      return answer.status;
    };
    const file = 'internal/noarch/tool-1.0-0.conda';
    const ci = { 'user-agent': 'micromamba/2.4 more', 'x-latchkey-ci': 'project=acme; job=7; user=grace' };
    expect(await get(file, ci)).toBe(200);
    expect(await get(file, { range: 'bytes=0-3' })).toBe(206);
    expect(await get(file, {}, 'HEAD')).toBe(200);
    expect(await get('internal/noarch/repodata.json')).toBe(200);
    expect(await get('internal/noarch/none-1.0-0.conda')).toBe(404);
    expect(await get('unknown/noarch/tool-1.0-0.conda')).toBe(403);
    expect(await get(file, { authorization: 'Bearer lk_wrong' })).toBe(401);
    const asked = await fetch(`http://127.0.0.1:${scene.port}/conda/${file}`, {
      headers: { connection: 'close' },
    });
    expect(asked.status).toBe(401);
    await vi.waitFor(async () => expect((await batchesIn(dir)).flatMap(({ rows }) => rows)).toHaveLength(4), {
      timeout: 20_000,
    });
    await scene.gateway.stop();
    const batches = await batchesIn(dir);
    const token = { tokenId: scene.token.id, teamId: 'science', environmentId: 'dev' };
    const tool = { ecosystem: 'conda', name: 'tool', version: '1.0', filename: 'tool-1.0-0.conda' };
    expect(batches.flatMap(({ rows }) => rows)).toMatchObject([
      {
        kind: 'download',
        status: 200,
        bytes: 10,
        atMs: nowMs,
        channelId: 'id-internal',
        client: 'micromamba/2.4',
        ciProject: 'acme',
        ciJob: '7',
        ...token,
        ...tool,
      },
      { kind: 'download', status: 206, bytes: 4, ...tool },
      { kind: 'refusal', status: 403, cause: 'access.channel', ...token },
      { kind: 'refusal', status: 401 },
    ]);
    const [, , foreign] = batches.flatMap(({ rows }) => rows);
    for (const member of ['channelId', 'name', 'filename']) expect(foreign).not.toHaveProperty(member);
    const counts = batches.flatMap((batch) => batch.counts);
    const sum = (member: 'allowed' | 'denied' | 'failed') =>
      counts.reduce((total, count) => total + count[member], 0);
    expect([sum('allowed'), sum('denied'), sum('failed')]).toEqual([2, 1, 1]);
    expect(counts.find(({ denied }) => denied > 0)).not.toHaveProperty('tokenId');
  });

  it('names the hash of a file and whether it was kept, and takes one of another hash for refused', async () => {
    const dir = tempDir();
    const bytes = fileOf('tool', 300_000);
    const record = {
      name: 'tool',
      version: '1.0',
      build: '0',
      build_number: 0,
      depends: [],
      sha256: sha256Of(bytes),
    };
    const repodata = {
      info: { subdir: 'noarch' },
      packages: {},
      'packages.conda': { 'tool-1.0-0.conda': record },
    };
    let content = Buffer.from(bytes).fill(0, 5, 6);
    await openLogging(dir, { packageCache: { dir: tempDir(), maxBytes: 1024 ** 3 } });
    const base = await scene.upstream((req, res) => {
      const body = req.url?.endsWith('.json') === true ? Buffer.from(JSON.stringify(repodata)) : content;
      res.writeHead(200, { 'content-length': body.length }).end(body);
    });
    const upstream = { type: 'url', url: `${base}/`, privateHosts: [new URL(base).host] } as const;
    scene.addChannel(channelOf('remote', upstream));
    await enforce();
    const path = '/conda/remote/noarch/tool-1.0-0.conda';
    await scene.get('/conda/remote/noarch/repodata.json');
    await scene.get(path).catch(() => undefined);
    expect((await scene.get(path, 'Range: bytes=0-9')).status).toBe(502);
    content = Buffer.from(bytes);
    for (let turn = 0; turn < 2; turn += 1) expect((await scene.get(path)).status).toBe(200);
    await scene.gateway.stop();
    const wrong = { kind: 'refusal', cause: 'channel.wrong-file', filename: 'tool-1.0-0.conda' };
    const sha256 = sha256Of(bytes);
    expect((await batchesIn(dir)).flatMap(({ rows }) => rows)).toMatchObject([
      { ...wrong, sha256 },
      { ...wrong, status: 502 },
      { kind: 'download', cache: 'fill', sha256 },
      { kind: 'download', cache: 'hit', sha256 },
    ]);
  });
});

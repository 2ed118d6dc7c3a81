import { afterEach, describe, expect, it, vi } from 'vitest';
import { readSegment } from '../../../src-main/request-log/read-segment.ts';
import { listSegments } from '../../../src-main/request-log/segment-files.ts';
import type { SegmentBatch } from '../../../src-main/request-log/segment-lines.ts';
import { all, identity, newAdmin } from '../../support/log-rows.ts';
import { cleanTempDirs, tempDir } from '../../support/temp-dir.ts';
import { bundleOf, GatewayScene, nowMs } from './gateway-scene.ts';

cleanTempDirs();
let scene: GatewayScene;
afterEach(() => scene.close());

describe('what the request log keeps of requests', () => {
  it('tells downloads and refusals, and counts all else', async () => {
    const dir = tempDir();
    scene = await new GatewayScene().open({ identity, requestLogDir: dir });
    const admin = await newAdmin();
    const bundle = bundleOf(100, scene.channels, scene.tokens);
    const logKeeping = { ...bundle.logKeeping, recipients: [admin.recipient] };
    await scene.gateway.load({ ...bundle, logKeeping });
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
    const isWritten = async () => {
      const [segment] = await listSegments(dir);
      return (await all(readSegment(segment?.path ?? ''))).flatMap(({ rows }) => rows).length === 4;
    };
    await vi.waitFor(async () => expect(await isWritten()).toBe(true), { timeout: 20_000 });
    await scene.gateway.stop();
    const batches: SegmentBatch[] = [];
    for (const { path } of await listSegments(dir)) batches.push(...(await all(readSegment(path))));
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
});

/** Facts that are there and cannot be read: what asks for them is denied, whatever a rule says about having none. */
import { createHash } from 'node:crypto';
import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { PolicyRule } from '../../../../shared/model/policy-rules.ts';
import { compiledFormat } from '../../../../src-main/curation/compiled-facts.ts';
import { GatewayScene, nowMs } from '../gateway-scene.ts';
import { policyOf } from './policies.ts';

const malware: PolicyRule = { type: 'malware', noFacts: 'allow' };
const advisory = {
  id: 'MAL-1',
  ids: ['MAL-1'],
  isMalware: true,
  isExploited: false,
  summary: '',
  feeds: ['osv'],
  affected: [{ ecosystem: 'conda', name: 'other', versions: ['1.0'], ranges: [] }],
};
const head = { format: compiledFormat, ecosystems: ['conda'], advisories: 1, lists: [] };
const text = `${JSON.stringify(head)}\n${JSON.stringify(advisory)}\n`;
const sha256 = createHash('sha256').update(text).digest('hex');

const scene = new GatewayScene();
const subdir = join(scene.folder, 'noarch');
beforeAll(async () => {
  const record = { name: 'tool', version: '1.0', build: '0', indexed_timestamp: nowMs };
  writeFileSync(
    join(subdir, 'repodata.json'),
    JSON.stringify({ packages: {}, 'packages.conda': { 'tool-1.0-0.conda': record } }),
  );
  scene.policies = [policyOf([malware])];
  await scene.open();
});
afterAll(() => scene.close());

const tool = () => scene.get('/conda/internal/noarch/tool-1.0-0.conda');
const index = async () => (await scene.get('/conda/internal/noarch/repodata.json')).body;

it('deny, and allow again what they allow when they are there again', async () => {
  expect((await tool()).status).toBe(200);
  const path = join(scene.dir, 'facts.jsonl');
  writeFileSync(path, 'something else');
  scene.gateway.setFacts({ path, sha256 });
  const { status, reason } = await tool();
  expect([status, reason]).toEqual([403, expect.stringContaining('House rules')]);
  expect(await index()).not.toContain('tool-1.0');
  const again = join(scene.dir, 'again.jsonl');
  writeFileSync(again, text);
  scene.gateway.setFacts({ path: again, sha256 });
  expect((await tool()).status).toBe(200);
  expect(await index()).toContain('tool-1.0');
});

it('go on as they are known when their file is gone', async () => {
  const path = join(scene.dir, 'kept.jsonl');
  writeFileSync(path, text);
  scene.gateway.setFacts({ path, sha256 });
  expect((await scene.get('/conda/internal/noarch/other-1.0-0.conda')).status).toBe(403);
  rmSync(path);
  scene.curation = { labels: [{ ecosystem: 'conda', name: 'tool', labels: ['known'] }] };
  scene.update();
  expect((await scene.get('/conda/internal/noarch/other-1.0-0.conda')).status).toBe(403);
  expect((await tool()).status).toBe(200);
});

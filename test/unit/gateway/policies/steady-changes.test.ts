/** Policies and curation that never stop changing: everybody is answered, and nobody gets what was just denied. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { SpokenPackage } from '../../../../src-main/gateway/documents/spoken-files.ts';
import { underAsked, underCurrent } from '../../../../src-main/gateway/policy-scope.ts';
import { ReadyAnswers } from '../../../../src-main/gateway/ready-answers.ts';
import type { ChannelResponse, PolicyScope } from '../../../../src-main/gateway/types.ts';
import { whenJudged } from '../../../../src-main/gateway/when-judged.ts';
import { GatewayScene, nowMs } from '../gateway-scene.ts';
import { wheel } from '../pypi-scene.ts';
import { denyList, policyOf } from './policies.ts';

const scopeOf = (key: string): PolicyScope => ({ policies: [], key, tag: key });
/** Each time that it is asked for, other policies are in force. */
function restless() {
  let changes = 0;
  return {
    get scope() {
      changes += 1;
      return scopeOf(`${changes}`);
    },
  };
}

describe('what is made while policies change', () => {
  it('is never sent, where it is bytes of a package', async () => {
    const dropped: string[] = [];
    const made = underCurrent(
      restless(),
      ({ key }, turn) => `${turn} ${key}`,
      (what) => dropped.push(what),
    );
    await expect(made).rejects.toMatchObject({ status: 503, retryAfter: '1' });
    expect(dropped.map((what) => what.split(' ')[0])).toEqual(['0', '1', '2', '3', '4']);
  });

  it('is made again and then told, where it is an index', async () => {
    expect(await underAsked(restless(), (_scope, turn) => turn)).toBe(1);
  });

  it('is not kept for those who ask when the first policies are in force again', async () => {
    const ready = new ReadyAnswers(() => 0);
    const source = {};
    const response: ChannelResponse = {
      status: 200,
      headers: {},
      body: { type: 'bytes', bytes: new Uint8Array(1) },
    };
    const asked = (key: string) => ({ segments: [], headers: {}, scope: scopeOf(key) });
    // Asked for under A, made under B, and now A holds again.
    await ready.keep(source, 'index', asked('A'), () => Promise.resolve({ response, scopeKey: 'B' }));
    expect(ready.get(source, 'index', asked('A'))).toBeUndefined();
  });
});

describe('a file that is opened while policies change', () => {
  const denied: SpokenPackage = {
    filename: 'a',
    name: 'a',
    version: '1',
    isHidden: false,
    reasons: [{ mode: 'enforce' } as SpokenPackage['reasons'][number]],
  };
  async function opened(verdicts: (SpokenPackage | undefined)[], files = ['f']) {
    let key = 'before';
    let judged = 0;
    const streams: Readable[] = [];
    const answer = await whenJudged(
      {
        get scope() {
          return scopeOf(key);
        },
      },
      {
        judge: async () => {
          judged += 1;
          return {
            about: undefined,
            spoken: verdicts.shift(),
            file: files[Math.min(judged, files.length) - 1],
          };
        },
        isSame: (one, other) => one.file === other.file,
        open: async () => {
          if (streams.length === 0) key = 'after';
          const stream = Readable.from(['x']);
          streams.push(stream);
          return { status: 200, headers: {}, body: { type: 'stream', stream } };
        },
        refuse: async () => ({ status: 403, headers: {}, body: { type: 'none' } }),
        send: (response) => response,
      },
    );
    return { status: answer.status, judged, isOpen: streams.map(({ destroyed }) => !destroyed) };
  }

  it('is judged again, and opened once', async () => {
    expect(await opened([undefined, undefined])).toEqual({ status: 200, judged: 2, isOpen: [true] });
  });

  it('is let go and refused where they deny it now', async () => {
    expect(await opened([undefined, denied])).toEqual({ status: 403, judged: 2, isOpen: [false] });
  });

  it('is opened anew where another one stands under its name', async () => {
    const seen = await opened([undefined, undefined], ['f', 'g']);
    expect(seen).toEqual({ status: 200, judged: 2, isOpen: [false, true] });
  });
});

describe('a gateway', () => {
  const scene = new GatewayScene();
  beforeAll(async () => {
    const subdir = join(scene.folder, 'noarch');
    const record = (name: string) => ({ name, version: '1.0', build: '0', indexed_timestamp: nowMs });
    const records = Object.fromEntries(['tool', 'bad'].map((name) => [`${name}-1.0-0.conda`, record(name)]));
    writeFileSync(join(subdir, 'repodata.json'), JSON.stringify({ packages: {}, 'packages.conda': records }));
    writeFileSync(join(subdir, 'bad-1.0-0.conda'), 'SECRET');
    for (const name of ['tool', 'bad'])
      writeFileSync(join(scene.dir, 'wheels', `${name}-1.0-py3-none-any.whl`), wheel(name, '1.0'));
    scene.policies = [policyOf([denyList('conda', 'bad'), denyList('pypi', 'bad')])];
    await scene.open();
  });
  afterAll(() => scene.close());

  it('that is given changes without end answers for indexes, and gives out nothing that is denied', async () => {
    let isOver = false;
    const changing = (async () => {
      for (let change = 0; !isOver; change += 1) {
        scene.curation = { labels: [{ ecosystem: 'conda', name: `n${change % 9}`, labels: ['x'] }] };
        scene.update();
        // oxlint-disable-next-line no-await-in-loop
        await sleep(5);
      }
    })();
    const ask = (paths: readonly string[]) => Promise.all(paths.map((path) => scene.get(path)));
    const indexes = await ask([
      '/conda/internal/noarch/repodata.json',
      '/conda/internal/noarch/repodata_shards.msgpack.zst',
      '/pypi/python/simple/bad/',
    ]);
    const files = await ask([
      '/conda/internal/noarch/bad-1.0-0.conda',
      '/pypi/python/files/bad/bad-1.0-py3-none-any.whl',
      '/pypi/python/files/bad/bad-1.0-py3-none-any.whl.metadata',
    ]);
    isOver = true;
    await changing;
    expect(indexes.map(({ status }) => status)).toEqual([200, 200, 200]);
    expect(indexes[0]?.body).toContain('tool-1.0');
    expect(indexes[0]?.body).not.toContain('bad-1.0');
    for (const { status, body } of files) {
      expect([403, 503]).toContain(status);
      expect(body).not.toContain('SECRET');
    }
  });

  it('that is left in peace sends what is allowed', async () => {
    expect((await scene.get('/conda/internal/noarch/tool-1.0-0.conda')).status).toBe(200);
    expect((await scene.get('/pypi/python/files/tool/tool-1.0-py3-none-any.whl')).status).toBe(200);
    expect((await scene.get('/conda/internal/noarch/bad-1.0-0.conda')).status).toBe(403);
  });
});

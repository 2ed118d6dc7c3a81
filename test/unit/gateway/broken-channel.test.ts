import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { GatewayScene, channelOf, someToken } from './gateway-scene.ts';

const scene = new GatewayScene();
const problem = {
  code: 'credentials',
  message: "The stored credentials for its upstream can't be opened.",
} as const;
beforeAll(async () => {
  await scene.open();
  scene.addChannel(channelOf('sealed', { problem }));
  scene.addChannel(channelOf('sealed-py', { problem }, { kind: 'pypi' }));
  scene.addChannel(
    channelOf('unmapped', { problem: { code: 'folder-unmapped', message: 'Folder “wheels” is nowhere.' } }),
  );
});
afterAll(() => scene.close());

describe('a channel that is broken on this computer', () => {
  it.each([
    '/conda/sealed/noarch/repodata.json',
    '/conda/sealed/noarch/repodata.json.zst',
    '/conda/sealed/noarch/tool-1.0-0.conda',
    '/conda/sealed/notices.json',
    '/conda/sealed/nothing/of/ours',
    '/pypi/sealed-py/simple/',
    '/pypi/sealed-py/simple/tool/',
    '/pypi/sealed-py/files/tool/tool-1.0-py3-none-any.whl',
    '/pypi/sealed-py/files/tool/tool-1.0-py3-none-any.whl.metadata',
    '/pypi/sealed-py/other',
  ])('answers 502 with the reason: %s', async (path) => {
    const name = path.split('/')[2];
    const reason = `Channel ${name} is broken: ${problem.message}`;
    const answer = await scene.get(path);
    expect([answer.status, answer.reason]).toEqual([502, reason]);
    expect(JSON.parse(answer.body)).toMatchObject({ status: 502, detail: reason });
    expect((await scene.head(path)).status).toBe(502);
  });

  it('answers at the other places of a token too', async () => {
    const { text } = scene.token;
    for (const path of [
      `/conda/t/${text}/sealed/noarch/repodata.json`,
      `/t/${text}/conda/sealed/noarch/repodata.json`,
    ]) {
      expect((await scene.raw(path)).status).toBe(502);
    }
  });

  it('says what is wrong with a folder in characters fit for a status line', async () => {
    expect((await scene.get('/conda/unmapped/noarch/repodata.json')).reason).toBe(
      'Channel unmapped is broken: Folder "wheels" is nowhere.',
    );
  });

  it('says so only to a token that may reach it', async () => {
    const answer = await scene.raw('/conda/sealed/noarch/repodata.json', {
      headers: [`Authorization: ${scene.basic(someToken().text)}`],
    });
    expect([answer.status, answer.reason]).toEqual([401, 'Unknown token']);
  });

  it('leaves the others as they were, and counts as an error', async () => {
    expect((await scene.get('/conda/internal/noarch/repodata.json')).status).toBe(200);
    expect(scene.events.find((event) => event.status === 502)).toMatchObject({
      outcome: 'error',
      channel: 'sealed',
      decision: { effect: 'allow' },
    });
  });
});

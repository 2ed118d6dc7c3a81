import { existsSync } from 'node:fs';
import { dirname } from 'node:path';
import { describe, expect, it, vi } from 'vitest';
import { writeAddress } from '../../../src-main/agent/address-file.ts';
import { connectToAgent } from '../../../src-main/agent/client.ts';
import { cleanTempDirs } from '../../support/temp-dir.ts';
import { agentScene } from './agent-scene.ts';

cleanTempDirs();
const minuteMs = 60_000;

describe('how long an agent serves', () => {
  it('serves calls one after the other, and passes on what the app says meanwhile', async () => {
    const { where, app, emit } = await agentScene();
    const agent = await connectToAgent(where);
    const heard: unknown[] = [];
    agent?.on('notice', (data) => heard.push(data));
    app.answer = async (method) => {
      emit('notice', { message: method });
      return { ok: true, value: method };
    };
    if (agent === undefined) throw new Error('no agent');
    const answers = await Promise.all(['a.b', 'c.d', 'e.f'].map((name) => agent.invoke(name, {})));
    expect(answers.map((answer) => answer.ok && answer.value)).toEqual(['a.b', 'c.d', 'e.f']);
    expect(heard).toEqual([{ message: 'a.b' }, { message: 'c.d' }, { message: 'e.f' }]);
    emit('notice', { message: 'about somebody else’s call' });
    await agent?.invoke('a.b', {});
    expect(heard).toHaveLength(4);
    agent?.close();
  });

  it('ends after 15 minutes without a call; looking at it is none', async () => {
    const { where, pass, server, ends, path } = await agentScene();
    const agent = await connectToAgent(where);
    await agent?.invoke('teams.list', {});
    pass(14 * minuteMs);
    await agent?.invoke('teams.list', {});
    pass(14 * minuteMs);
    expect(server.isServing()).toBe(true);
    await agent?.invoke('agent.status', {});
    await agent?.invoke('session.status', {});
    pass(minuteMs);
    expect(server.isServing()).toBe(false);
    await agent?.closed;
    await vi.waitFor(() => expect(ends).toEqual(['idle']));
    expect(existsSync(path)).toBe(false);
    expect(existsSync(dirname(where.address))).toBe(false);
  });

  it('ends after 8 hours, however busy it is', async () => {
    const { where, pass, server, ends } = await agentScene();
    const agent = await connectToAgent(where);
    await agent?.invoke('teams.list', {});
    for (let part = 0; part < 8 * 6 - 1; part += 1) {
      pass(10 * minuteMs);
      await agent?.invoke('teams.list', {});
    }
    expect(server.isServing()).toBe(true);
    pass(10 * minuteMs);
    await vi.waitFor(() => expect(ends).toEqual(['old']));
  });

  it('serves nothing after a sleep, not even the call that woke it', async () => {
    let nowMs = 1_000_000;
    const { where, calls, ends } = await agentScene({ now: () => nowMs });
    const agent = await connectToAgent(where);
    await agent?.invoke('teams.list', {});
    nowMs += 2 * minuteMs;
    await expect(agent?.invoke('tokens.list', {})).rejects.toMatchObject({ code: 'AGENT_LOST' });
    expect(calls).toEqual(['teams.list']);
    await vi.waitFor(() => expect(ends).toEqual(['slept']));
  });

  it('does not live longer by a clock that is set back', async () => {
    let nowMs = 1_000_000_000;
    const { server, ends } = await agentScene({ now: () => nowMs });
    nowMs -= 60 * minuteMs;
    server.check();
    expect(ends).toEqual(['old']);
  });

  it('ends with the login, where that can be seen', async () => {
    let isLoggedIn = true;
    const { pass, ends } = await agentScene({ isLoggedIn: () => isLoggedIn });
    pass(10_000);
    isLoggedIn = false;
    pass(1_000);
    expect(ends).toEqual(['logout']);
  });

  it('ends when another agent took over, and leaves that one’s address', async () => {
    const { where, path, pass, ends } = await agentScene();
    writeAddress(path, { ...where, key: 'B'.repeat(43) });
    pass(1_000);
    expect(ends).toEqual(['replaced']);
    expect(existsSync(path)).toBe(true);
  });

  it('answers the call that locks it, then ends', async () => {
    const { where, app, emit, ends } = await agentScene();
    app.answer = async () => {
      app.isUnlocked = false;
      emit('session.changed', { vault: 'locked' });
      return { ok: true, value: 'locked' };
    };
    const agent = await connectToAgent(where);
    expect(await agent?.invoke('session.lock', {})).toEqual({ ok: true, value: 'locked' });
    await agent?.closed;
    await vi.waitFor(() => expect(ends).toEqual(['locked']));
    await expect(agent?.invoke('teams.list', {})).rejects.toThrow('Nothing was asked of it');
    expect(await connectToAgent(where)).toBeUndefined();
  });

  it('says of a call that was under way when it died that nobody knows', async () => {
    const { where, app } = await agentScene();
    const agent = await connectToAgent(where);
    app.answer = () => {
      agent?.close();
      return new Promise(() => undefined);
    };
    await expect(agent?.invoke('tokens.issue', {})).rejects.toMatchObject({
      code: 'AGENT_LOST',
      message: expect.stringContaining('look before you repeat it') as string,
    });
  });
});

import { EventEmitter } from 'node:events';
import type { BrowserWindow } from 'electron';
import { describe, expect, it, vi } from 'vitest';
import { guardEdits } from '../../../src-main/hosts/electron/unsaved-edits.ts';

/** A window whose page holds its end back, as Electron tells it. */
function scene() {
  const webContents = Object.assign(new EventEmitter(), { reload: vi.fn<() => void>() });
  const window = Object.assign(new EventEmitter(), {
    webContents,
    show: vi.fn<() => void>(),
    isDestroyed: () => false,
    destroy: vi.fn<() => void>(),
  });
  const answers: ((goes: boolean) => void)[] = [];
  const state = { counts: true, isQuitting: false };
  const hooks = {
    counts: () => state.counts,
    isQuitting: () => state.isQuitting,
    stay: () => {
      state.isQuitting = false;
    },
    quit: vi.fn<() => void>(),
    ask: vi.fn<() => Promise<boolean>>(() => new Promise<boolean>((resolve) => answers.push(resolve))),
  };
  guardEdits(window as unknown as BrowserWindow, hooks);
  const event = () => ({ defaultPrevented: false, preventDefault: vi.fn<() => void>() });
  return {
    state,
    hooks,
    window,
    webContents,
    close: () => window.emit('close', event()),
    /** @returns whether the page ends all the same */
    hold: () => {
      const held = event();
      webContents.emit('will-prevent-unload', held);
      return held.preventDefault.mock.calls.length > 0;
    },
    answer: async (goes: boolean) => {
      answers.shift()?.(goes);
      await new Promise((resolve) => setImmediate(resolve));
    },
  };
}

describe('edits on the page', () => {
  it('are asked about before the window closes, and it closes when they may go', async () => {
    const { close, hold, answer, window, hooks } = scene();
    close();
    expect(hold()).toBe(false);
    expect(window.show).toHaveBeenCalled();
    expect(window.destroy).not.toHaveBeenCalled();
    await answer(true);
    expect(window.destroy).toHaveBeenCalledTimes(1);
    expect(hooks.ask).toHaveBeenCalledTimes(1);
  });

  it('stay where somebody keeps them, and are asked about again the next time', async () => {
    const { close, hold, answer, window, hooks } = scene();
    close();
    hold();
    await answer(false);
    expect(window.destroy).not.toHaveBeenCalled();
    close();
    expect(hold()).toBe(false);
    expect(hooks.ask).toHaveBeenCalledTimes(2);
  });

  it('keep the app from quitting, which then goes on, or quits', async () => {
    const { state, hold, answer, hooks, window } = scene();
    state.isQuitting = true;
    expect(hold()).toBe(false);
    expect(state.isQuitting).toBe(false);
    await answer(true);
    expect(hooks.quit).toHaveBeenCalledTimes(1);
    expect(window.destroy).toHaveBeenCalledTimes(1);
  });

  it('are asked about once, however often somebody closes', async () => {
    const { close, hold, answer, hooks, window } = scene();
    for (let turn = 0; turn < 3; turn += 1) {
      close();
      expect(hold()).toBe(false);
    }
    expect(hooks.ask).toHaveBeenCalledTimes(1);
    await answer(true);
    expect(window.destroy).toHaveBeenCalledTimes(1);
  });

  it('never keep a locked vault’s page, nor the system', () => {
    const { state, hold, hooks } = scene();
    state.counts = false;
    expect(hold()).toBe(true);
    expect(hooks.ask).not.toHaveBeenCalled();
  });

  it('count again on the page that was loaded anew', async () => {
    const { hold, answer, webContents, hooks } = scene();
    hold();
    await answer(true);
    expect(webContents.reload).toHaveBeenCalledTimes(1);
    expect(hold()).toBe(true);
    webContents.emit('did-finish-load');
    expect(hold()).toBe(false);
    expect(hooks.ask).toHaveBeenCalledTimes(2);
  });
});

import { describe, expect, it } from 'vitest';
import { createClipboardGuard } from '../../../src-main/hosts/electron/clipboard-guard.ts';
import { findOpened, parseDeepLink } from '../../../src-main/hosts/electron/deep-links.ts';
import { expiryNotice } from '../../../src-main/hosts/electron/expiry-notices.ts';
import { screens } from '../../../shared/model/screens.ts';
import { menuTemplate } from '../../../src-main/hosts/electron/menu.ts';
import { defaultSize, usableBounds } from '../../../src-main/hosts/electron/window-bounds.ts';
import type { TokenView } from '../../../shared/contract/token-views.ts';

describe('latchkey:// links', () => {
  it('shows a token by its id', () => {
    expect(parseDeepLink('latchkey://token/aB3dE6gH')).toEqual({ type: 'show-token', tokenId: 'aB3dE6gH' });
    expect(parseDeepLink('latchkey://token/aB3dE6gH/')).toEqual({ type: 'show-token', tokenId: 'aB3dE6gH' });
  });

  it.each([
    '',
    'latchkey://token/',
    'latchkey://token/aB3dE6g',
    'latchkey://token/aB3dE6gHi',
    'latchkey://token/aB3dE6g%48',
    'latchkey://token/../tokens',
    'latchkey://token/aB3dE6gH?revoke=1',
    'latchkey://token/aB3dE6gH#x',
    'latchkey://token/aB3dE6gH\nlatchkey://token/aB3dE6gH',
    'latchkey://revoke/aB3dE6gH',
    'latchkey:token/aB3dE6gH',
    'https://token/aB3dE6gH',
    ' latchkey://token/aB3dE6gH',
  ])('ignores %j', (link) => expect(parseDeepLink(link)).toBeUndefined());

  it('takes the first link or backup file of a start, and no switch', () => {
    expect(findOpened(['app', '--x=a.latchkey', 'plan.latchkey'], '/home/ada')).toEqual({
      type: 'file',
      path: '/home/ada/plan.latchkey',
    });
    expect(
      findOpened(['app.latchkey', '--flag', 'file:///etc/x.latchkey', 'https://h/x.latchkey'], '/'),
    ).toBeUndefined();
    expect(findOpened(['app', 'latchkey://token/aB3dE6gH'], '/')).toMatchObject({ type: 'link' });
  });
});

describe('the window’s place', () => {
  const display = { x: 0, y: 0, width: 1920, height: 1080 };

  it('is kept where a display shows it', () => {
    const stored = { x: 100, y: 50, width: 1000, height: 700 };
    expect(usableBounds(stored, [display])).toEqual(stored);
  });

  it.each([
    { x: 5000, y: 0, width: 1000, height: 700 },
    { x: -990, y: 0, width: 1000, height: 700 },
    { x: 0, y: -400, width: 1000, height: 700 },
    { x: 0, y: 1079, width: 1000, height: 700 },
    { x: 0.5, y: 0, width: 1000, height: 700 },
    { x: 0, y: 0, width: -1, height: 700 },
    { x: '0', y: 0, width: 1000, height: 700 },
    null,
    'x',
    undefined,
  ])('is the default for %j', (stored) => expect(usableBounds(stored, [display])).toEqual(defaultSize));

  it('is cut to its display', () => {
    expect(usableBounds({ x: 0, y: 0, width: 9000, height: 9000 }, [display])).toMatchObject({
      width: 1920,
      height: 1080,
    });
  });
});

describe('the clipboard guard', () => {
  function scene() {
    let content = '';
    const timers: (() => void)[] = [];
    const clipboard = {
      writeText: (text: string) => void (content = text),
      readText: () => content,
      clear: () => void (content = ''),
    };
    const guard = createClipboardGuard(clipboard, (run) => {
      timers.push(run);
      return () => void timers.splice(timers.indexOf(run), 1);
    });
    return { guard, clipboard, timers, content: () => content };
  }

  it('takes a secret out after its time', async () => {
    const { guard, timers, content } = scene();
    await guard.copySecret('lk-1', 60);
    expect(content()).toBe('lk-1');
    timers[0]!();
    await Promise.resolve();
    await Promise.resolve();
    expect(content()).toBe('');
  });

  it('leaves alone what was copied since', async () => {
    const { guard, clipboard, content } = scene();
    await guard.copySecret('lk-1', 60);
    clipboard.writeText('mine');
    await guard.clearNow();
    expect(content()).toBe('mine');
  });

  it('keeps only the newest secret’s timer, and none for zero seconds', async () => {
    const { guard, timers } = scene();
    await guard.copySecret('lk-1', 60);
    await guard.copySecret('lk-2', 60);
    expect(timers).toHaveLength(1);
    await guard.copySecret('lk-3', 0);
    expect(timers).toHaveLength(0);
  });
});

describe('the notice about tokens that end soon', () => {
  const now = 1_000_000_000_000;
  const row = (id: string, days: number, more: Partial<TokenView> = {}): TokenView =>
    ({
      id,
      state: 'expiring',
      expiresAtMs: now + days * 86_400_000,
      holder: { kind: 'service', name: `holder-${id}` },
      teamName: 'data',
      environmentName: 'prod',
      ...more,
    }) as TokenView;

  it('names the first one, once', () => {
    const seen = new Set<string>();
    expect(expiryNotice([row('b', 3), row('a', 1)], now, seen)).toEqual({
      title: '2 tokens expire soon',
      body: 'The first is holder-a (data, prod): in 1 day.',
      tokenId: 'a',
    });
    expect(expiryNotice([row('b', 3), row('a', 1)], now, seen)).toBeUndefined();
    expect(expiryNotice([row('c', 0.5)], now, seen)?.body).toBe('holder-c (data, prod): within a day.');
  });

  it('says nothing about tokens that were rotated, are over, or are not ending', () => {
    const rows = [row('a', 1, { rotatedTo: 'b' as never }), row('c', -1), row('d', 2, { state: 'active' })];
    expect(expiryNotice(rows, now, new Set())).toBeUndefined();
  });
});

describe('the menu', () => {
  const actions = {
    command: () => undefined,
    lock: () => undefined,
    showAbout: () => undefined,
    checkForUpdates: () => undefined,
    openPage: () => undefined,
    quit: () => undefined,
  };
  for (const platform of ['linux', 'darwin', 'win32'] as const) {
    it(`has no reload and no developer tools in a packaged app on ${platform}, and no shortcut twice`, () => {
      const text = JSON.stringify(
        menuTemplate(actions, { platform, allowDevTools: false, isUnlocked: true }),
      );
      expect(text).not.toMatch(/toggleDevTools|"reload"/);
      const keys = [...text.matchAll(/"accelerator":"([^"]+)"/g)].map((match) => match[1]);
      expect(new Set(keys).size).toBe(keys.length);
    });

    it(`leads to every screen on ${platform}`, () => {
      const text = JSON.stringify(
        menuTemplate(actions, { platform, allowDevTools: false, isUnlocked: true }),
      );
      for (const screen of screens) expect(text).toContain(`"id":"${screen}"`);
    });
  }
});

import { afterEach, describe, expect, it, vi } from 'vitest';
import type { Bridge } from '../../../shared/contract/types.ts';
import { fromWireError } from '../../../shared/errors.ts';
import { findBridge } from '../../../src-renderer/client/bridge.ts';
import { errorText } from '../../../src-renderer/client/error-text.ts';

afterEach(() => vi.unstubAllGlobals());

describe('a desktop app whose main process answers no more', () => {
  it('is called stopped, not a bug, until it answers again', async () => {
    const invoke = vi
      .fn<Bridge['invoke']>()
      .mockRejectedValueOnce(
        new Error("Error invoking remote method 'latchkey:invoke': No handler registered"),
      )
      .mockResolvedValueOnce({ ok: true, value: {} });
    vi.stubGlobal('window', { latchkey: { invoke, on: () => () => undefined } });
    const bridge = findBridge();
    const seen: boolean[] = [];
    bridge.onReachable((isReachable) => seen.push(isReachable));
    const result = await bridge.invoke('host.about', {});
    expect(result).toMatchObject({ ok: false, error: { code: 'INTERNAL', details: { connection: 'lost' } } });
    if (result.ok) return;
    expect(errorText(fromWireError(result.error))).toMatchObject({
      title: 'Latchkey was stopped',
      text: 'Start it again.',
    });
    await bridge.invoke('host.about', {});
    expect(seen).toEqual([false, true]);
  });
});

import { beforeEach, describe, expect, it } from 'vitest';
import type { VerifyView } from '../../../shared/contract/vault-views.ts';
import { startFakeHost } from './fake-host.ts';

const host = startFakeHost();
const { useVerify } = await import('../../../src-renderer/state/verify.ts');
const running: VerifyView = { state: 'running', checked: 0, total: 9, voidCount: 0 };
const done: VerifyView = { ...running, state: 'done', checked: 9 };

beforeEach(() => useVerify.getState().reset());

describe('the check of the whole log', () => {
  it('runs once it was started, and is done when the host says so', async () => {
    host.answer('vault.verify', () => running);
    await useVerify.getState().start();
    expect(useVerify.getState().check).toEqual(running);
    useVerify.getState().tell(done);
    expect(useVerify.getState().check).toEqual(done);
  });

  it('stays done when it was quicker than the answer to its start', async () => {
    host.answer('vault.verify', () => {
      useVerify.getState().tell(done);
      return running;
    });
    await useVerify.getState().start();
    expect(useVerify.getState().check).toEqual(done);
  });

  it('is forgotten with a lock, also by an answer that comes after it', async () => {
    let answer: ((check: VerifyView) => void) | undefined;
    host.answer('vault.verifyStatus', () => new Promise((resolve) => (answer = resolve)));
    const loading = useVerify.getState().load();
    useVerify.getState().reset();
    answer?.(running);
    await loading;
    expect(useVerify.getState().check).toBeUndefined();
  });
});

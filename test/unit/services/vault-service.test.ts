import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { VerifyView } from '../../../shared/contract/vault-views.ts';
import type { MemoryApp } from '../../support/memory-app.ts';
import { openUnlockedMemoryApp } from '../../support/memory-app.ts';
import { operatorId } from '../../../shared/model/ids.ts';

let app: MemoryApp;
let seen: VerifyView[];
beforeEach(async () => {
  app = await openUnlockedMemoryApp();
  seen = [];
  app.app.on('vault.verifying', (view) => {
    seen.push(view);
    // Every step is told when the clock goes on.
    app.clock.nowMs += 1_000;
  });
});
afterEach(() => app.close());

/** Resolves with the first view of a state. */
const until = (state: VerifyView['state']) =>
  new Promise<VerifyView>((resolve) => {
    const stop = app.app.on('vault.verifying', (view) => {
      if (view.state !== state) return;
      stop();
      resolve(view);
    });
  });

describe('the full check of the log', () => {
  it('answers at once, and tells its progress and its end', async () => {
    const done = until('done');
    expect(await app.client.vault.verify()).toEqual({ state: 'running', checked: 0, total: 2, voidCount: 0 });
    expect(await done).toEqual({ state: 'done', checked: 2, total: 2, voidCount: 0 });
    expect(seen.map(({ state, checked }) => [state, checked])).toEqual([
      ['running', 1],
      ['running', 2],
      ['done', 2],
    ]);
    expect(await app.client.vault.verifyStatus()).toMatchObject({ state: 'done' });
  });

  it('fails with the line that is damaged', async () => {
    app.door.vault!.damage = { line: 2, why: 'Line 2 of the log is damaged.' };
    const failed = until('failed');
    await app.client.vault.verify();
    expect((await failed).problem).toBe('Line 2 of the log is damaged.');
  });

  it('runs once, and ends when it is cancelled', async () => {
    let go = (): void => undefined;
    app.door.vault!.verifyStep = () => new Promise((resolve) => (go = resolve));
    await app.client.vault.verify();
    expect(await app.client.vault.verify()).toMatchObject({ state: 'running' });
    const cancelled = until('cancelled');
    await app.client.vault.cancelVerify();
    go();
    expect(await cancelled).toMatchObject({ state: 'cancelled' });
  });

  it('ends with the lock, and says nothing of an earlier session', async () => {
    let go = (): void => undefined;
    app.door.vault!.verifyStep = () => new Promise((resolve) => (go = resolve));
    await app.client.vault.verify();
    await app.client.session.lock();
    go();
    await new Promise((resolve) => setTimeout(resolve, 0));
    expect(seen).toEqual([]);
  });
});

describe('the log', () => {
  it('shows its length, format, and lines without effect, newest first', async () => {
    const line = { signer: operatorId.parse('eve'), code: 'right' as const };
    app.door.voidLines = [
      { ...line, seq: 4, why: 'policy.removed: a lead may not write this' },
      { ...line, seq: 7, why: 'team.removed: a lead may not write this' },
    ];
    expect(await app.client.vault.info()).toEqual({
      seq: 2,
      format: { declared: 1, supported: 1 },
      voidLines: [
        { line: 8, signer: 'eve', why: 'team.removed: a lead may not write this' },
        { line: 5, signer: 'eve', why: 'policy.removed: a lead may not write this' },
      ],
      voidCount: 2,
      background: { done: true, checked: 2 },
    });
  });

  it('is raised to a newer format only where there is one', async () => {
    await expect(app.client.vault.upgrade()).rejects.toMatchObject({ code: 'OPERATION_NOT_ALLOWED' });
    app.door.format = { declared: 1, supported: 2 };
    await app.client.vault.upgrade();
    expect(app.door.lines.at(-1)?.events).toEqual([{ type: 'format.raised', to: 2 }]);
  });
});

import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { ClearDenials } from '../../../src-main/vault/domain.ts';
import { denyAgain } from '../../../src-main/services/deny-again.ts';
import type { Furnished } from '../../support/furnish.ts';
import { furnish } from '../../support/furnish.ts';
import type { MemoryApp } from '../../support/memory-app.ts';
import { openUnlockedMemoryApp } from '../../support/memory-app.ts';

let app: MemoryApp;
let ids: Furnished;
beforeEach(async () => {
  app = await openUnlockedMemoryApp();
  ids = await furnish(app);
});
afterEach(() => app.close());

const issue = async () => {
  const { token } = await app.client.tokens.issue({
    holder: { kind: 'person', name: 'Grace' },
    teamId: ids.team,
    environmentId: ids.staging,
    channelIds: [ids.channel],
    ttlDays: 30,
  });
  return token;
};

/** Denies again, as a line of the log. */
async function deny(...denials: readonly ClearDenials[]) {
  const vault = app.door.vault!;
  const { vaultId, operator } = vault;
  const line = {
    vaultId,
    seq: vault.seq(),
    atMs: app.clock.nowMs,
    logTimeMs: app.clock.nowMs,
    signer: operator.id,
  };
  const events = denyAgain(vault.state(), denials, line);
  await vault.commit(() => ({ events, result: undefined }));
  return events.map(({ type }) => type);
}

describe('what lost lines denied', () => {
  it('is denied again: tokens stay revoked and end when they were to end', async () => {
    const [revoked, ended] = [await issue(), await issue()];
    const endMs = app.clock.nowMs + 1_000;
    expect(
      await deny({ tokens: [revoked.id, 'unknown0'] }, { ends: { [ended.id]: endMs, gone0000: 5 } }),
    ).toEqual(['token.revoked', 'token.changed']);
    const state = app.door.vault!.state();
    expect(state.tokens.get(revoked.id)?.revoked?.reason).toBe(
      'Revoked again: the log was restored from an older backup',
    );
    expect(state.tokens.get(ended.id)?.expiresAtMs).toBe(endMs);
  });

  it('is denied again where the end lies before the issue, as the shortest life there is', async () => {
    const token = await issue();
    await deny({ ends: { [token.id]: 0 } });
    const after = app.door.vault!.state().tokens.get(token.id)!;
    expect(after.expiresAtMs).toBe(token.issuedAtMs + 1);
  });

  it('is taken away where a change cannot say it', async () => {
    const token = await issue();
    const state = app.door.vault!.state();
    const { vaultId, operator } = app.door.vault!;
    const at = { atMs: app.clock.nowMs, logTimeMs: app.clock.nowMs };
    // As if a line of another time had removed the channel while the token was dead.
    const without = { ...state, channels: state.channels.delete(ids.channel) };
    const line = { vaultId, seq: 99, ...at, signer: operator.id };
    const events = denyAgain(without, [{ ends: { [token.id]: app.clock.nowMs + 1_000 } }], line);
    expect(events).toMatchObject([{ type: 'token.revoked', tokenIds: [token.id] }]);
  });

  it('is removed again with what named it', async () => {
    const token = await issue();
    const denials = { tokens: [token.id], environments: [ids.staging], channels: [], teams: [] };
    expect(await deny(denials)).toEqual(['token.revoked', 'channel.changed', 'environment.removed']);
    expect(app.door.vault!.state().environments.has(ids.staging)).toBe(false);
  });

  it('is left where others need it by now, and the rest is denied all the same', async () => {
    const [kept, token] = [await issue(), await issue()];
    expect(await deny({ tokens: [token.id], teams: [ids.team], channels: [ids.channel] })).toEqual([
      'token.revoked',
    ]);
    expect((await app.client.tokens.get({ id: kept.id })).state).toBe('active');
  });

  it('is not written twice', async () => {
    const token = await issue();
    await deny({ tokens: [token.id] });
    expect(await deny({ tokens: [token.id] }, { environments: ['nowhere'] })).toEqual([]);
  });
});

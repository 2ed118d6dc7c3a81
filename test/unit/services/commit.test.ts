import { describe, expect, it } from 'vitest';
import type { HostEvent } from '../../../shared/contract/contract.ts';
import type { DomainEvent } from '../../../src-main/organization/events.ts';
import { committer } from '../../../src-main/services/commit.ts';
import type { GatewayFeed } from '../../../src-main/services/context.ts';
import { MemoryDoor } from '../../support/memory-vault.ts';

const team = (name: string): DomainEvent => ({
  type: 'team.created',
  team: { id: name as never, name, description: '' },
});

async function scene(confirmed: GatewayFeed['confirmed']) {
  const door = new MemoryDoor(() => 1_000);
  const vault = await door.create({ organizationName: 'Org', operatorName: 'Ada', passphrase: 'p' });
  const notices: string[] = [];
  const asked: number[] = [];
  const commit = committer({
    vault: () => vault,
    feed: {
      confirmed: (seq) => {
        asked.push(seq);
        return confirmed(seq);
      },
    },
    onAnchored: () => undefined,
    emit: (_name, event) => notices.push((event as HostEvent<'notice'>).code),
  });
  return { door, vault, notices, asked, commit };
}

describe('a change of the organization', () => {
  it('waits for the gateway to acknowledge the line that it made', async () => {
    const { commit, asked, notices } = await scene(async () => undefined);
    const { result, state } = await commit(() => ({ events: [team('web')], result: 7 }));
    expect([result, state.teams.size, asked, notices]).toEqual([7, 1, [2], []]);
  });

  it('says after a second that the gateway has not confirmed, and has happened', async () => {
    const { commit, notices, door } = await scene(() => new Promise(() => undefined));
    const { state } = await commit(() => ({ events: [team('web')], result: undefined }));
    expect([state.teams.size, door.lines.length, notices]).toEqual([1, 2, ['gateway-unconfirmed']]);
  });

  it('has happened also when the gateway fails', async () => {
    const { commit, notices } = await scene(() => Promise.reject(new Error('gone')));
    await commit(() => ({ events: [team('web')], result: undefined }));
    expect(notices).toEqual(['gateway-unconfirmed']);
  });

  it('is answered with its state even when the vault is locked while the gateway is waited for', async () => {
    const { commit, vault } = await scene(() => vault.lock());
    const { state } = await commit(() => ({ events: [team('web')], result: undefined }));
    expect([...state.teams.keys()]).toEqual(['web']);
  });

  it('says when its head could not be written', async () => {
    const { commit, door, notices } = await scene(async () => undefined);
    door.failNext = 'unanchored';
    await commit(() => ({ events: [team('web')], result: undefined }));
    expect(notices).toEqual(['not-anchored']);
  });

  it('fails with the vault, and then tells nobody', async () => {
    const { commit, door, asked, notices } = await scene(async () => undefined);
    door.failNext = 'before';
    await expect(commit(() => ({ events: [team('web')], result: undefined }))).rejects.toMatchObject({
      code: 'VAULT_UNAVAILABLE',
    });
    expect([asked, notices]).toEqual([[], []]);
  });

  it('without an event writes nothing and waits for nobody', async () => {
    const { commit, door, asked } = await scene(() => new Promise(() => undefined));
    const { state } = await commit(() => ({ events: [], result: undefined }));
    expect([state.teams.size, door.lines.length, asked]).toEqual([0, 1, []]);
  });
});

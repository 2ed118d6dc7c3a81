import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { PolicyRule } from '../../../shared/model/policy-rules.ts';
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

const draft = (rules: readonly PolicyRule[], more: object = {}) => ({
  name: 'strict',
  mode: 'enforce' as const,
  style: 'hide' as const,
  teams: 'all' as const,
  environments: 'all' as const,
  rules: [...rules],
  ...more,
});
const age = (minDays: number): PolicyRule => ({ type: 'age', minDays, unknown: 'deny' });
const licenses = (...list: string[]): PolicyRule => ({
  type: 'licenses',
  list: 'deny',
  ids: list,
  unknown: 'allow',
});

describe('saving a policy', () => {
  it('is refused with a rule that would not do what it says, in words and at its field', async () => {
    const seq = app.app.session.vault().seq();
    await expect(app.client.policies.save(draft([age(7), licenses('Gpl3')]))).rejects.toMatchObject({
      code: 'POLICY_INVALID',
      message:
        'Policy strict, rule 2: "Gpl3" is not an SPDX license identifier. Use one such as MIT, GPL-3.0-only or GPL-*.',
      details: { policyName: 'strict', ruleNo: 1, code: 'unknown-license' },
    });
    expect(app.app.session.vault().seq()).toBe(seq);
  });

  it('keeps each entry once, and licenses as SPDX spells them', async () => {
    const saved = await app.client.policies.save(
      draft([
        licenses('mit', 'MIT', 'gpl-3.0'),
        { type: 'channels', channelIds: [ids.channel, ids.channel] },
      ]),
    );
    expect(saved.rules).toEqual([
      licenses('MIT', 'GPL-3.0-only'),
      { type: 'channels', channelIds: [ids.channel] },
    ]);
    expect(saved).toMatchObject({ layer: 'organization', version: 1 });
  });

  it('is refused for a channel that there is not', async () => {
    const rule: PolicyRule = { type: 'channels', channelIds: ['nowhere'] as never };
    await expect(app.client.policies.save(draft([rule]))).rejects.toMatchObject({ code: 'NOT_FOUND' });
  });

  it('shows before what it would be: layer, words, problems', async () => {
    await app.client.policies.save(draft([age(30)], { name: 'everywhere' }));
    const preview = await app.client.policies.preview(
      draft([age(7), { type: 'malware', noFacts: 'deny' }], { teams: [ids.team] }),
    );
    expect(preview).toMatchObject({
      layer: 'team',
      problems: [
        { ruleNo: 0, level: 'warning', code: 'shadowed', text: 'everywhere' },
        { ruleNo: 1, level: 'warning', code: 'no-facts', text: 'osv' },
      ],
    });
    expect(preview.readsAs).toContain('packages are hidden if they were published less than 7 days ago');
  });

  it('takes every template as it is, two policies where it has two', async () => {
    const templates = await app.client.policies.templates();
    expect(templates.map(({ key }) => key)).toEqual([
      'block-malware',
      'block-malware',
      'production-strict',
      'research-observe',
      'regulated',
      'ai-agents',
    ]);
    for (const template of templates) {
      const saved = await app.client.policies.save(template.draft);
      expect(saved.readsAs).toBe(template.readsAs);
    }
  });
});

describe('a channel that a policy names', () => {
  it('is not removed; the policies are said', async () => {
    const channel = await app.client.channels.create({
      name: 'spare',
      kind: 'conda',
      upstream: { type: 'folder', label: 'spare' },
      environmentIds: [ids.dev],
    });
    const rule: PolicyRule = { type: 'namespace', names: ['acme-*'], channelIds: [channel.id] };
    const policy = await app.client.policies.save(draft([rule]));
    await expect(app.client.channels.remove({ id: channel.id })).rejects.toMatchObject({
      code: 'IN_USE',
      message:
        'This channel is still needed by 1 policy. Take the channel out of the rules of the policies first.',
      details: { users: [{ kind: 'policy', id: policy.id, name: 'strict' }], total: 1 },
    });
    await app.client.policies.remove({ id: policy.id });
    await app.client.channels.remove({ id: channel.id });
  });
});

describe('the history of a policy', () => {
  it('has each version with what it changed and who did it, newest first', async () => {
    const { id } = await app.client.policies.save(draft([age(7)]));
    await app.client.policies.save({
      id,
      ...draft([age(30), { type: 'malware', noFacts: 'deny' }], { mode: 'observe' }),
    });
    await app.client.policies.remove({ id });
    const history = await app.client.policies.history({ id });
    expect(history.map(({ version, policy }) => [version, policy?.version])).toEqual([
      [3, undefined],
      [2, 2],
      [1, 1],
    ]);
    expect(history[1]?.changes).toEqual([
      { kind: 'changed', text: 'mode: enforce → observe' },
      {
        kind: 'removed',
        text: 'packages are denied if they were published less than 7 days ago (also if nobody knows when)',
      },
      {
        kind: 'added',
        text: 'packages are denied if they were published less than 30 days ago (also if nobody knows when)',
      },
      {
        kind: 'added',
        text: 'packages are denied if they are malware or quarantined by their index (also while there are no advisories)',
      },
    ]);
    expect(history.every(({ by }) => by === history[0]?.by && by.length > 0)).toBe(true);
  });

  it('leads back: a version becomes the newest one, also of a policy that was removed', async () => {
    const first = await app.client.policies.save(draft([age(7)]));
    const { id } = first;
    await app.client.policies.save({ id, ...draft([age(1)], { name: 'weak', environments: [ids.prod] }) });
    const back = await app.client.policies.rollback({ id, version: 1 });
    expect(back).toMatchObject({ name: 'strict', environments: 'all', rules: [age(7)], version: 3 });
    await app.client.policies.remove({ id });
    expect(await app.client.policies.rollback({ id, version: 2 })).toMatchObject({
      id,
      name: 'weak',
      version: 5,
    });
    expect((await app.client.policies.list()).map(({ name }) => name)).toEqual(['weak']);
  });

  it('does not lead to what cannot be: no such version, a removal, a name that another has, a team that is gone', async () => {
    const { client } = app;
    const team = await client.teams.create({ name: 'web' });
    const { id } = await client.policies.save(draft([age(7)], { teams: [team.id] }));
    await client.policies.save({ id, ...draft([age(7)], { name: 'other' }) });
    await expect(client.policies.rollback({ id, version: 9 })).rejects.toMatchObject({ code: 'NOT_FOUND' });
    await client.teams.remove({ id: team.id });
    await expect(client.policies.rollback({ id, version: 1 })).rejects.toMatchObject({ code: 'NOT_FOUND' });
    const second = await client.policies.save(draft([age(1)]));
    await client.policies.save({ id: second.id, ...draft([age(1)], { name: 'renamed' }) });
    await client.policies.save({ id, ...draft([age(7)], { name: 'strict' }) });
    await expect(client.policies.rollback({ id: second.id, version: 1 })).rejects.toMatchObject({
      code: 'NAME_TAKEN',
    });
    await client.policies.remove({ id: second.id });
    await expect(client.policies.rollback({ id: second.id, version: 3 })).rejects.toMatchObject({
      code: 'NOT_FOUND',
    });
  });

  it('is kept across a lock', async () => {
    const { id } = await app.client.policies.save(draft([age(7)]));
    await app.client.policies.save({ id, ...draft([age(8)]) });
    await app.client.session.lock();
    await app.client.session.unlock({ passphrase: 'correct horse battery staple' });
    expect(await app.client.policies.history({ id })).toHaveLength(2);
  });
});

describe('what counts somewhere', () => {
  it('stands by layer, with what a rule of a higher one makes idle', async () => {
    const { client } = app;
    await client.policies.save(draft([age(7)], { name: 'of-team', teams: [ids.team] }));
    await client.policies.save(draft([age(14)], { name: 'of-prod', environments: [ids.prod] }));
    await client.policies.save(draft([age(1)], { name: 'of-all', mode: 'observe', style: 'refuse' }));
    const stack = await client.policies.stack({ teamId: ids.team, environmentId: ids.prod });
    expect(
      stack.map(({ layer, policyName, mode, rules }) => [layer, policyName, mode, rules[0]?.shadowedBy]),
    ).toEqual([
      ['organization', 'of-all', 'observe', undefined],
      ['environment', 'of-prod', 'enforce', undefined],
      ['team', 'of-team', 'enforce', 'of-prod'],
    ]);
    const inDev = await client.policies.stack({ teamId: ids.team, environmentId: ids.dev });
    expect(inDev.map(({ policyName, rules }) => [policyName, rules[0]?.shadowedBy])).toEqual([
      ['of-all', undefined],
      ['of-team', undefined],
    ]);
  });
});

import { afterEach, beforeEach, describe, expect, it } from 'vitest';
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

const oneDay = (more: object) => ({
  name: 'short-lived',
  mode: 'enforce' as const,
  style: 'hide' as const,
  teams: 'all' as const,
  environments: 'all' as const,
  rules: [{ type: 'tokens' as const, maxTtlDays: 1, networksRequired: false }],
  ...more,
});
const issue = (more: object = {}) =>
  app.client.tokens.issue({
    holder: { kind: 'person', name: 'Grace' },
    teamId: ids.team,
    environmentId: ids.dev,
    channelIds: [ids.channel],
    ttlDays: 1,
    ...more,
  });

describe('removing an environment', () => {
  it('is refused while a policy is for nothing else: the policy would widen or go silent', async () => {
    const policy = await app.client.policies.save(oneDay({ environments: [ids.prod] }));
    await app.client.channels.update({
      id: ids.channel,
      name: 'internal',
      kind: 'pypi',
      upstream: { type: 'url', url: 'https://packages.example.com/simple/' },
      environmentIds: [ids.dev],
    });
    await expect(app.client.environments.remove({ id: ids.prod })).rejects.toMatchObject({
      code: 'IN_USE',
      details: { users: [{ kind: 'policy', id: policy.id, name: 'short-lived' }], total: 1 },
    });
    const [kept] = await app.client.policies.list();
    expect(kept?.environments).toEqual([ids.prod]);
  });

  it('takes it out of policies and channels that name others too, and says so', async () => {
    const policy = await app.client.policies.save(oneDay({ environments: [ids.staging, ids.prod] }));
    const seq = app.app.session.vault().seq();
    const removal = await app.client.environments.remove({ id: ids.staging });
    expect(removal.takenOutOf).toEqual([
      { kind: 'policy', id: policy.id, name: 'short-lived' },
      { kind: 'channel', id: ids.channel, name: 'internal' },
    ]);
    expect(app.app.session.vault().seq()).toBe(seq + 1);
    expect((await app.client.policies.list())[0]?.environments).toEqual([ids.prod]);
    expect((await app.client.channels.list())[0]?.environmentIds).toEqual([ids.dev, ids.prod]);
  });

  it('lists the tokens, policies and channels that need it', async () => {
    const { client } = app;
    const qa = await client.environments.create({ name: 'qa', rank: 25, isProtected: false });
    const only = await client.channels.create({
      name: 'only-qa',
      kind: 'conda',
      upstream: { type: 'folder', label: 'only-qa' },
      environmentIds: [qa.id],
    });
    await client.policies.save(oneDay({ environments: [qa.id] }));
    await issue({ environmentId: qa.id, channelIds: [only.id] });
    const refused = client.environments.remove({ id: qa.id });
    await expect(refused).rejects.toMatchObject({
      code: 'IN_USE',
      message:
        'This environment is still needed by 1 valid token, 1 policy and 1 channel. Revoke or change the tokens first. Give a policy that names nothing else another scope first, or remove it. Open a channel that is open to nothing else to another environment first, or remove it.',
      details: { total: 3 },
    });
  });

  it('leaves no way around a policy by removing and making it again', async () => {
    const { client } = app;
    const qa = await client.environments.create({ name: 'qa', rank: 25, isProtected: false });
    await client.policies.save(oneDay({ environments: [qa.id, ids.prod] }));
    await client.environments.remove({ id: qa.id });
    const again = await client.environments.create({ name: 'qa', rank: 25, isProtected: false });
    // The policy says what it is for, and can be edited to be for the new one.
    const [policy] = await client.policies.list();
    expect(policy?.readsAs).toContain('In prod,');
    const { readsAs: _readsAs, createdAtMs: _createdAtMs, ...draft } = policy!;
    await client.policies.save({ ...draft, environments: [ids.prod, again.id] });
    await client.channels.update({
      id: ids.channel,
      name: 'internal',
      kind: 'pypi',
      upstream: { type: 'url', url: 'https://packages.example.com/simple/' },
      environmentIds: [ids.dev, again.id],
    });
    await expect(issue({ environmentId: again.id, ttlDays: 3650 })).rejects.toMatchObject({
      code: 'POLICY_DENIED',
      details: {
        reasons: [
          {
            policyId: policy!.id,
            policyName: 'short-lived',
            rule: 'tokens.lifetime',
            mode: 'enforce',
            evidence: { ttlDays: 3650, maxTtlDays: 1 },
          },
        ],
      },
    });
  });

  it('keeps a policy for all environments for those to come', async () => {
    const { client } = app;
    await client.policies.save(oneDay({}));
    const qa = await client.environments.create({ name: 'qa', rank: 25, isProtected: false });
    await client.environments.remove({ id: qa.id });
    const again = await client.environments.create({ name: 'qa', rank: 25, isProtected: false });
    const effective = await client.policies.effective({ teamId: ids.team, environmentId: again.id });
    expect(effective).toMatchObject({ maxTtlDays: 1, networksRequired: false });
  });

  it('is not kept from by dead tokens, which stay as evidence', async () => {
    const { token } = await issue({ environmentId: ids.staging });
    await app.client.tokens.revoke({ ids: [token.id], reason: 'done' });
    await app.client.environments.remove({ id: ids.staging });
    const shown = await app.client.tokens.get({ id: token.id });
    expect([shown.state, shown.environmentName]).toEqual(['revoked', '(removed environment)']);
  });
});

describe('removing a team', () => {
  it('is refused while a policy is for it alone, and taken out of one that names others', async () => {
    const { client } = app;
    const web = await client.teams.create({ name: 'web' });
    const policy = await client.policies.save(oneDay({ teams: [web.id] }));
    await expect(client.teams.remove({ id: web.id })).rejects.toMatchObject({
      code: 'IN_USE',
      details: { users: [{ kind: 'policy', name: 'short-lived' }] },
    });
    await client.policies.save(oneDay({ id: policy.id, teams: [web.id, ids.team] }));
    expect(await client.teams.remove({ id: web.id })).toEqual({
      takenOutOf: [{ kind: 'policy', id: policy.id, name: 'short-lived' }],
    });
    expect((await client.policies.list())[0]?.teams).toEqual([ids.team]);
  });

  it('is refused while tokens of it work', async () => {
    const { token } = await issue();
    await expect(app.client.teams.remove({ id: ids.team })).rejects.toMatchObject({
      code: 'IN_USE',
      details: { users: [{ kind: 'token', id: token.id, name: 'Grace' }], total: 1 },
    });
    app.clock.nowMs = token.expiresAtMs;
    await app.client.teams.remove({ id: ids.team });
    expect(await app.client.teams.list()).toEqual([]);
  });
});

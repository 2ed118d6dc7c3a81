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
  await app.client.policies.save({
    name: 'young',
    mode: 'enforce',
    style: 'hide',
    teams: 'all',
    environments: [ids.prod],
    rules: [
      { type: 'age', minDays: 7, unknown: 'deny' },
      { type: 'channels', channelIds: [ids.channel] },
    ],
  });
  await app.client.policies.save({
    name: 'malware',
    mode: 'enforce',
    style: 'refuse',
    teams: 'all',
    environments: 'all',
    rules: [{ type: 'malware', noFacts: 'deny' }],
  });
});
afterEach(() => app.close());

const exported = async () => (await app.client.policies.exportText()).text;
const seq = () => app.app.session.vault().seq();

describe('policies as a text', () => {
  it('are written with names, sorted, and change nothing when they come back', async () => {
    const text = await exported();
    expect(text).toBe(
      [
        'policies:',
        '  - name: malware',
        '    mode: enforce',
        '    style: refuse',
        '    teams: all',
        '    environments: all',
        '    rules:',
        '      - type: malware',
        '        noFacts: deny',
        '  - name: young',
        '    mode: enforce',
        '    style: hide',
        '    teams: all',
        '    environments:',
        '      - prod',
        '    rules:',
        '      - type: age',
        '        minDays: 7',
        '        unknown: deny',
        '      - type: channels',
        '        channels:',
        '          - internal',
        '',
      ].join('\n'),
    );
    const plan = await app.client.policies.planText({ text });
    expect(plan).toMatchObject({ changes: [], baseHash: (await app.client.policies.exportText()).hash });
    const before = seq();
    await app.client.policies.applyText({ text, planHash: plan.planHash });
    expect(seq()).toBe(before);
  });

  it('are planned, then applied in one transaction: added, changed and removed', async () => {
    const text = (await exported())
      .replace(/ {2}- name: malware[^]*?(?= {2}- name: young)/, '')
      .replace('minDays: 7', 'minDays: 30')
      .concat(
        '  - name: new\n    mode: observe\n    style: refuse\n    rules:\n      - type: tokens\n        maxTtlDays: 7\n',
      );
    const before = seq();
    const plan = await app.client.policies.planText({ text });
    expect(seq()).toBe(before);
    expect(plan.changes).toEqual([
      {
        kind: 'removed',
        policyName: 'malware',
        lines: [
          '- packages are denied if they are malware or quarantined by their index (also while there are no advisories)',
        ],
      },
      {
        kind: 'changed',
        policyName: 'young',
        lines: [
          '- packages are denied if they were published less than 7 days ago (also if nobody knows when)',
          '+ packages are denied if they were published less than 30 days ago (also if nobody knows when)',
        ],
      },
      {
        kind: 'added',
        policyName: 'new',
        lines: ['+ mode: observe', '+ style: refuse', '+ tokens last at most 7 days'],
      },
    ]);
    const young = (await app.client.policies.list()).find(({ name }) => name === 'young');
    await app.client.policies.applyText({ text, planHash: plan.planHash });
    expect(seq()).toBe(before + 1);
    const after = await app.client.policies.list();
    expect(after.map(({ name }) => name)).toEqual(['new', 'young']);
    expect(after[1]).toMatchObject({ id: young?.id, version: 2, createdAtMs: young?.createdAtMs });
    expect((await app.client.policies.planText({ text })).changes).toEqual([]);
  });

  it('are not applied by a plan of other policies, or of another text', async () => {
    const text = (await exported()).replace('minDays: 7', 'minDays: 30');
    const { planHash } = await app.client.policies.planText({ text });
    const [policy] = await app.client.policies.list();
    const { readsAs: _r, layer: _l, version: _v, createdAtMs: _c, ...draft } = policy!;
    const before = seq();
    const other = text.replace('minDays: 30', 'minDays: 1');
    await expect(app.client.policies.applyText({ text: other, planHash })).rejects.toMatchObject({
      code: 'POLICY_PLAN_STALE',
    });
    expect(seq()).toBe(before);
    await app.client.policies.save({ ...draft, mode: 'observe' });
    await expect(app.client.policies.applyText({ text, planHash })).rejects.toMatchObject({
      code: 'POLICY_PLAN_STALE',
      message:
        'The policies have changed since this plan was made. Make a new plan, look at it, and apply that.',
    });
    expect(seq()).toBe(before + 1);
  });

  it('are refused with the line, where they cannot be read and where a rule is wrong', async () => {
    await expect(app.client.policies.planText({ text: 'policies:\n  - name: [' })).rejects.toMatchObject({
      code: 'POLICY_INVALID',
      details: { line: expect.any(Number) as number },
    });
    const unknownTeam = 'policies:\n  - name: p\n    teams: [nowhere]\n    rules: []\n';
    await expect(app.client.policies.planText({ text: unknownTeam })).rejects.toMatchObject({
      code: 'POLICY_INVALID',
      message: 'Line 3: there is no team "nowhere".',
    });
    const wrong = 'policies:\n  - name: p\n    rules:\n      - type: malware\n      - type: labels\n';
    const plan = await app.client.policies.planText({ text: wrong });
    expect(plan.problems).toEqual([
      { policyName: 'p', ruleNo: 1, line: 5, level: 'error', code: 'empty-rule', text: '' },
      { policyName: 'p', ruleNo: 0, line: 4, level: 'warning', code: 'no-facts', text: 'osv' },
    ]);
    const before = seq();
    await expect(
      app.client.policies.applyText({ text: wrong, planHash: plan.planHash }),
    ).rejects.toMatchObject({
      code: 'POLICY_INVALID',
      message: 'Policy p, rule 2: This rule denies nothing yet. Give it a condition, or remove it.',
      details: { policyName: 'p', ruleNo: 1, line: 5, code: 'empty-rule' },
    });
    expect(seq()).toBe(before);
  });

  it('are judged among themselves, not among those that they replace', async () => {
    const text = [
      'policies:',
      '  - name: everywhere',
      '    rules: [{ type: malware, noFacts: deny }]',
      '  - name: of-team',
      '    teams: [science]',
      '    rules: [{ type: malware }]',
    ].join('\n');
    const { problems } = await app.client.policies.planText({ text });
    expect(problems.filter(({ code }) => code === 'shadowed')).toMatchObject([
      { policyName: 'of-team', text: 'everywhere', line: 6 },
    ]);
  });
});

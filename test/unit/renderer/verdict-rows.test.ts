import { describe, expect, it } from 'vitest';
import type { PackageExplanation, VerdictView } from '../../../shared/contract/package-views.ts';
import { channelId, environmentId, teamId } from '../../../shared/model/ids.ts';
import { verdictRows } from '../../../src-renderer/features/packages/verdict-rows.ts';

const web = teamId.parse('t1');
const [dev, prod] = [environmentId.parse('e1'), environmentId.parse('e2')];
const reason = (mode: 'enforce' | 'observe', says: string): VerdictView['reasons'][number] => ({
  policyName: 'p',
  ruleNo: 0,
  mode,
  rule: 'package.malware',
  evidence: {},
  says,
});
const allow: VerdictView = { effect: 'allow', style: 'hide', reasons: [] };
const observed: VerdictView = { effect: 'allow', style: 'hide', reasons: [reason('observe', 'too young')] };
const hide: VerdictView = { effect: 'deny', style: 'hide', reasons: [reason('enforce', 'malware')] };
const refuse: VerdictView = { ...hide, style: 'refuse' };

const explained = (verdicts: readonly (readonly [typeof dev, VerdictView])[]): PackageExplanation => ({
  ecosystem: 'pypi',
  name: 'requests',
  version: '2.0',
  channels: [
    {
      channelId: channelId.parse('c1'),
      channelName: 'main',
      files: verdicts.map(([environment, verdict], index) => ({
        filename: `f${index}`,
        verdicts: [{ teamId: web, environmentId: environment, verdict }],
      })),
    },
  ],
  advisories: [],
  denied: [],
  labels: [],
  nearestAllowed: [{ teamId: web, environmentId: prod, version: '2.1' }],
  versions: ['2.1', '2.0'],
});
const places = {
  teams: [{ id: web, name: 'web' }],
  environments: [
    { id: dev, name: 'dev' },
    { id: prod, name: 'prod' },
  ],
};
const effects = (...verdicts: readonly VerdictView[]) =>
  verdictRows(explained(verdicts.map((verdict) => [dev, verdict] as const)), places)[0]?.effect;

describe('what policies say for a team and an environment', () => {
  it('is denied only where every file is, by the style of the policy that denies', () => {
    expect(effects(allow, allow)).toBe('allow');
    expect(effects(allow, observed)).toBe('observed');
    expect(effects(allow, hide)).toBe('partly');
    expect(effects(hide, hide)).toBe('hide');
    expect(effects(hide, refuse)).toBe('refuse');
  });

  it('stands in the order of the environments, with what denies first and each sentence once', () => {
    const rows = verdictRows(
      explained([
        [prod, observed],
        [dev, allow],
        [prod, hide],
        [prod, hide],
      ]),
      places,
    );
    expect(rows.map(({ environmentName }) => environmentName)).toEqual(['dev', 'prod']);
    expect(rows[1]).toMatchObject({
      denied: 2,
      says: ['malware', 'too young (observed only)'],
      nearest: { version: '2.1' },
    });
    expect(rows[0]?.nearest).toBeUndefined();
  });
});

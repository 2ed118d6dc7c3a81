import { describe, expect, it } from 'vitest';
import type { ChannelView } from '../../../shared/contract/channel-views.ts';
import type { PolicyView } from '../../../shared/contract/policy-views.ts';
import { channelId, environmentId, policyId, teamId } from '../../../shared/model/ids.ts';
import { usesOfEnvironment, usesOfTeam } from '../../../src-renderer/features/lists/uses.ts';
import { texts } from '../../../shared/texts/texts.ts';

const [ci, web] = [teamId.parse('ci'), teamId.parse('web')];
const [dev, qa] = [environmentId.parse('dev'), environmentId.parse('qa')];
const policy = (name: string, part: Partial<PolicyView>): PolicyView => ({
  id: policyId.parse(name),
  name,
  mode: 'enforce',
  style: 'hide',
  teams: 'all',
  environments: 'all',
  rules: [],
  createdAtMs: 0,
  readsAs: '',
  layer: 'organization',
  version: 1,
  ...part,
});
const channel = (name: string, environmentIds: ChannelView['environmentIds']): ChannelView => ({
  id: channelId.parse(name),
  name,
  kind: 'conda',
  upstream: { type: 'folder', label: name },
  environmentIds,
  note: '',
  createdAtMs: 0,
  hasCredentials: false,
  activeTokens: 0,
});

describe('what a removal changes besides', () => {
  it('is the policies that name the team among others, not those for all', () => {
    const policies = [
      policy('all', {}),
      policy('both', { teams: [ci, web] }),
      policy('web', { teams: [web] }),
    ];
    expect(usesOfTeam(ci, policies)).toEqual({
      takenOutOf: [{ kind: 'policy', name: 'both' }],
      namesOnlyThis: [],
    });
  });

  it('tells a policy that names nothing else apart: taking it out would widen it', () => {
    const uses = usesOfEnvironment(qa, [policy('qa-only', { environments: [qa] })], []);
    expect(uses).toEqual({ takenOutOf: [], namesOnlyThis: [{ kind: 'policy', name: 'qa-only' }] });
  });

  it('is the channels that are open to other environments too, and not those for it alone', () => {
    const channels = [channel('main', [dev, qa]), channel('lab', [qa]), channel('other', [dev])];
    expect(usesOfEnvironment(qa, [], channels)).toEqual({
      takenOutOf: [{ kind: 'channel', name: 'main' }],
      namesOnlyThis: [{ kind: 'channel', name: 'lab' }],
    });
  });

  it('reads as a part of a sentence', () => {
    const uses = [
      { kind: 'policy', name: 'a' },
      { kind: 'channel', name: 'c' },
      { kind: 'policy', name: 'b' },
    ];
    expect(texts.lists.uses(uses)).toBe('policies a and b, channel c');
  });
});

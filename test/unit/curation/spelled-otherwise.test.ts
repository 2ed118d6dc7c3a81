/** What an organization says of a version holds for it however a file writes it. */
import { describe, expect, it } from 'vitest';
import type { ChannelId } from '../../../shared/model/ids.ts';
import { Advisories, CuratedKnowledge } from '../../../src-main/curation/knowledge.ts';
import { Changes } from '../../../src-main/policy/packages/rule-judge.ts';
import { judgeLabels } from '../../../src-main/policy/packages/rules/labels.ts';
import { versionKey } from '../../../src-main/policy/packages/version-key.ts';

describe('the key of a version', () => {
  it.each([
    [
      'pypi',
      '1.0',
      ['1', '1.0.0', 'v1.0', '0!1', '01.0'],
      ['1.0.1', '1!1.0', '1.0+x', '1.0.post0', '1.0.dev0', '10'],
    ],
    ['pypi', '1.0-1', ['1.post1', '1.0.0.rev1'], ['1.0', '1.1']],
    ['pypi', '1.0a1+Ab.1', ['1.0alpha1+ab-01'], ['1.0a1', '1.0b1+ab.1']],
    ['pypi', 'odd one', ['odd one'], ['odd']],
    ['conda', '1.0', ['1', '1.0.0', '01.0'], ['1.0.1', '10', '1.0a', '1.0+x']],
    ['conda', '0.0', ['0', '0.0.0'], ['0.1']],
    ['conda', '1.0a', ['1.0a'], ['1.0']],
  ] as const)('of %s %s is that of each other way to write it', (ecosystem, text, same, others) => {
    const key = versionKey(ecosystem, text);
    for (const other of same) expect(versionKey(ecosystem, other), other).toBe(key);
    for (const other of others) expect(versionKey(ecosystem, other), other).not.toBe(key);
  });
});

describe('what is said of a version', () => {
  const advisory = {
    id: 'CVE-1',
    ids: ['CVE-1'],
    isMalware: false,
    isExploited: false,
    summary: '',
    feeds: ['f'],
    affected: [
      { ecosystem: 'pypi', name: 'tool', versions: [], ranges: [[{ type: 'introduced', version: '0' }]] },
    ],
  } as const;
  const tool = { ecosystem: 'pypi', name: 'tool' } as const;
  const said = { advisoryId: 'CVE-1', ...tool } as const;
  const knowledge = new CuratedKnowledge(new Advisories(['pypi'], [advisory]), {
    labels: [
      { ...tool, version: '1.0', labels: ['banned'] },
      { ...tool, version: '1', labels: ['seen'] },
      { ...tool, labels: ['all'] },
    ],
    assessments: [
      { ...said, status: 'cleared' },
      { ...said, version: '1.0', status: 'active' },
    ],
  });
  const status = (version: string) => knowledge.advisories({ ...tool, version })[0]?.status;

  it('labels each way to write it', () => {
    for (const version of ['1.0', '1', '1.0.0'])
      expect(knowledge.labels({ ...tool, version })).toEqual(['all', 'banned', 'seen']);
    expect(knowledge.labels({ ...tool, version: '1.0.1' })).toEqual(['all']);
    expect(knowledge.labels({ ...tool, name: 'other', version: '1.0' })).toEqual([]);
  });

  it('keeps the labels of each of very many ways to write it, and changes none that it was given', () => {
    const labels = Array.from({ length: 5000 }, (_, index) => ({
      ...tool,
      version: `1${'.0'.repeat(index % 50)}`,
      labels: [`label-${index}`],
    }));
    const many = new CuratedKnowledge(new Advisories([], []), { labels });
    expect(many.labels({ ...tool, version: '1' })).toEqual(labels.map(({ labels: [one] }) => one));
    expect(labels[0]?.labels).toEqual(['label-0']);
  });

  it('goes before what is said of all versions, so that another way to write it is not cleared', () => {
    expect([status('1.0'), status('1.0.0'), status('2.0')]).toEqual(['active', 'active', 'cleared']);
  });

  it('clears no build of it, and keeps builds from being cleared with all other versions', () => {
    expect([status('1.0+x'), status('2.0+x')]).toEqual([undefined, 'cleared']);
  });

  it('denies its builds by a label, and approves none', () => {
    const judge = (rule: { required: string[]; denied: string[] }, version: string) =>
      judgeLabels({ type: 'labels', ...rule }, knowledge).objection(
        { ...tool, version, channelId: 'c' as ChannelId, filename: '', kind: 'wheel', platforms: [] },
        0,
        new Changes(),
      )?.rule;
    expect(judge({ required: [], denied: ['banned'] }, '1.0+x')).toBe('package.label-denied');
    expect(judge({ required: [], denied: ['banned'] }, '1.1+x')).toBeUndefined();
    expect(judge({ required: ['seen'], denied: [] }, '1.0.0')).toBeUndefined();
    expect(judge({ required: ['seen'], denied: [] }, '1.0+x')).toBe('package.label-missing');
  });
});

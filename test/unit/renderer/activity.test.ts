import { describe, expect, it } from 'vitest';
import { logRowQuery } from '../../../shared/contract/log-views.ts';
import { dayMs } from '../../../shared/model/time.ts';
import { allPages } from '../../../src-renderer/features/activity/all-pages.ts';
import { removedBy, retentionProblem } from '../../../src-renderer/features/activity/retention-form.ts';
import { purgeRuleOf } from '../../../src-renderer/features/cache/purge-form.ts';
import type { PurgeDraft } from '../../../src-renderer/features/cache/purge-form.ts';
import {
  formatActivityQuestion,
  isPeriod,
  momentsOf,
  parseActivityQuestion,
} from '../../../src-renderer/state/activity-question.ts';

describe('the address of what is looked at', () => {
  it('is read back as it was written', () => {
    for (const query of [
      '',
      'view=refusals',
      'view=packages&days=7',
      'team=te-1&days=all',
      'environment=en-1&from=2026-11-01&to=2026-11-20',
      'view=requests&channel=ch-1&package=pypi%3Adjango%3D%3D4.2&policy=strict',
    ])
      expect(formatActivityQuestion(parseActivityQuestion(query))).toBe(query);
  });

  it('counts for nothing where it makes no sense', () => {
    for (const query of ['days=13', 'from=2026-11-01', 'from=2026-13-01&to=2026-11-20', 'from=x&to=y'])
      expect(parseActivityQuestion(query).period).toEqual({ type: 'last', days: 30 });
  });
});

describe('a period', () => {
  const nowMs = Date.UTC(2026, 10, 26, 13, 45);

  it('is of whole days of UTC, and the same all day long', () => {
    expect(momentsOf({ type: 'last', days: 1 }, nowMs)).toEqual({ fromMs: Date.UTC(2026, 10, 26) });
    expect(momentsOf({ type: 'last', days: 7 }, nowMs)).toEqual(
      momentsOf({ type: 'last', days: 7 }, nowMs + 10 * 3_600_000),
    );
    expect(momentsOf({ type: 'all' }, nowMs)).toEqual({});
  });

  it('has its last day whole', () => {
    const { fromMs = 0, toMs = 0 } = momentsOf(
      { type: 'chosen', from: '2026-11-01', to: '2026-11-01' },
      nowMs,
    );
    expect(toMs - fromMs).toBe(dayMs);
  });

  it('is none that ends before it begins', () => {
    expect(isPeriod({ type: 'chosen', from: '2026-11-02', to: '2026-11-01' })).toBe(false);
    expect(isPeriod({ type: 'chosen', from: '2026-11-02', to: '2026-11-02' })).toBe(true);
  });
});

describe('all pages for a file', () => {
  const pagesOf = (total: number) => {
    const asked: (string | undefined)[] = [];
    const read = async ({ limit, cursor }: { readonly limit: number; readonly cursor?: string }) => {
      asked.push(cursor);
      const from = Number(cursor ?? 0);
      const rows = Array.from({ length: Math.min(limit, total - from) }, (_, index) => from + index);
      return { rows, ...(from + limit < total ? { next: String(from + limit) } : {}) };
    };
    return { asked, read };
  };

  it('are read one after the other', async () => {
    const { asked, read } = pagesOf(2500);
    expect(await allPages(read, ({ rows }) => rows)).toHaveLength(2500);
    expect(asked).toEqual([undefined, '1000', '2000']);
  });

  it('are refused once they are too many, instead of a file of a part', async () => {
    expect(await allPages(pagesOf(10_000).read, ({ rows }) => rows)).toHaveLength(10_000);
    await expect(allPages(pagesOf(10_001).read, ({ rows }) => rows)).rejects.toMatchObject({
      code: 'INVALID_INPUT',
    });
  });

  it('ask for no more at once than the contract gives', () => {
    expect(logRowQuery.safeParse({ limit: 1000 }).success).toBe(true);
    expect(logRowQuery.safeParse({ limit: 1001 }).success).toBe(false);
  });
});

describe('retention', () => {
  const saved = { rowsDays: 400, addressDays: 30, ciUserDays: 30, rollupDays: 1830, maxGib: 50 };

  it('keeps what is personal no longer than its rows, and rows no longer than sums', () => {
    expect(retentionProblem(saved)).toBeUndefined();
    expect(retentionProblem({ ...saved, addressDays: 401, ciUserDays: 401 })).toBe(
      'Addresses go first, then rows, then sums.',
    );
    expect(retentionProblem({ ...saved, rollupDays: 399 })).toBe('Addresses go first, then rows, then sums.');
    expect(retentionProblem({ ...saved, rowsDays: '' })).toBe('Enter a whole number from 1 to 3650.');
  });

  it('says what a shorter one removes, and nothing of a longer one', () => {
    expect(removedBy(saved, { rowsDays: 500, addressDays: 7, ciUserDays: 7, rollupDays: 1000 })).toEqual([
      'addresses older than 7 days',
      'CI users older than 7 days',
      'sums older than 1,000 days',
    ]);
    expect(removedBy(saved, { rowsDays: 500, addressDays: 60, ciUserDays: 60, rollupDays: 2000 })).toEqual(
      [],
    );
  });
});

describe('the rule by which the cache is emptied', () => {
  const draft: PurgeDraft = { type: 'unused', days: 90, channelId: '', name: '', version: '' };

  it('says what is missing', () => {
    expect(purgeRuleOf({ ...draft, days: '' })).toHaveProperty('missing');
    expect(purgeRuleOf({ ...draft, type: 'channel' })).toEqual({ missing: 'Choose a channel.' });
    expect(purgeRuleOf({ ...draft, type: 'package', name: ' ' })).toEqual({
      missing: 'Enter the name of a package.',
    });
  });

  it('has only what its kind has', () => {
    const filled = { ...draft, name: 'torch', version: ' ' };
    expect(purgeRuleOf(filled)).toEqual({ rule: { type: 'unused', days: 90 } });
    expect(purgeRuleOf({ ...filled, type: 'all' })).toEqual({ rule: { type: 'all' } });
    expect(purgeRuleOf({ ...filled, type: 'package' })).toEqual({ rule: { type: 'package', name: 'torch' } });
    expect(purgeRuleOf({ ...filled, type: 'package', version: '2.9.1' })).toEqual({
      rule: { type: 'package', name: 'torch', version: '2.9.1' },
    });
  });
});

import { expect, it } from 'vitest';
import type { Reason } from '../../../shared/model/decision.ts';
import { dayMs } from '../../../shared/model/time.ts';
import { changeOf } from '../../../src-main/services/packages.ts';

const young = (minDays: number, mode: 'enforce' | 'observe' = 'enforce') =>
  ({
    policyName: 'p',
    ruleNo: 0,
    mode,
    rule: 'package.too-young',
    evidence: { publishedAtMs: 0, minDays },
  }) as unknown as Reason;
const vulnerable = {
  policyName: 'p',
  ruleNo: 1,
  mode: 'enforce',
  rule: 'package.vulnerable',
  evidence: { advisoryId: 'CVE-2026-1' },
} as unknown as Reason;

it('says when a denial ends only where all of its reasons end', () => {
  const deny = (...reasons: Reason[]) =>
    changeOf({ effect: 'deny', reasons, changesAtMs: 7 * dayMs }).changesAtMs;
  expect(deny(young(7))).toBe(7 * dayMs);
  expect(deny(young(7), young(14))).toBe(14 * dayMs);
  expect(deny(young(7), vulnerable)).toBeUndefined();
  expect(deny(vulnerable, young(7, 'observe'))).toBeUndefined();
});

it('says when what is allowed changes', () => {
  expect(changeOf({ effect: 'allow', reasons: [], changesAtMs: 5 })).toEqual({ changesAtMs: 5 });
  expect(changeOf({ effect: 'allow', reasons: [], changesAtMs: undefined })).toEqual({});
});

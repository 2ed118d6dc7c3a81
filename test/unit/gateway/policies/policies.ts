import type { Policy } from '../../../../shared/model/policy.ts';
import type { PolicyRule } from '../../../../shared/model/policy-rules.ts';
import { nowMs } from '../gateway-scene.ts';

/** A policy about everything, which hides what it denies. */
export const policyOf = (rules: readonly PolicyRule[], more: Partial<Policy> = {}): Policy => ({
  id: 'house-rules' as Policy['id'],
  name: 'House rules',
  mode: 'enforce',
  style: 'hide',
  teams: 'all',
  environments: 'all',
  rules,
  createdAtMs: nowMs,
  ...more,
});

export const denyList = (ecosystem: 'conda' | 'pypi', ...specs: string[]): PolicyRule => ({
  type: 'packages',
  list: 'deny',
  specs: specs.map((spec) => ({ ecosystem, spec })),
});

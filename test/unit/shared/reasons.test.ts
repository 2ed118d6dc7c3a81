import { describe, expect, it } from 'vitest';
import type { Reason } from '../../../shared/model/decision.ts';
import type { TokenId } from '../../../shared/model/ids.ts';
import { texts } from '../../../shared/texts/texts.ts';

const [tokenId, rotatedTo] = ['abcd1234', 'efgh5678'] as TokenId[] as [TokenId, TokenId];
const noon = Date.UTC(2026, 10, 20, 12, 30);

describe('the words for a reason', () => {
  it.each<[Reason, string]>([
    [
      {
        policyName: 'short-lived',
        mode: 'enforce',
        rule: 'tokens.lifetime',
        evidence: { ttlDays: 90, maxTtlDays: 30 },
      },
      'a lifetime of 90 days exceeds the limit of 30 days (policy short-lived)',
    ],
    [{ rule: 'tokens.networks', evidence: {} }, 'source networks are required'],
    [{ rule: 'access.credential-missing', evidence: {} }, 'Token required'],
    [{ rule: 'access.credential-malformed', evidence: { what: 'checksum' } }, 'Malformed token (checksum)'],
    [
      { rule: 'access.credential-ambiguous', evidence: { what: 'Two different tokens' } },
      'Two different tokens',
    ],
    [{ rule: 'access.not-configured', evidence: {} }, 'The gateway has no configuration yet'],
    [{ rule: 'access.token-unknown', evidence: {} }, 'Unknown token'],
    [
      { rule: 'access.token-revoked', evidence: { tokenId, atMs: noon, reason: 'laptop lost' } },
      'Token lk-abcd1234 was revoked: laptop lost',
    ],
    [
      { rule: 'access.token-expired', evidence: { tokenId, expiresAtMs: noon } },
      'Token lk-abcd1234 expired on 2026-11-20',
    ],
    [
      { rule: 'access.token-expired', evidence: { tokenId, expiresAtMs: noon, rotatedTo } },
      'Token lk-abcd1234 expired on 2026-11-20 and was replaced by lk-efgh5678',
    ],
    [
      { rule: 'access.token-not-yet-valid', evidence: { tokenId, notBeforeMs: noon } },
      'Token lk-abcd1234 is not valid before 2026-11-20 12:30 UTC',
    ],
    [
      { rule: 'access.network', evidence: { tokenId, address: '192.0.2.7' } },
      'Token lk-abcd1234 may not be used from 192.0.2.7',
    ],
    [{ rule: 'access.path-unknown', evidence: {} }, 'No such path on this gateway'],
    [{ rule: 'access.channel', evidence: { tokenId } }, 'Channel not available to token lk-abcd1234'],
  ])('%j', (reason, words) => {
    expect(texts.reasons.of(reason)).toBe(words);
  });
});

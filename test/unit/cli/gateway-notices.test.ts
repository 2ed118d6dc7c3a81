import { expect, it } from 'vitest';
import { GatewayNotices } from '../../../src-main/cli/gateway-notices.ts';

it('a gateway without a screen says that it died or is behind, and when it is well again, each once', () => {
  const notices = new GatewayNotices({ startedAtMs: 1 });
  expect(notices.changeIn({ startedAtMs: 1 })).toBeUndefined();
  expect(notices.changeIn({ problem: 'It ended.' })).toBe('It ended.');
  expect(notices.changeIn({ problem: 'It ended.' })).toBeUndefined();
  expect(notices.changeIn({ startedAtMs: 2 })).toBe('The gateway is well again.');
  expect(notices.changeIn({ startedAtMs: 2 })).toBeUndefined();
  expect(notices.changeIn({ startedAtMs: 2, problem: 'It is behind.' })).toBe('It is behind.');
  expect(notices.changeIn({ startedAtMs: 2 })).toBe('The gateway is well again.');
});

it('says so too where it died and came back between two looks', () => {
  const notices = new GatewayNotices({ startedAtMs: 1 });
  expect(notices.changeIn({ startedAtMs: 2 })).toBe('The gateway is well again.');
});

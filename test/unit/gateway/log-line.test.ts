import { expect, it } from 'vitest';
import { logLine } from '../../../src-main/gateway/log-line.ts';

it('a request is one line, whatever its fields hold', () => {
  const line = logLine({
    atMs: 0,
    method: 'GET\n',
    path: '/conda/\u202einternal',
    status: 403,
    reason: 'Token lk-abcd1234 was revoked: "lost"\u001b[0m',
    outcome: 'deny',
    client: 'pip/26"\u009b',
    address: '127.0.0.1',
    bytes: 0,
    durationMs: 1.4,
  });
  expect(line).toBe(
    '1970-01-01T00:00:00.000Z 127.0.0.1 - "GET\\u{a} /conda/\\u{202e}internal" 403 0B 1ms ' +
      '"pip/26\'\\u{9b}" "Token lk-abcd1234 was revoked: \'lost\'\\u{1b}[0m"',
  );
});

import type { GatewayRequestEvent } from '../../shared/model/gateway.ts';

/**
 * One request as one line: time, address, token id, request, status, bytes, milliseconds, client, reason. The event
 * holds no secret; quotes are taken off, so that a field cannot pretend to end early.
 */
export function logLine(event: GatewayRequestEvent): string {
  const quoted = (text: string) => `"${text.replaceAll('"', "'")}"`;
  const token = event.tokenId === undefined ? '-' : `lk-${event.tokenId}`;
  return (
    `${new Date(event.atMs).toISOString()} ${event.address} ${token} ${quoted(`${event.method} ${event.path}`)} ` +
    `${event.status} ${event.bytes}B ${Math.round(event.durationMs)}ms ${quoted(event.client)} ${quoted(event.reason)}`
  );
}

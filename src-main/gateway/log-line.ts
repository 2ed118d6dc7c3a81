import type { GatewayRequestEvent } from '../../shared/model/gateway.ts';
import { escapeText } from '../../shared/model/text.ts';

/**
 * One request as one line: time, address, token id, request, status, bytes, milliseconds, client, reason. The event
 * holds no secret; quotes are taken off and what cannot be printed is escaped, so that no field ends early or hides.
 */
export function logLine(event: GatewayRequestEvent): string {
  const quoted = (text: string) => `"${text.replaceAll('"', "'")}"`;
  const token = event.tokenId === undefined ? '-' : `lk-${event.tokenId}`;
  return escapeText(
    `${new Date(event.atMs).toISOString()} ${event.address} ${token} ${quoted(`${event.method} ${event.path}`)} ` +
      `${event.status} ${event.bytes}B ${Math.round(event.durationMs)}ms ${quoted(event.client)} ${quoted(event.reason)}`,
  );
}

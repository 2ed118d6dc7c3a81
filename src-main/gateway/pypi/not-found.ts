import type { ChannelResponse } from '../types.ts';

export function notFound(reason: string): ChannelResponse {
  return { status: 404, reason, headers: {}, body: { type: 'none' } };
}

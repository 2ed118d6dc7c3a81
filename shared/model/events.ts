/**
 * Domain events: the only way that state changes. An event says what happened, complete enough that the fold needs
 * nothing else. New event types may be added; the meaning of an existing one never changes (old logs stay readable).
 */
import { z } from 'zod';
import { channel, displayName, environment, operator, policy, reason, team, token } from './domain.ts';
import { channelId, environmentId, policyId, teamId, tokenId } from './ids.ts';

const atMs = z.number().int().nonnegative();

export const domainEvent = z.discriminatedUnion('type', [
  /** Always and only the first event of a log; brings the first operator, an admin. */
  z.object({ type: z.literal('organization.created'), atMs, name: displayName, operator }),
  z.object({ type: z.literal('organization.renamed'), atMs, name: displayName }),
  z.object({ type: z.literal('team.created'), atMs, team }),
  z.object({ type: z.literal('team.changed'), atMs, team }),
  z.object({ type: z.literal('team.removed'), atMs, teamId }),
  z.object({ type: z.literal('environment.created'), atMs, environment }),
  z.object({ type: z.literal('environment.changed'), atMs, environment }),
  z.object({ type: z.literal('environment.removed'), atMs, environmentId }),
  z.object({ type: z.literal('channel.created'), atMs, channel }),
  z.object({ type: z.literal('channel.changed'), atMs, channel }),
  z.object({ type: z.literal('channel.removed'), atMs, channelId }),
  z.object({ type: z.literal('policy.changed'), atMs, policy }),
  z.object({ type: z.literal('policy.removed'), atMs, policyId }),
  z.object({ type: z.literal('token.issued'), atMs, token }),
  /** The predecessor gets `rotatedTo` and an earlier end; the successor is a whole new token. */
  z.object({
    type: z.literal('token.rotated'),
    atMs,
    predecessorId: tokenId,
    predecessorExpiresAtMs: atMs,
    successor: token,
  }),
  z.object({ type: z.literal('token.revoked'), atMs, tokenIds: z.array(tokenId).min(1), reason }),
]);

export type DomainEvent = Readonly<z.infer<typeof domainEvent>>;
export type DomainEventType = DomainEvent['type'];

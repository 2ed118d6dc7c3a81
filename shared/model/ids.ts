import { z } from 'zod';

/** Branded ids: a team's id cannot be handed where a channel's is wanted. All are opaque to the user. */
const idOf = <B extends string>(brand: B) =>
  z
    .string()
    .regex(/^[0-9A-Za-z_-]{1,64}$/, 'not an id')
    .brand(brand);

export const operatorId = idOf('OperatorId');
export const holderId = idOf('HolderId');
export const teamId = idOf('TeamId');
export const environmentId = idOf('EnvironmentId');
export const channelId = idOf('ChannelId');
export const policyId = idOf('PolicyId');
/** The public part of a token: 8 characters of [0-9A-Za-z]; may be shown and logged. */
export const tokenId = z
  .string()
  .regex(/^[0-9A-Za-z]{8}$/, 'not a token id')
  .brand('TokenId');

export type OperatorId = z.infer<typeof operatorId>;
export type HolderId = z.infer<typeof holderId>;
export type TeamId = z.infer<typeof teamId>;
export type EnvironmentId = z.infer<typeof environmentId>;
export type ChannelId = z.infer<typeof channelId>;
export type PolicyId = z.infer<typeof policyId>;
export type TokenId = z.infer<typeof tokenId>;

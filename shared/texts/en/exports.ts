import { utcDate } from '../utc.ts';

/** What is said before a configuration is used. `id` is a token's, without `lk-`. */
export const exportWords = {
  revoked: (id: string, atMs: number, reason: string): string =>
    `Token lk-${id} was revoked on ${utcDate(atMs)} (${reason}): the gateway refuses it. Issue another token.`,
  expired: (id: string, atMs: number): string =>
    `Token lk-${id} expired on ${utcDate(atMs)}: the gateway refuses it. Issue another token.`,
  /** A rotated token: the configuration of its successor is wanted. */
  replaced: (id: string, successorId: string, isOver: boolean): string =>
    `Token lk-${id} was replaced by lk-${successorId}${isOver ? '' : ', and works during the overlap only'}. Export that one.`,
  headerRevoked: (id: string): string => `Token lk-${id} was revoked: the gateway refuses it.`,
  headerEnds: (id: string, atMs: number, isOver: boolean): string =>
    `Token lk-${id} ${isOver ? 'expired' : 'expires'} on ${utcDate(atMs)} (UTC).`,
};

/** What both sides say once they have proved themselves. */
import { z } from 'zod';

/** Client → server: one call of the contract. One at a time: the next is read when this one was answered. */
export const callMessage = z.strictObject({ call: z.string().max(100), input: z.unknown() });

/** Server → client: the answer to a call, or an event of the host. */
export const serverMessage = z.union([
  z.strictObject({ result: z.unknown() }),
  z.strictObject({ event: z.string().max(100), data: z.unknown() }),
]);

/** Events that a command shows. */
export const passedOnEvents = ['notice', 'session.changed', 'vault.verifying'] as const;
export type PassedOnEvent = (typeof passedOnEvents)[number];

/** Looking at the agent is no use of it: who only looks does not keep it open. */
export const isUse = (method: string): boolean => method !== 'agent.status' && method !== 'session.status';

export const bounds = {
  /** Before the proof: a nonce and a proof. */
  handshakeBytes: 512,
  /** A call: the largest input that the door takes, with its name around it. */
  callBytes: 9 * 1024 * 1024,
  /** An answer: a thousand tokens with all that is known of them are some megabytes. */
  answerBytes: 64 * 1024 * 1024,
} as const;

/**
 * What was the same in the last request of a connection. Clients and proxies send the same host, login and name with
 * every request of a connection; comparing texts costs less than looking them up. Secrets are among them, so whoever
 * keeps memos forgets them all with every change of what is enforced.
 */
import type { Credential } from './credential.ts';

export type ConnectionMemo = {
  /** The forwarded addresses that `address` was read from. */
  forwardedFor: string | undefined;
  address: string;
  /** The last Host that was well-formed. */
  host: string | undefined;
  userAgent: string;
  /** The shown product of `userAgent`. */
  client: string;
  /** The last Authorization, where it came without a token in the path. */
  authorization: string | undefined;
  credential: Credential;
};

export const noCredential: Credential = { type: 'none' };

/** Of a connection that said nothing yet. @param address of its peer */
export const newMemo = (address: string): ConnectionMemo => ({
  forwardedFor: undefined,
  address,
  host: undefined,
  userAgent: '',
  client: '',
  authorization: undefined,
  credential: noCredential,
});

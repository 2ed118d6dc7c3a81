/** What a sealed text says in clear about where it belongs. The fold has no key; it checks all that can be seen. */
import type { Upstream } from '../../shared/model/domain.ts';
import type { LineContext } from '../vault/domain.ts';
import { UnfitEvent } from './event-kind.ts';

/** Compact JWE (RFC 7516, 7.1) with direct encryption: the second part is empty, the nonce has 96 bits, the tag 128. */
const shape = /^([A-Za-z0-9_-]{1,2000})\.\.[A-Za-z0-9_-]{16}\.[A-Za-z0-9_-]{1,40000}\.[A-Za-z0-9_-]{22}$/;

/**
 * Whether sealed credentials are of the right form and for this channel and its upstream: their header is exactly the
 * one that whoever opens them will ask for.
 * @throws UnfitEvent
 */
export function requireSealedFor(
  sealed: string,
  channel: { readonly id: string; readonly upstream: Upstream },
  { vaultId }: Pick<LineContext, 'vaultId'>,
): void {
  if (channel.upstream.type !== 'url') throw new UnfitEvent('a folder has no credentials');
  const header = shape.exec(sealed)?.[1];
  if (header === undefined) throw new UnfitEvent('the credentials are not sealed');
  const { origin } = new URL(channel.upstream.url);
  if (header !== headerFor(vaultId, channel.id, origin)) {
    throw new UnfitEvent('the credentials are sealed for another channel or origin, or in another way');
  }
}

/** Members in the order of JCS (RFC 8785); the values are ASCII, so that JSON.stringify spells them as JCS does. */
function headerFor(vault: string, subject: string, origin: string): string {
  const lk = { epoch: 0, key: 'upstream', origin, subject, use: 'secret', vault };
  return Buffer.from(JSON.stringify({ alg: 'dir', enc: 'A256GCM', lk })).toString('base64url');
}

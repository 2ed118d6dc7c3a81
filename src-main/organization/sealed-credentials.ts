/** What a sealed text says in clear about where it belongs. The fold has no key; it checks all that can be seen. */
import { z } from 'zod';
import type { Upstream } from '../../shared/model/domain.ts';
import type { LineContext } from '../vault/domain.ts';
import { UnfitEvent } from './event-kind.ts';

const header = z.strictObject({
  alg: z.literal('dir'),
  enc: z.literal('A256GCM'),
  lk: z.strictObject({
    use: z.literal('secret'),
    vault: z.string(),
    key: z.literal('upstream'),
    epoch: z.literal(0),
    subject: z.string(),
    origin: z.string(),
  }),
});
/** Compact JWE (RFC 7516, 7.1) with direct encryption: the second part is empty, the nonce has 96 bits, the tag 128. */
const shape = /^([A-Za-z0-9_-]{1,2000})\.\.[A-Za-z0-9_-]{16}\.[A-Za-z0-9_-]{1,40000}\.[A-Za-z0-9_-]{22}$/;

/**
 * Whether sealed credentials are of the right form and for this channel and its upstream.
 * @throws UnfitEvent
 */
export function requireSealedFor(
  sealed: string,
  channel: { readonly id: string; readonly upstream: Upstream },
  line: Pick<LineContext, 'vaultId'>,
): void {
  if (channel.upstream.type !== 'url') throw new UnfitEvent('a folder has no credentials');
  const { lk } = headerOf(sealed);
  const isFor =
    lk.vault === line.vaultId &&
    lk.subject === channel.id &&
    lk.origin === new URL(channel.upstream.url).origin;
  if (!isFor) throw new UnfitEvent('the sealed credentials belong to another channel or origin');
}

function headerOf(sealed: string): z.infer<typeof header> {
  try {
    const encoded = shape.exec(sealed)?.[1] ?? '';
    return header.parse(JSON.parse(Buffer.from(encoded, 'base64url').toString('utf8')));
  } catch {
    throw new UnfitEvent('the credentials are not sealed');
  }
}

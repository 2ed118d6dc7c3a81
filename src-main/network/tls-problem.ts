import type { DetailedPeerCertificate, TLSSocket } from 'node:tls';
import { texts } from '../../shared/texts/texts.ts';
import { ConnectError } from './connect-error.ts';
import { canReadSystemStore } from './trust.ts';

type Chain = {
  readonly subject: string;
  readonly issuer: string;
  readonly root: string;
  readonly validTo: string;
};

/**
 * Remembers what a server showed, before Node closes the connection over it. Listens to `secure`, which comes first;
 * without it, an error has fewer words and nothing else changes.
 */
export function watchCertificate(socket: TLSSocket): () => Chain | undefined {
  let chain: Chain | undefined;
  socket.prependOnceListener('secure', () => {
    chain = chainOf(socket.getPeerCertificate(true));
  });
  return () => chain;
}

/** OpenSSL's codes, by what the operator can do about them. */
const untrusted = new Set([
  'UNABLE_TO_GET_ISSUER_CERT',
  'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
  'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
  'SELF_SIGNED_CERT_IN_CHAIN',
  'DEPTH_ZERO_SELF_SIGNED_CERT',
  'CERT_UNTRUSTED',
  'INVALID_CA',
]);

/** A failed handshake in words: which certificate, and what to do. @returns undefined when it is not about TLS */
export function tlsProblem(error: unknown, host: string, chain: Chain | undefined): ConnectError | undefined {
  if (!(error instanceof Error)) return undefined;
  const code = String((error as NodeJS.ErrnoException).code ?? '');
  const shown =
    chain === undefined ? `the certificate of ${host}` : `the certificate "${chain.subject}" of ${host}`;
  const say = (reason: string, hint: string) =>
    new ConnectError(
      'CONNECT_TLS',
      `Upstream's certificate is not accepted: ${reason}`,
      `${texts.grammar.capital(shown)} ${hint}`,
      {
        cause: error,
      },
    );
  if (untrusted.has(code)) {
    const issuer = chain === undefined ? 'an unknown authority' : `"${chain.root}"`;
    const store = canReadSystemStore
      ? 'or put it into the store of the system'
      : `(this Node, ${process.version}, cannot read the store of the system)`;
    return say(
      `${host} is vouched for by ${issuer}`,
      `comes from ${issuer}, which is not trusted here. If that is your company’s, name its certificate as CA file in the network settings ${store}.`,
    );
  }
  if (code === 'ERR_TLS_CERT_ALTNAME_INVALID') {
    return say(`it is not for ${host}`, `is for other names. Correct the URL, or have the upstream renewed.`);
  }
  if (code === 'CERT_HAS_EXPIRED') {
    const when = chain === undefined ? '' : ` on ${chain.validTo}`;
    return say(
      `that of ${host} expired${when}`,
      `expired${when}. Have it renewed; check the clock of this computer.`,
    );
  }
  if (code === 'CERT_NOT_YET_VALID') {
    return say(`that of ${host} is not valid yet`, 'is not valid yet. Check the clock of this computer.');
  }
  if (/^(?:ERR_SSL|ERR_TLS|CERT_|EPROTO)/.test(code)) {
    const spoken = `TLS with ${host} failed (${code})`;
    return new ConnectError('CONNECT_TLS', spoken, `${spoken}. Does it speak HTTPS on this port?`, {
      cause: error,
    });
  }
  return undefined;
}

function chainOf(leaf: DetailedPeerCertificate | undefined): Chain | undefined {
  if (leaf?.subject === undefined) return undefined;
  let last = leaf;
  // A self-signed one names itself as its issuer.
  for (let depth = 0; depth < 10; depth += 1) {
    const next = last.issuerCertificate as DetailedPeerCertificate | undefined;
    if (next === undefined || next === last || next.fingerprint256 === last.fingerprint256) break;
    last = next;
  }
  return {
    subject: nameOf(leaf.subject),
    issuer: nameOf(leaf.issuer),
    root: nameOf(last.issuer),
    validTo: leaf.valid_to,
  };
}

/** A server chooses these texts: bounded, and printable by whoever shows them. */
function nameOf(name: Readonly<Record<string, unknown>> | undefined): string {
  const text = name?.['CN'] ?? name?.['O'] ?? name?.['OU'];
  const [first] = Array.isArray(text) ? (text as unknown[]) : [text];
  return typeof first === 'string' && first !== '' ? first.slice(0, 60) : 'without a name';
}

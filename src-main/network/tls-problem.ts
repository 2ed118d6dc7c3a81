import type { DetailedPeerCertificate, TLSSocket } from 'node:tls';
import { ConnectError } from './connect-error.ts';
import { canReadSystemStore } from './trust.ts';
import { texts } from '../../shared/texts/texts.ts';

const words = texts.network.tls;

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
  const shown = chain === undefined ? words.certificate(host) : words.certificateOf(chain.subject, host);
  const say = (reason: string, hint: string) =>
    new ConnectError('CONNECT_TLS', words.refused(reason), `${texts.grammar.capital(shown)} ${hint}`, {
      cause: error,
    });
  if (untrusted.has(code)) {
    const issuer = chain === undefined ? words.unknownAuthority : `"${chain.root}"`;
    const store = canReadSystemStore ? words.systemStore : words.noSystemStore(process.version);
    return say(words.issuedBy(host, issuer), words.untrusted(issuer, store));
  }
  if (code === 'ERR_TLS_CERT_ALTNAME_INVALID') {
    return say(words.otherHost(host), words.otherNames);
  }
  if (code === 'CERT_HAS_EXPIRED') {
    const when = chain === undefined ? '' : words.on(chain.validTo);
    return say(words.expired(host, when), words.expiredHint(when));
  }
  if (code === 'CERT_NOT_YET_VALID') {
    return say(words.notYet(host), words.notYetHint);
  }
  if (/^(?:ERR_SSL|ERR_TLS|CERT_|EPROTO)/.test(code)) {
    const spoken = words.failed(host, code);
    return new ConnectError('CONNECT_TLS', spoken, words.failedHint(spoken), {
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
  return typeof first === 'string' && first !== '' ? first.slice(0, 60) : words.nameless;
}

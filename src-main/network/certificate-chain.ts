/**
 * Judges a certificate by a company's CA file where another TLS stack has done the handshake (Chromium, for updates).
 * Invariant: names, dates, signatures and the right to issue are all checked; what cannot be read is not trusted.
 */
import { X509Certificate } from 'node:crypto';
import { certificatesIn } from './trust.ts';

/**
 * Whether a server's certificate leads to an authority of the file.
 * @param chain PEM, the server's own first, then those that it sent along
 */
export function isTrustedByFile(
  caPem: string,
  chain: readonly string[],
  hostname: string,
  nowMs: number,
): boolean {
  try {
    const authorities = certificatesIn(caPem).map((pem) => new X509Certificate(pem));
    const [leaf, ...others] = chain.slice(0, maxChain).map((pem) => new X509Certificate(pem));
    if (leaf?.checkHost(hostname) === undefined) return false;
    let at = leaf;
    for (let depth = 0; depth < maxChain; depth += 1) {
      if (!isValidAt(at, nowMs)) return false;
      const issuedBy = (issuer: X509Certificate): boolean =>
        issuer.ca && at.checkIssued(issuer) && at.verify(issuer.publicKey);
      if (authorities.some((authority) => isValidAt(authority, nowMs) && issuedBy(authority))) return true;
      const next = others.find((other) => other.fingerprint256 !== at.fingerprint256 && issuedBy(other));
      if (next === undefined) return false;
      at = next;
    }
    return false;
  } catch {
    // A certificate that cannot be read.
    return false;
  }
}

/** Longer than any real chain. */
const maxChain = 8;

const isValidAt = ({ validFrom, validTo }: X509Certificate, nowMs: number): boolean =>
  Date.parse(validFrom) <= nowMs && nowMs <= Date.parse(validTo);

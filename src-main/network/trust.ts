/**
 * Whose certificates count. Invariant: what Node brings and what the operator names, never less checking: there is no
 * switch that turns the check off.
 */
import { X509Certificate } from 'node:crypto';
import type { SecureContext } from 'node:tls';
import * as tls from 'node:tls';
import type { NetworkConfig } from './network-config.ts';

/** Node 22.15 and later; older ones, and Electron's of before, cannot read the system's store. */
type GetCertificates = (type: 'default' | 'system') => readonly string[];
const getCertificates = (tls as { getCACertificates?: GetCertificates }).getCACertificates;

export const canReadSystemStore = getCertificates !== undefined;

/** The context of connections that are made with these settings; undefined for Node's own. */
export function secureContextOf(config: NetworkConfig): SecureContext | undefined {
  const own = config.caPem === undefined ? [] : certificatesIn(config.caPem);
  const system = config.useSystemStore ? systemCertificates() : [];
  if (own.length === 0 && system.length === 0) return undefined;
  const standard = getCertificates?.('default') ?? tls.rootCertificates;
  return tls.createSecureContext({ ca: [...new Set([...standard, ...system, ...own])] });
}

/** Read once: it takes seconds on some systems. */
let read: readonly string[] | undefined;
function systemCertificates(): readonly string[] {
  return (read ??= getCertificates?.('system') ?? []);
}

/** A CA file has a few certificates; a whole bundle has 150. */
const maxCertificates = 2000;

/**
 * The certificates of a PEM text, in order.
 * @throws Error when there is none, or one that cannot be read
 */
export function certificatesIn(pem: string): readonly string[] {
  const begin = '-----BEGIN CERTIFICATE-----';
  const end = '-----END CERTIFICATE-----';
  const found: string[] = [];
  for (
    let at = pem.indexOf(begin);
    at >= 0 && found.length < maxCertificates;
    at = pem.indexOf(begin, at + 1)
  ) {
    const stop = pem.indexOf(end, at);
    if (stop < 0) throw new Error('a certificate is cut off');
    const certificate = pem.slice(at, stop + end.length);
    // Throws for what is no certificate.
    void new X509Certificate(certificate);
    found.push(certificate);
  }
  if (found.length === 0) throw new Error('there is no certificate in it');
  return found;
}

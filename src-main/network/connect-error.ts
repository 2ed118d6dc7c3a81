/**
 * Why a connection was not made, in words. Invariant: `reason` stands in a status line that clients read, so it names
 * hosts and certificates, no addresses of the local network; `hint` is for whoever runs the gateway.
 */
export class ConnectError extends Error {
  override readonly name = 'ConnectError';
  readonly code: 'CONNECT_REFUSED' | 'CONNECT_TIMEOUT' | 'CONNECT_PROXY' | 'CONNECT_TLS';
  readonly reason: string;
  readonly hint: string;

  constructor(code: ConnectError['code'], reason: string, hint: string, options: { cause?: unknown } = {}) {
    super(reason, options);
    this.code = code;
    this.reason = reason;
    this.hint = hint;
  }
}

/** The ConnectError in an error or its causes. */
export function connectErrorIn(error: unknown): ConnectError | undefined {
  for (let at = error, depth = 0; at instanceof Error && depth < 5; at = at.cause, depth += 1) {
    if (at instanceof ConnectError) return at;
  }
  return undefined;
}

/**
 * The error that carries a code of the one union, and its details. The code is stable: scripts and tests match on it;
 * the message is for people and may change. `cause` never crosses a process border.
 */
import type { ErrorCode, ErrorDetailsByCode } from './error-details.ts';

type Rest<C extends ErrorCode> =
  Record<never, never> extends ErrorDetailsByCode[C]
    ? [options?: { readonly details?: ErrorDetailsByCode[C]; readonly cause?: unknown }]
    : [options: { readonly details: ErrorDetailsByCode[C]; readonly cause?: unknown }];

class CodedError<C extends ErrorCode> extends Error {
  readonly code: C;
  readonly details: ErrorDetailsByCode[C];

  constructor(code: C, message: string, ...[options]: Rest<C>) {
    super(message, options?.cause === undefined ? undefined : { cause: options.cause });
    this.name = 'LatchkeyError';
    this.code = code;
    // `Rest` lets details be left out only where an empty object is one of theirs.
    this.details = options?.details ?? ({} as ErrorDetailsByCode[C]);
  }
}

/** A union over the codes: comparing `code` narrows `details`. */
export type LatchkeyError<C extends ErrorCode = ErrorCode> = { [K in C]: CodedError<K> }[C];

/** An error with a stable code. Everything that an operator can cause is one of these; anything else is a bug. */
export const LatchkeyError = CodedError as {
  new <C extends ErrorCode>(code: C, message: string, ...rest: Rest<C>): CodedError<C>;
  /** What `instanceof` narrows to. */
  readonly prototype: LatchkeyError;
};

/** What crosses a process border instead of an exception: a union over the codes, as the error is. */
export type WireError<C extends ErrorCode = ErrorCode> = {
  [K in C]: { readonly code: K; readonly message: string; readonly details: ErrorDetailsByCode[K] };
}[C];

export type WireResult<T> =
  { readonly ok: true; readonly value: T } | { readonly ok: false; readonly error: WireError };

/** The error without its cause and stack. */
export function toWireError(error: LatchkeyError): WireError {
  const { code, message, details } = error;
  // Code and details come from one error, so they belong together; TypeScript cannot follow that.
  return { code, message, details } as WireError;
}

/** The error on the other side of the border. */
export function fromWireError(error: WireError): LatchkeyError {
  const { code, message, details } = error;
  return new CodedError<ErrorCode>(code, message, { details }) as LatchkeyError;
}

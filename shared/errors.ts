/**
 * The error that carries a code of the one union, and its details. The code is stable: scripts and tests match on it.
 * What it says is the name of a sentence with its facts until it is shown; `message` is made of the catalogue of the
 * process that looks. `cause` never crosses a process border.
 */
import type { ErrorCode, ErrorDetailsByCode } from './error-details.ts';
import type { Said } from './texts/said.ts';
import { sentenceOf } from './texts/said.ts';

type Rest<C extends ErrorCode> =
  Record<never, never> extends ErrorDetailsByCode[C]
    ? [options?: { readonly details?: ErrorDetailsByCode[C]; readonly cause?: unknown }]
    : [options: { readonly details: ErrorDetailsByCode[C]; readonly cause?: unknown }];

/**
 * What an error says: a sentence of the catalogue by its name and facts, or, where it is thrown and shown in one and the
 * same process, words that were made of the catalogue.
 */
export type Says = Said | string;

class CodedError<C extends ErrorCode> extends Error {
  readonly code: C;
  readonly says: Says;
  readonly details: ErrorDetailsByCode[C];

  constructor(code: C, says: Says, ...[options]: Rest<C>) {
    super(
      typeof says === 'string' ? says : sentenceOf(says),
      options?.cause === undefined ? undefined : { cause: options.cause },
    );
    this.name = 'LatchkeyError';
    this.code = code;
    this.says = says;
    // `Rest` lets details be left out only where an empty object is one of theirs.
    this.details = options?.details ?? ({} as ErrorDetailsByCode[C]);
  }
}

/** A union over the codes: comparing `code` narrows `details`. */
export type LatchkeyError<C extends ErrorCode = ErrorCode> = { [K in C]: CodedError<K> }[C];

/** An error with a stable code. Everything that an operator can cause is one of these; anything else is a bug. */
export const LatchkeyError = CodedError as {
  new <C extends ErrorCode>(code: C, says: Says, ...rest: Rest<C>): CodedError<C>;
  /** What `instanceof` narrows to. */
  readonly prototype: LatchkeyError;
};

/** What crosses a process border instead of an exception: a union over the codes, as the error is. */
export type WireError<C extends ErrorCode = ErrorCode> = {
  [K in C]: { readonly code: K; readonly says: Says; readonly details: ErrorDetailsByCode[K] };
}[C];

export type WireResult<T> =
  { readonly ok: true; readonly value: T } | { readonly ok: false; readonly error: WireError };

/** The error without its cause and stack. */
export function toWireError(error: LatchkeyError): WireError {
  const { code, says, details } = error;
  // Code and details come from one error, so they belong together; TypeScript cannot follow that.
  return { code, says, details } as WireError;
}

/** The error on the other side of the border. */
export function fromWireError(error: WireError): LatchkeyError {
  const { code, says, details } = error;
  return new CodedError<ErrorCode>(code, says, { details }) as LatchkeyError;
}

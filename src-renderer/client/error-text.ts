import type { ErrorCode } from '../../shared/error-details.ts';
import { LatchkeyError } from '../../shared/errors.ts';
import { texts } from '../../shared/texts/texts.ts';

export type ErrorText = {
  readonly title: string;
  /** What is wrong and what to do. */
  readonly text: string;
  readonly code: string;
  /** Several reasons of a policy's refusal, or what still uses something. */
  readonly list: readonly string[];
};

/** What people read about an error: a title, a sentence that helps, and the stable code. */
export function errorText(error: unknown): ErrorText {
  if (!(error instanceof LatchkeyError)) {
    return {
      title: texts.errors.bug.title,
      text: texts.errors.bug.text,
      code: 'INTERNAL',
      list: [],
    };
  }
  return { title: titleOf(error), text: sentenceOf(error), code: error.code, list: listOf(error) };
}

/** The program behind the page was ended: the page says so as long as it is. */
export const isHostGone = (error: unknown): boolean =>
  error instanceof LatchkeyError && error.code === 'INTERNAL' && error.details.connection === 'lost';

function titleOf(error: LatchkeyError): string {
  return isHostGone(error) ? texts.parts.hostGone.title : texts.errors.titles[error.code];
}

/** A form says at its fields what is wrong with each; the error itself names them as a program does. */
const sentenceOf = (error: LatchkeyError): string =>
  error.code === 'IPC_BAD_INPUT' ? texts.issues.form : error.message;

/** Reasons of a refusal, users of what cannot be removed. */
function listOf(error: LatchkeyError): readonly string[] {
  if (error.code === 'POLICY_DENIED') return error.details.reasons.map(texts.reasons.of);
  if (error.code !== 'IN_USE') return [];
  return texts.errors.users(error.details);
}

export function hasCode(error: unknown, code: ErrorCode): boolean {
  return error instanceof LatchkeyError && error.code === code;
}

import { resolve } from 'node:path';
import { LatchkeyError } from '../../shared/errors.ts';
import { maxPolicyTextChars } from '../../shared/contract/policy-views.ts';
import { texts } from '../../shared/texts/texts.ts';
import { readRegularFile } from '../disk/read-file.ts';

/** The text of a file of policies or tests. @throws LatchkeyError FILE_NOT_READABLE, POLICY_INVALID */
export async function policyFile(path: string): Promise<string> {
  const bytes = await readRegularFile(resolve(path), { maxBytes: 4 * maxPolicyTextChars });
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    throw new LatchkeyError('POLICY_INVALID', `${path}: ${texts.policyText.notUtf8}.`, { details: {} });
  }
}

/** Names the file in what is wrong with its text. */
export async function inFile<T>(path: string, work: () => T | Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof LatchkeyError) || error.code !== 'POLICY_INVALID') throw error;
    const { line } = error.details;
    const place = line === undefined ? path : `${path}:${line}`;
    const { says } = error;
    // The place says the line already.
    const what =
      typeof says !== 'string' && says[0] === 'policyText' ? texts.policyText.alone(says[2]) : error.message;
    throw new LatchkeyError('POLICY_INVALID', `${place}: ${what}`, { details: error.details });
  }
}

/**
 * The one way from a host to the services: known method → size → parse → may this caller? → passphrase again? → call →
 * parse the answer → map errors. Who may, and what asks again, stands in the contract. Whatever comes in is `unknown` until parsed; an exception never crosses, its cause never leaves main.
 * Hosts check the sender before they call this.
 */
import type { z } from 'zod';
import type { Access } from '../../shared/contract/method.ts';
import { findMethod } from '../../shared/contract/types.ts';
import type { WireError, WireResult } from '../../shared/errors.ts';
import { LatchkeyError, toWireError } from '../../shared/errors.ts';
import type { OperatorRole } from '../../shared/model/domain.ts';
import { escapeLines } from '../../shared/model/text.ts';
import type { App } from '../services/app.ts';
import { issueText } from '../base/issue-text.ts';

/** Largest input, as JSON: ten thousand token ids to revoke fit, a flood does not. */
export const maxInputBytes = 256 * 1024;

type Handler = (input: unknown) => Promise<unknown>;
type CalledApp = Pick<App, 'handlers' | 'checkStepUp'> & {
  readonly session: { readonly vault: () => { readonly operator: { readonly role: OperatorRole } } };
};

/**
 * Calls one method of the contract.
 * @param name `group.method`
 * @param rawInput anything; parsed against the contract
 * @param onBug told about errors that are no LatchkeyError; must not log inputs
 */
export async function callMethod(
  app: CalledApp,
  name: string,
  rawInput: unknown,
  onBug: (error: unknown, method: string) => void = printBug,
): Promise<WireResult<unknown>> {
  try {
    const method = findMethod(name);
    if (method === undefined) {
      throw new LatchkeyError('IPC_UNKNOWN_METHOD', ['unknownMethod']);
    }
    assertSmall(rawInput, method.maxInputBytes ?? maxInputBytes);
    const parsed = method.input.safeParse(rawInput ?? {}, { error: issueText });
    if (!parsed.success) throw badInput(parsed.error);
    requireAccess(app, method.access);
    if (method.stepUp !== undefined) app.checkStepUp(method.stepUp, parsed.data);
    const output = await handlerOf(app, name)(parsed.data);
    return { ok: true, value: method.output.parse(output) };
  } catch (error) {
    return { ok: false, error: wireErrorOf(error, name, onBug) };
  }
}

const rolesThatMay: Readonly<Record<Exclude<Access, 'anyone'>, readonly OperatorRole[]>> = {
  operator: ['admin', 'lead', 'auditor'],
  lead: ['admin', 'lead'],
  admin: ['admin'],
};

/** @throws LatchkeyError VAULT_LOCKED, OPERATION_NOT_ALLOWED */
function requireAccess({ session }: CalledApp, access: Access): void {
  if (access === 'anyone') return;
  const { role } = session.vault().operator;
  if (rolesThatMay[access].includes(role)) return;
  throw new LatchkeyError('OPERATION_NOT_ALLOWED', ['needsRole', access === 'admin' ? 'admin' : 'lead']);
}

function handlerOf(app: CalledApp, name: string): Handler {
  const [group, method] = name.split('.') as [string, string];
  return (app.handlers as unknown as Record<string, Record<string, Handler>>)[group]![method]!;
}

function assertSmall(rawInput: unknown, maxBytes: number): void {
  let text: string | undefined;
  try {
    text = JSON.stringify(rawInput);
  } catch (cause) {
    throw new LatchkeyError('IPC_BAD_INPUT', ['notPlainData'], { cause });
  }
  if (text !== undefined && Buffer.byteLength(text) > maxBytes) {
    throw new LatchkeyError('IPC_TOO_LARGE', ['inputTooLarge', maxBytes / 1024]);
  }
}

/** More help nobody. */
const maxIssues = 5;

/** Says which field is wrong and how; never repeats the value, which may be a secret. */
function badInput(error: z.ZodError): LatchkeyError {
  // The first of each field: what comes after it mostly follows from it.
  const byField = new Map<string, string>();
  for (const issue of error.issues) {
    const field = issue.path.join('.');
    if (byField.has(field)) continue;
    const text = issue.code === 'unrecognized_keys' ? 'unknown field' : issue.message;
    byField.set(field, field === '' ? text : `${field}: ${text}`);
    if (byField.size === maxIssues) break;
  }
  const issues = [...byField.values()];
  return new LatchkeyError('IPC_BAD_INPUT', ['badInput', issues], {
    details: { issues },
  });
}

function wireErrorOf(
  error: unknown,
  method: string,
  onBug: (error: unknown, method: string) => void,
): WireError {
  if (error instanceof LatchkeyError) {
    return toWireError(error);
  }
  onBug(error, method);
  return {
    code: 'INTERNAL',
    says: ['bug'],
    details: {},
  };
}

/** Name and place of a bug for the terminal. The message is left out: it may quote an input. */
function printBug(error: unknown, method: string): void {
  const place = error instanceof Error ? `${error.name}${stackOf(error)}` : typeof error;
  process.stderr.write(escapeLines(`latchkey: internal error in ${method}: ${place}\n`));
}

function stackOf(error: Error): string {
  const frames = (error.stack ?? '').split('\n').filter((line) => line.startsWith('    at '));
  return frames.length === 0 ? '' : `\n${frames.slice(0, 8).join('\n')}`;
}

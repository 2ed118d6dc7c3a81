/**
 * A thread that checks lines: form, signature, content. Invariant: it decides nothing; it says what it found under the
 * keys that it was told of. Runs on its own, in Electron's oldest Node too, so it uses no newer built-in.
 */
import { createSecretKey } from 'node:crypto';
import type { KeyObject } from 'node:crypto';
import { parentPort } from 'node:worker_threads';
import type { OkpPublicKey } from '../../shared/model/domain.ts';
import type { CheckAnswer, CheckRequest } from './check-messages.ts';
import { checkLine } from './line-check.ts';
import { VerifyKeys } from './sign.ts';

const keys = new VerifyKeys();
let signers = new Map<string, OkpPublicKey>();
let orgKey: KeyObject | undefined;

parentPort?.on('message', (request: CheckRequest) => {
  if (request.signers !== undefined) signers = new Map(request.signers);
  if (request.orgKey !== undefined) orgKey = createSecretKey(request.orgKey);
  const checked = request.lines.map((line) =>
    checkLine(line, { keys, keyOf: (kid) => signers.get(kid), orgKey }),
  );
  parentPort?.postMessage({ id: request.id, checked } satisfies CheckAnswer);
});

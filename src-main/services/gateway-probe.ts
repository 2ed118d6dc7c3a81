/**
 * Who answers where clients will send their tokens. Invariant: only an answer that our gateway signed for this question
 * and this address counts as ours; silence is not an answer, and anything else is somebody else.
 */
import { randomBytes } from 'node:crypto';
import { request as httpRequest } from 'node:http';
import { request as httpsRequest } from 'node:https';
import { withoutTrailingSlashes } from '../base/trailing-slashes.ts';
import type { GatewayIdentity, ProbeClaim } from '../gateway/probe.ts';
import { probePath, readProbeAnswer } from '../gateway/probe.ts';

/** `unknown`: something is there, but cannot be asked from here (TLS by a company's own authority). */
export type ProbeResult = 'ours' | 'other' | 'nothing' | 'unknown';

/** A person waits for it. */
const timeoutMs = 2_000;
const maxAnswerBytes = 4_096;
/** What a proxy says when what it stands for is away. */
const awayStatuses: ReadonlySet<number> = new Set([502, 503, 504]);

type Answer = { readonly status: number; readonly body: string } | 'nothing' | 'unknown';

/** @param baseUrl as clients will be told it */
export async function probeGateway(
  baseUrl: string,
  identity: GatewayIdentity | undefined,
  now: () => number,
): Promise<ProbeResult> {
  const nonce = randomBytes(24).toString('base64url');
  const answer = await ask(`${withoutTrailingSlashes(baseUrl)}${probePath}?nonce=${nonce}`);
  if (typeof answer === 'string') return answer;
  if (awayStatuses.has(answer.status)) return 'nothing';
  if (identity === undefined || answer.status !== 200) return 'other';
  const claim = readProbeAnswer(identity, answer.body, nonce, now());
  return claim !== undefined && isFor(claim, baseUrl) ? 'ours' : 'other';
}

/** Whether it was signed where the question went: another program could have passed it on. */
function isFor({ bound, publicUrl }: ProbeClaim, baseUrl: string): boolean {
  if (publicUrl !== '') return withoutTrailingSlashes(publicUrl) === withoutTrailingSlashes(baseUrl);
  const asked = new URL(baseUrl);
  const at = bound.lastIndexOf(':');
  const [host, port] = [bound.slice(0, at), bound.slice(at + 1)];
  if (port !== (asked.port === '' ? '80' : asked.port)) return false;
  const isEvery = host === '0.0.0.0' || host === '::';
  return isEvery || host === asked.hostname.replace(/^\[|\]$/g, '');
}

function ask(url: string): Promise<Answer> {
  return new Promise((resolve) => {
    const open = url.startsWith('https:') ? httpsRequest : httpRequest;
    const call = open(url, { agent: false, timeout: timeoutMs, headers: { connection: 'close' } });
    const timer = setTimeout(() => call.destroy(), timeoutMs);
    const done = (answer: Answer): void => {
      clearTimeout(timer);
      resolve(answer);
      call.destroy();
    };
    call.on('response', (response) => {
      let body = '';
      response.setEncoding('utf8');
      response.on('data', (part: string) => {
        body += part;
        if (body.length > maxAnswerBytes) done({ status: 0, body: '' });
      });
      response.on('end', () => done({ status: response.statusCode ?? 0, body }));
      response.on('error', () => done('nothing'));
    });
    // A server of another kind: it speaks, but not HTTP.
    call.on('error', (error: NodeJS.ErrnoException) => {
      const code = error.code ?? '';
      if (code.startsWith('HPE_')) done({ status: 0, body: '' });
      else done(/CERT|TLS|SSL|SIGNATURE/.test(code) ? 'unknown' : 'nothing');
    });
    call.end();
  });
}

/**
 * Who answers where clients will send their tokens. Invariant: only an answer that our gateway signed for this question
 * and this address counts as ours; silence is not an answer, and anything else is somebody else.
 */
import { randomBytes } from 'node:crypto';
import { request as httpRequest } from 'node:http';
import { request as httpsRequest } from 'node:https';
import { withoutTrailingSlashes } from '../base/trailing-slashes.ts';
import type { GatewayIdentity, ProbeClaim } from '../gateway/probe.ts';
import { probePath, readProbeAnswer, socketName } from '../gateway/probe.ts';

/** `unknown`: something is there, but does not answer, or cannot be asked from here (TLS by a company's own authority). */
export type ProbeResult = 'ours' | 'other' | 'nothing' | 'unknown';

/** A person waits for it. */
const timeoutMs = 2_000;
const maxAnswerBytes = 4_096;
/** What a proxy says when what it stands for is away. */
const awayStatuses: ReadonlySet<number> = new Set([502, 503, 504]);

type Answer = {
  readonly status: number;
  readonly body: string;
  /** The other end of the connection. */
  readonly from: string;
};

export type ProbeAsk = {
  /** As clients will be told it. */
  readonly baseUrl: string;
  /** Whether a proxy may stand before the gateway there: then its "not here now" is no answer of another program. */
  readonly isPublic: boolean;
  readonly identity: GatewayIdentity | undefined;
  readonly now: () => number;
};

/** Who answers at an address. */
export async function probeGateway(ask: ProbeAsk): Promise<ProbeResult> {
  return (await askGateway(ask)).who;
}

/** The same, and what our gateway says of itself. */
export async function askGateway({
  baseUrl,
  isPublic,
  identity,
  now,
}: ProbeAsk): Promise<{ readonly who: ProbeResult; readonly claim?: ProbeClaim }> {
  const nonce = randomBytes(24).toString('base64url');
  const answer = await ask(`${withoutTrailingSlashes(baseUrl)}${probePath}?nonce=${nonce}`);
  if (typeof answer === 'string') return { who: answer };
  if (isPublic && awayStatuses.has(answer.status)) return { who: 'nothing' };
  if (identity === undefined || answer.status !== 200) return { who: 'other' };
  const claim = readProbeAnswer(identity, answer.body, nonce, now());
  return claim !== undefined && isFor(claim, baseUrl, answer.from)
    ? { who: 'ours', claim }
    : { who: 'other' };
}

/**
 * Whether it was signed where the question went: another program could have passed it on. Either the connection went to
 * the gateway itself, or to the address that the gateway says it is known by.
 */
function isFor({ bound, publicUrl }: ProbeClaim, baseUrl: string, from: string): boolean {
  if (bound === from) return true;
  return publicUrl !== '' && withoutTrailingSlashes(publicUrl) === withoutTrailingSlashes(baseUrl);
}

function ask(url: string): Promise<Answer | 'nothing' | 'unknown'> {
  return new Promise((resolve) => {
    const open = url.startsWith('https:') ? httpsRequest : httpRequest;
    const call = open(url, { agent: false, timeout: timeoutMs, headers: { connection: 'close' } });
    let from: string | undefined;
    const timer = setTimeout(() => call.destroy(), timeoutMs);
    const done = (answer: Answer | 'nothing' | 'unknown'): void => {
      clearTimeout(timer);
      resolve(answer);
      call.destroy();
    };
    const garbled = (): Answer => ({ status: 0, body: '', from: '' });
    call.on('socket', (socket) =>
      socket.once('connect', () => {
        from = socketName(socket.remoteAddress, socket.remotePort);
      }),
    );
    call.on('response', (response) => {
      let body = '';
      response.setEncoding('utf8');
      response.on('data', (part: string) => {
        body += part;
        if (body.length > maxAnswerBytes) done(garbled());
      });
      response.on('end', () => done({ status: response.statusCode ?? 0, body, from: from ?? '' }));
      response.on('error', () => done('unknown'));
    });
    call.on('error', (error: NodeJS.ErrnoException) => {
      // A server of another kind: it speaks, but not HTTP.
      if ((error.code ?? '').startsWith('HPE_')) done(garbled());
      // Connected: somebody is there, and says nothing that could be judged.
      else done(from === undefined ? 'nothing' : 'unknown');
    });
    call.end();
  });
}

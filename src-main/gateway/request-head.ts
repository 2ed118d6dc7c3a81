/**
 * The head of a request, read once. Invariant: a head that two readers could read differently, or that is longer than
 * any client's, is refused before anything of it is matched; what Node would drop or join in silence is seen here.
 */
import type { IncomingMessage } from 'node:http';
import type { ProtocolCause } from '../../shared/model/gateway.ts';
import { validHost } from './client-facts.ts';
import { maxTargetChars } from './request-target.ts';
import { texts } from '../../shared/texts/texts.ts';

const words = texts.refusals.requests;

/** Request line and headers, as Node's parser counts them; it answers 431 beyond. Common proxies allow 8 to 32 KB. */
export const maxHeadBytes = 16 * 1024;
/** Clients send about ten, proxies add about ten. */
const maxHeaders = 100;
const maxNameChars = 128;

export type RequestHead = {
  authorization: string | undefined;
  authorizations: number;
  host: string | undefined;
  hosts: number;
  userAgent: string;
  forwardedFor: string | undefined;
  /** Announces content: Content-Length other than 0, or Transfer-Encoding. */
  hasContent: boolean;
  /** Asks for another protocol. There is none. */
  isUpgrade: boolean;
  isNameTooLong: boolean;
};

/** @param raw names and values in turns, as Node has them */
export function readHead(raw: readonly string[]): RequestHead {
  const head: RequestHead = {
    authorization: undefined,
    authorizations: 0,
    host: undefined,
    hosts: 0,
    userAgent: '',
    forwardedFor: undefined,
    hasContent: false,
    isUpgrade: false,
    isNameTooLong: false,
  };
  for (let index = 0; index < raw.length; index += 2) {
    const name = raw[index] as string;
    // Lengths first: nearly every header is none of these.
    switch (name.length) {
      case 4:
        if (name.toLowerCase() === 'host') {
          head.host = raw[index + 1];
          head.hosts += 1;
        }
        break;
      case 7:
        if (name.toLowerCase() === 'upgrade') head.isUpgrade = true;
        break;
      case 10:
        if (name.toLowerCase() === 'user-agent') head.userAgent = raw[index + 1] as string;
        break;
      case 13:
        if (name.toLowerCase() === 'authorization') {
          head.authorization = raw[index + 1];
          head.authorizations += 1;
        }
        break;
      case 14:
        if (name.toLowerCase() === 'content-length' && raw[index + 1] !== '0') head.hasContent = true;
        break;
      case 15:
        if (name.toLowerCase() === 'x-forwarded-for') {
          const value = raw[index + 1] as string;
          head.forwardedFor = head.forwardedFor === undefined ? value : `${head.forwardedFor},${value}`;
        }
        break;
      case 17:
        if (name.toLowerCase() === 'transfer-encoding') head.hasContent = true;
        break;
      default:
        if (name.length > maxNameChars) head.isNameTooLong = true;
    }
  }
  return head;
}

export type HeadProblem = {
  readonly status: 400 | 405 | 414 | 431;
  readonly reason: string;
  readonly cause: ProtocolCause;
  readonly headers?: Readonly<Record<string, string>>;
};

/** Ends the connection as well: what follows on it may be a part of this request. */
const closing = { connection: 'close' } as const;
const allow = { allow: 'GET, HEAD', ...closing } as const;
const tooLong: HeadProblem = {
  status: 431,
  reason: words.headersTooLarge,
  cause: 'request.too-large',
  headers: closing,
};

/**
 * Why a request is refused before its path is looked at, or undefined.
 * @param knownHost one that was found to be well-formed
 */
export function headProblem(
  req: IncomingMessage,
  head: RequestHead,
  knownHost: string | undefined,
): HeadProblem | undefined {
  const { method, httpVersionMajor: major, httpVersionMinor: minor } = req;
  if (major !== 1 || minor > 1) return bad(words.versions, 'request.version');
  if (req.rawHeaders.length > 2 * maxHeaders || head.isNameTooLong) return tooLong;
  if (head.hosts > 1) return bad(words.twoHosts, 'request.host');
  if (head.hosts === 0) {
    if (minor === 1) return bad(words.noHost, 'request.host');
  } else if (head.host !== knownHost && validHost(head.host) === undefined) {
    return bad(words.malformedHost, 'request.host');
  }
  if (method !== 'GET' && method !== 'HEAD') {
    return { status: 405, reason: words.methods, cause: 'request.method', headers: allow };
  }
  if (head.hasContent) return bad(words.content, 'request.content');
  if ((req.url ?? '').length > maxTargetChars) {
    return { status: 414, reason: words.pathTooLong, cause: 'request.too-large', headers: closing };
  }
  return undefined;
}

const bad = (reason: string, cause: ProtocolCause): HeadProblem => ({
  status: 400,
  reason,
  cause,
  headers: closing,
});

/**
 * What the request log keeps of a request. Invariant: of a request that was not allowed, no channel, package or file is
 * told; files that were sent and refusals are rows, all else is counted; nobody without a token can fill the disk.
 */
import type { RequestCause } from '../../shared/model/gateway.ts';
import type { LogRow } from '../request-log/log-row.ts';
import type { RequestLog } from '../request-log/request-log.ts';
import type { Sent } from './answer.ts';
import { ciContext } from './ci-context.ts';
import { condaFileOf } from './conda/names.ts';
import type { Exchange } from './exchange.ts';
import { metadataSuffix, parseFileNameOf } from './pypi/file-names.ts';
import type { RequestTarget } from './request-target.ts';

type Row = { -readonly [K in keyof LogRow]: LogRow[K] };

/** Refusals of access that are told one by one: so many at once, and so many a second. Of further ones, how many. */
const refusalsAtOnce = 1_000;
const refusalsPerSecond = 10;

/** @param hasAdmins whether there was a bundle: before, nothing is served */
export function recorder(
  log: Pick<RequestLog, 'add' | 'count'>,
  hasAdmins: () => boolean,
): (exchange: Exchange, sent: Sent, cause: RequestCause | undefined) => void {
  const mayTell = allowance();
  return (exchange, sent, cause) => {
    const { access, startedAtMs, target } = exchange;
    if (access === undefined || target === undefined || access.outcome === 'open') return;
    const token = access.token;
    if (access.outcome === 'deny') {
      const rule = access.decision.reasons[0]?.rule;
      if (rule === 'access.not-configured') return log.count(startedAtMs, undefined, undefined, 'failed');
      // Clients ask without a login first. Rows that can be sealed to nobody would be lost with the gateway.
      if (rule === 'access.credential-missing' || !hasAdmins() || !mayTell(startedAtMs))
        log.count(startedAtMs, token?.id, undefined, 'denied');
      else log.add(rowOf(exchange, sent, 'refusal', cause));
      return;
    }
    const file = sent.status === 304 ? undefined : fileOf(target);
    const isRefused =
      exchange.packageDecision?.effect === 'deny' || sent.status === 403 || cause === 'channel.wrong-file';
    const kind = isRefused ? 'refusal' : kindOf(sent.status, cause);
    if (kind === undefined || (!isRefused && (file === undefined || exchange.req.method !== 'GET'))) {
      const outcome = isRefused ? 'denied' : sent.status >= 400 ? 'failed' : 'allowed';
      return log.count(startedAtMs, token?.id, access.channel.id, outcome);
    }
    log.add({ ...rowOf(exchange, sent, kind, cause), channelId: access.channel.id, ...file });
  };
}

/** What became of a file; undefined where none was sent. */
function kindOf(status: number, cause: RequestCause | undefined): 'download' | 'cut' | undefined {
  if (cause === 'answer.cut') return 'cut';
  return status === 200 || status === 206 ? 'download' : undefined;
}

function rowOf(exchange: Exchange, sent: Sent, kind: LogRow['kind'], cause: RequestCause | undefined): Row {
  const { access, about, packageDecision, req, head } = exchange;
  const ci = ciContext(headerOf(req.headers['x-latchkey-ci']), head.userAgent);
  const row: Row = {
    atMs: exchange.startedAtMs,
    kind,
    bytes: sent.bytes,
    status: sent.status,
    client: exchange.client,
    who:
      ci.user === undefined ? { address: exchange.address } : { address: exchange.address, ciUser: ci.user },
  };
  const token = access !== undefined && 'token' in access ? access.token : undefined;
  if (token !== undefined) {
    row.tokenId = token.id;
    row.teamId = token.teamId;
    row.environmentId = token.environmentId;
  }
  if (cause !== undefined) row.cause = cause;
  const reason = packageDecision?.effect === 'deny' ? packageDecision.reasons[0] : undefined;
  if (reason?.policyName !== undefined) row.policyName = reason.policyName;
  if (about?.decisionId !== undefined) row.decisionId = about.decisionId;
  if (about?.sha256 !== undefined) row.sha256 = about.sha256;
  if (about?.cache !== undefined) row.cache = about.cache;
  if (ci.project !== undefined) row.ciProject = ci.project;
  if (ci.job !== undefined) row.ciJob = ci.job;
  return row;
}

type File = Pick<LogRow, 'ecosystem' | 'name' | 'version' | 'filename'>;

/** The package file that a path names; undefined for indexes and metadata. */
function fileOf({ route, segments }: RequestTarget): File | undefined {
  const filename = segments.at(-1) ?? '';
  if (route === 'conda') {
    if (condaFileOf(segments).kind !== 'package') return undefined;
    return { ecosystem: 'conda', filename, ...condaNameOf(filename) };
  }
  if (segments[0] !== 'files' || segments.length !== 3 || filename.endsWith(metadataSuffix)) return undefined;
  const project = segments[1] ?? '';
  const version = parseFileNameOf(project, filename)?.version;
  return { ecosystem: 'pypi', name: project, filename, ...(version === undefined ? {} : { version }) };
}

/** Name and version of `name-version-build.conda`: neither version nor build has a hyphen (CEP 26). */
function condaNameOf(filename: string): Pick<LogRow, 'name' | 'version'> {
  const buildAt = filename.lastIndexOf('-');
  const versionAt = filename.lastIndexOf('-', buildAt - 1);
  if (versionAt <= 0) return {};
  return {
    name: filename.slice(0, versionAt).toLowerCase(),
    version: filename.slice(versionAt + 1, buildAt),
  };
}

const headerOf = (value: string | string[] | undefined): string | undefined =>
  Array.isArray(value) ? value[0] : value;

/** A bucket of refusals that fills with time. */
function allowance(): (nowMs: number) => boolean {
  let left = refusalsAtOnce;
  let atMs = 0;
  return (nowMs) => {
    left = Math.min(refusalsAtOnce, left + (Math.max(0, nowMs - atMs) / 1000) * refusalsPerSecond);
    atMs = nowMs;
    if (left < 1) return false;
    left -= 1;
    return true;
  };
}

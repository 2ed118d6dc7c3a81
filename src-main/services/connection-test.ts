import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { ConnectionReport } from '../../shared/contract/views.ts';
import { LatchkeyError } from '../../shared/errors.ts';
import type { BundleUpstream } from '../../shared/model/bundle.ts';
import type { ChannelKind, UpstreamCredentials } from '../../shared/model/domain.ts';
import { openUpstream } from '../gateway/upstream-client.ts';
import type { Context } from './context.ts';

const timeoutMs = 10_000;
/** Enough to recognise an index; a test never downloads a whole one. */
const peekBytes = 4096;

/**
 * Tries what the gateway would do: reads the index of a folder or an HTTP upstream.
 * @returns a report, also for a failure: a test that fails is an answer, not an error.
 */
export async function testConnection(
  kind: ChannelKind,
  upstream: BundleUpstream,
  context: Pick<Context, 'now'>,
): Promise<ConnectionReport> {
  const startedAtMs = context.now();
  const report = (ok: boolean, message: string): ConnectionReport => ({
    ok,
    message,
    durationMs: Math.max(0, context.now() - startedAtMs),
  });
  try {
    return upstream.type === 'folder'
      ? await testFolder(kind, upstream.path, report)
      : await testUrl(kind, upstream.url, upstream.credentials, report);
  } catch (error) {
    if (error instanceof LatchkeyError) return report(false, error.message);
    if (error instanceof Error && 'code' in error)
      return report(false, `Cannot be read (${String(error.code)}).`);
    throw error;
  }
}

type Report = (ok: boolean, message: string) => ConnectionReport;

async function testFolder(kind: ChannelKind, path: string, report: Report): Promise<ConnectionReport> {
  const names = await readdir(path, { withFileTypes: true });
  if (kind === 'pypi') {
    const files = names.filter((entry) => /\.(whl|tar\.gz|zip)$/.test(entry.name)).length;
    const folders = names.filter((entry) => entry.isDirectory()).length;
    if (files + folders === 0) return report(false, 'The folder holds no wheels (.whl) or sdists (.tar.gz).');
    return report(
      true,
      `Folder found: ${files} distribution file(s)${folders > 0 ? `, ${folders} folder(s)` : ''}.`,
    );
  }
  const subdirs: string[] = [];
  for (const entry of names) {
    if (!entry.isDirectory()) continue;
    const inside = await readdir(join(path, entry.name));
    if (inside.includes('repodata.json')) subdirs.push(entry.name);
  }
  return subdirs.length > 0
    ? report(true, `Conda channel found: ${subdirs.toSorted().join(', ')}.`)
    : report(false, 'No subdir with a repodata.json in it (noarch, linux-64, …). Index the folder first.');
}

async function testUrl(
  kind: ChannelKind,
  base: string,
  credentials: UpstreamCredentials | undefined,
  report: Report,
): Promise<ConnectionReport> {
  const root = base.endsWith('/') ? base : `${base}/`;
  const url = kind === 'conda' ? `${root}noarch/repodata.json` : root;
  const answer = await openUpstream({
    url,
    method: 'GET',
    headers: kind === 'pypi' ? { accept: 'application/vnd.pypi.simple.v1+json, text/html;q=0.5' } : {},
    ...(credentials === undefined ? {} : { credentials }),
    credentialsOrigin: new URL(base).origin,
    signal: AbortSignal.timeout(timeoutMs),
  });
  let head = '';
  for await (const chunk of answer.body) {
    head += Buffer.from(chunk as Uint8Array).toString('latin1');
    if (head.length >= peekBytes) break;
  }
  answer.body.destroy();
  if (answer.status === 401 || answer.status === 403) {
    return report(false, `The upstream refuses (HTTP ${answer.status}). Check the credentials.`);
  }
  if (answer.status !== 200) {
    return report(
      false,
      `The upstream answers HTTP ${answer.status}. Check that the URL is the index's base.`,
    );
  }
  const looksRight = kind === 'conda' ? /^\s*\{/.test(head) : /^\s*[{<]/.test(head);
  return looksRight
    ? report(true, kind === 'conda' ? 'Conda channel found (noarch answers).' : 'Python index found.')
    : report(
        false,
        `The upstream answers, but not with ${kind === 'conda' ? 'repodata' : 'a simple index'}.`,
      );
}

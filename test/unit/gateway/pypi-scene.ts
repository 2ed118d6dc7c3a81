/** A channel, a request and an upstream that never leaves the process, for the tests of the PyPI room. */
import { createHash } from 'node:crypto';
import { Readable } from 'node:stream';
import { gzipSync } from 'node:zlib';
import { strToU8, zipSync } from 'fflate';
import type { UpstreamCredentials } from '../../../shared/model/domain.ts';
import type { BundleToken, BundleUpstream } from '../../../shared/model/bundle.ts';
import { Documents } from '../../../src-main/gateway/documents/documents.ts';
import { WorkerThreads } from '../../../src-main/gateway/documents/worker-threads.ts';
import { NearestAllowed } from '../../../src-main/gateway/nearest-allowed.ts';
import { DecisionMemory } from '../../../src-main/gateway/decision-memory.ts';
import { noPolicies } from '../../../src-main/gateway/policy-scope.ts';
import { createPypiHandler, type PypiHandler } from '../../../src-main/gateway/pypi/handler.ts';
import type {
  ChannelRequest,
  ChannelResponse,
  OpenUpstream,
  ServedChannel,
  UpstreamRequest,
} from '../../../src-main/gateway/types.ts';

export const json = 'application/vnd.pypi.simple.v1+json';
export const indexUrl = 'https://index.example/root/simple/';

type Answer = {
  readonly status?: number;
  readonly headers?: Record<string, string>;
  readonly body?: string | Uint8Array | Readable;
  readonly finalUrl?: string;
  readonly endsWithConnection?: boolean;
};
export type FakeUpstream = {
  readonly open: OpenUpstream;
  readonly requests: UpstreamRequest[];
  /** By URL; what is not here is 404. */
  readonly answers: Map<string, Answer | ((request: UpstreamRequest) => Answer)>;
};

export function fakeUpstream(
  answers: Record<string, Answer | ((request: UpstreamRequest) => Answer)> = {},
): FakeUpstream {
  const table = new Map(Object.entries(answers));
  const requests: UpstreamRequest[] = [];
  return {
    requests,
    answers: table,
    open: (request) => {
      requests.push(request);
      const found = table.get(request.url);
      const answer: Answer = (typeof found === 'function' ? found(request) : found) ?? { status: 404 };
      const {
        status = 200,
        headers = {},
        body = '',
        finalUrl = request.url,
        endsWithConnection = false,
      } = answer;
      const stream = body instanceof Readable ? body : Readable.from([Buffer.from(body as string)]);
      return Promise.resolve({ status, headers, body: stream, finalUrl, endsWithConnection });
    },
  };
}

export const htmlAnswer = (body: string): Answer => ({ headers: { 'content-type': 'text/html' }, body });
export const jsonAnswer = (value: unknown): Answer => ({
  headers: { 'content-type': json },
  body: typeof value === 'string' ? value : JSON.stringify(value),
});
export const jsonPage = (name: string, files: unknown[], more: Record<string, unknown> = {}) =>
  jsonAnswer({ meta: { 'api-version': '1.4' }, name, files, ...more });

/** One for all scenes of a test file. */
const threads = new WorkerThreads(1);

export type Scene = {
  readonly documents: Documents;
  readonly handler: PypiHandler;
  readonly clock: { nowMs: number };
  /** Puts a new bundle's upstream in place. */
  readonly change: (upstream: BundleUpstream) => void;
  readonly get: (
    path: string,
    headers?: Record<string, string>,
    method?: 'GET' | 'HEAD',
  ) => Promise<ChannelResponse>;
  readonly text: (path: string, accept?: string) => Promise<string>;
  readonly files: (project: string) => Promise<Record<string, unknown>[]>;
};

/** Paths are written below the channel's root, as the client sends them; the decoding is the core's. */
/** @param dataDir the gateway's own folder */
export function scene(
  upstream: BundleUpstream,
  open: OpenUpstream = fakeUpstream().open,
  dataDir?: string,
): Scene {
  const clock = { nowMs: Date.UTC(2026, 10, 1) };
  const now = () => clock.nowMs;
  const documents = new Documents({ now, threads, dataDir });
  const handler = createPypiHandler({
    openUpstream: open,
    documents,
    decisions: new DecisionMemory(),
    nearest: new NearestAllowed(documents, now),
    now,
  });
  let channel = {
    id: 'ch1',
    name: 'internal',
    kind: 'pypi',
    environmentIds: [],
    upstream,
  } as unknown as ServedChannel;
  const get: Scene['get'] = async (path, headers = {}, method = 'GET') => {
    const request: ChannelRequest = {
      method,
      channel,
      token: { id: 'AAAAAAAA' } as unknown as BundleToken,
      scope: noPolicies,
      segments: path.split('/').map(decodeURIComponent),
      headers,
      baseUrl: 'http://gateway.example:8700/pypi/internal',
      signal: new AbortController().signal,
      turn: () => Promise.resolve(),
    };
    return await handler.handle(request);
  };
  const text: Scene['text'] = async (path, accept = json) => await bodyText(await get(path, { accept }));
  return {
    handler,
    documents,
    clock,
    change: (next) => {
      channel = { ...channel, upstream: next };
    },
    get,
    text,
    files: async (project) =>
      (JSON.parse(await text(`simple/${project}/`)) as { files: Record<string, unknown>[] }).files,
  };
}

export const urlScene = (fake: FakeUpstream, credentials?: UpstreamCredentials, url = indexUrl) =>
  scene({ type: 'url', url, ...(credentials === undefined ? {} : { credentials }) }, fake.open);

export async function bodyText(response: ChannelResponse): Promise<string> {
  const { body } = response;
  if (body.type === 'bytes') return new TextDecoder().decode(body.bytes);
  if (body.type === 'pieces') return Buffer.concat(body.pieces).toString();
  if (body.type !== 'stream')
    throw new Error(`No text in a body of type ${body.type} (status ${response.status})`);
  const chunks: Buffer[] = [];
  for await (const chunk of body.stream as AsyncIterable<Buffer>) chunks.push(chunk);
  return Buffer.concat(chunks).toString();
}

/** A tiny wheel that pip would install. */
export function wheel(
  name: string,
  version: string,
  options: {
    requiresPython?: string;
    folder?: string;
    license?: string;
    more?: Readonly<Record<string, string>>;
  } = {},
): Uint8Array {
  const folder = options.folder ?? `${name}-${version}.dist-info`;
  return zipSync({
    [`${name}/__init__.py`]: strToU8(''),
    [`${folder}/METADATA`]: strToU8(metadataText(name, version, options.requiresPython, options.license)),
    [`${folder}/WHEEL`]: strToU8(
      'Wheel-Version: 1.0\nGenerator: test\nRoot-Is-Purelib: true\nTag: py3-none-any\n',
    ),
    [`${folder}/RECORD`]: strToU8(''),
    ...Object.fromEntries(Object.entries(options.more ?? {}).map(([path, text]) => [path, strToU8(text)])),
  });
}

/** @param license an SPDX expression */
export function metadataText(
  name: string,
  version: string,
  requiresPython?: string,
  license?: string,
): string {
  const requires = requiresPython === undefined ? '' : `Requires-Python: ${requiresPython}\n`;
  const expression = license === undefined ? '' : `License-Expression: ${license}\n`;
  const head = `Metadata-Version: ${license === undefined ? '2.1' : '2.4'}\nName: ${name}\nVersion: ${version}\n`;
  return `${head}${requires}${expression}\nRequires-Python: not this line\n`;
}

/** A source distribution as a tar archive of these files, by path. */
export function sdist(files: Readonly<Record<string, string>>): Uint8Array {
  const blocks = Object.entries(files).flatMap(([path, text]) => {
    const head = Buffer.alloc(512);
    const bytes = Buffer.from(text);
    head.write(path, 0);
    head.write(`${bytes.length.toString(8).padStart(11, '0')} `, 124);
    head.write('0ustar', 156);
    return [head, bytes, Buffer.alloc((512 - (bytes.length % 512)) % 512)];
  });
  return gzipSync(Buffer.concat([...blocks, Buffer.alloc(1024)]));
}

export const sha256 = (bytes: Uint8Array | string) => createHash('sha256').update(bytes).digest('hex');

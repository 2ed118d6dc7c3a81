import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import type { IncomingMessage, RequestListener, Server } from 'node:http';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type {
  Bundle,
  BundleChannel,
  BundleCuration,
  BundleToken,
  BundleUpstream,
  ChannelProblem,
} from '../../../shared/model/bundle.ts';
import type { GatewayRequestEvent } from '../../../shared/model/gateway.ts';
import type { ChannelId, EnvironmentId, TeamId, TokenId } from '../../../shared/model/ids.ts';
import { defaultRetention } from '../../../shared/model/log-keeping.ts';
import type { Policy } from '../../../shared/model/policy.ts';
import type { Gateway } from '../../../src-main/gateway/gateway.ts';
import type { GatewayOptions } from '../../../src-main/gateway/gateway-options.ts';
import { createGateway } from '../../../src-main/gateway/gateway.ts';
import { newToken, tokenDigest } from '../../../src-main/tokens/format.ts';

export const nowMs = Date.UTC(2026, 10, 24, 12);
export const dayMs = 86_400_000;
export const dev = 'dev' as EnvironmentId;
export const prod = 'prod' as EnvironmentId;

let drawn = 0;
/** A well-formed token; each call another one. */
export function someToken(): { id: TokenId; text: string } {
  drawn += 1;
  const { id, token } = newToken((count) =>
    Uint8Array.from({ length: count }, (_, index) => (drawn * 37 + index * 11) % 248),
  );
  return { id, text: token };
}

export function channelOf(
  name: string,
  upstream: BundleUpstream | { readonly problem: ChannelProblem },
  options: { kind?: 'conda' | 'pypi'; environments?: EnvironmentId[] } = {},
): BundleChannel {
  return {
    id: `id-${name}` as ChannelId,
    name,
    kind: options.kind ?? 'conda',
    environmentIds: options.environments ?? [dev],
    ...('problem' in upstream ? upstream : { upstream }),
  };
}

/** What is enforced about a token; the digest is that of its text, which `bundleOf` fills in. */
export function tokenOf(
  id: TokenId,
  channels: readonly BundleChannel[],
  more: Partial<BundleToken> = {},
): BundleToken {
  return {
    id,
    digest: '',
    teamId: 'science' as TeamId,
    environmentId: dev,
    channelIds: channels.map((channel) => channel.id),
    expiresAtMs: nowMs + 90 * dayMs,
    networks: 'anywhere',
    ...more,
  };
}

export function bundleOf(
  number: number,
  channels: readonly BundleChannel[],
  tokens: readonly (readonly [text: string, token: BundleToken])[],
  { policies = [], curation = {} }: Partial<Pick<Bundle, 'policies' | 'curation'>> = {},
): Bundle {
  return {
    number,
    seq: number,
    organizationName: 'Acme',
    madeAtMs: nowMs,
    teams: [{ id: 'science' as TeamId, name: 'science' }],
    environments: [dev, prod].map((id) => ({ id, name: id })),
    channels,
    policies,
    curation,
    logKeeping: { retention: defaultRetention, recipients: [] },
    tokens: tokens.map(([text, token]) => ({ ...token, digest: tokenDigest(text) })),
  };
}

export type RawAnswer = { status: number; reason: string; headers: Record<string, string>; body: string };

/** A gateway on a free port with one conda folder channel `internal`, one PyPI channel `python`, and one good token. */
export class GatewayScene {
  readonly dir = mkdtempSync(join(tmpdir(), 'latchkey-gateway-'));
  readonly folder = join(this.dir, 'channel');
  readonly lines: string[] = [];
  readonly events: GatewayRequestEvent[] = [];
  /** How long answers to wrong tokens would have waited. */
  readonly delaysMs: number[] = [];
  readonly token = someToken();
  readonly channels: BundleChannel[];
  readonly tokens: [string, BundleToken][] = [];
  readonly #servers: Server[] = [];
  policies: readonly Policy[] = [];
  curation: BundleCuration = {};
  gateway!: Gateway;
  #number = 0;
  port = 0;
  /** The gateway's clock. */
  nowMs = nowMs;

  constructor() {
    const subdir = join(this.folder, 'noarch');
    mkdirSync(subdir, { recursive: true });
    writeFileSync(
      join(subdir, 'repodata.json'),
      '{"info":{"subdir":"noarch"},"packages":{},"packages.conda":{}}',
    );
    writeFileSync(join(subdir, 'tool-1.0-0.conda'), '0123456789');
    writeFileSync(join(subdir, '.hidden-1.0-0.conda'), 'hidden');
    writeFileSync(join(this.dir, 'secret-1.0-0.conda'), 'TOP SECRET');
    symlinkSync(join(this.dir, 'secret-1.0-0.conda'), join(subdir, 'link-1.0-0.conda'));
    symlinkSync(this.dir, join(this.folder, 'outside'));
    mkdirSync(join(this.dir, 'wheels'));
    this.channels = [
      channelOf('internal', { type: 'folder', path: this.folder }),
      channelOf('python', { type: 'folder', path: join(this.dir, 'wheels') }, { kind: 'pypi' }),
    ];
    this.tokens.push([this.token.text, tokenOf(this.token.id, this.channels)]);
  }

  async open(options: Partial<GatewayOptions> = {}): Promise<this> {
    this.gateway = createGateway({
      host: '127.0.0.1',
      port: 0,
      now: () => this.nowMs,
      log: (line) => this.lines.push(line),
      after: (delayMs, run) => {
        this.delaysMs.push(delayMs);
        const soon = setImmediate(run);
        return () => clearImmediate(soon);
      },
      ...options,
    });
    this.gateway.onRequest((event) => this.events.push(event));
    this.update();
    this.port = (await this.gateway.start()).port;
    return this;
  }

  /** Hands the current channels and tokens to the gateway. */
  update(): void {
    this.#number += 1;
    // A few tokens are there when the call returns.
    void this.gateway.load(bundleOf(this.#number, this.channels, this.tokens, this));
  }

  /** A further channel that the good token may reach. */
  addChannel(channel: BundleChannel): void {
    this.channels.push(channel);
    this.tokens[0] = [this.token.text, tokenOf(this.token.id, this.channels)];
    this.update();
  }

  async upstream(listener: RequestListener): Promise<string> {
    const server = createServer(listener);
    this.#servers.push(server);
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  }

  basic(text = this.token.text): string {
    return `Basic ${Buffer.from(`anyone:${text}`).toString('base64')}`;
  }

  /** One request, written byte by byte as given: fetch would tidy the path. */
  raw(
    target: string,
    options: { method?: string; headers?: readonly string[]; bare?: boolean } = {},
  ): Promise<RawAnswer> {
    const headers =
      options.bare === true
        ? (options.headers ?? [])
        : [`Host: 127.0.0.1:${this.port}`, ...(options.headers ?? [])];
    return rawRequest(
      this.port,
      `${options.method ?? 'GET'} ${target} HTTP/1.1\r\n${headers.join('\r\n')}\r\nConnection: close\r\n\r\n`,
    );
  }

  /** With the good token as Basic credentials. */
  get(target: string, ...headers: string[]): Promise<RawAnswer> {
    return this.raw(target, { headers: [`Authorization: ${this.basic()}`, ...headers] });
  }

  head(target: string, ...headers: string[]): Promise<RawAnswer> {
    return this.raw(target, { method: 'HEAD', headers: [`Authorization: ${this.basic()}`, ...headers] });
  }

  async close(): Promise<void> {
    await this.gateway.stop();
    for (const server of this.#servers) {
      server.closeAllConnections();
      server.close();
    }
    rmSync(this.dir, { recursive: true, force: true });
  }
}

export function rawRequest(port: number, text: string): Promise<RawAnswer> {
  return new Promise((resolve, reject) => {
    const socket = connect(port, '127.0.0.1', () => socket.write(text, 'latin1'));
    let received = '';
    socket.setEncoding('latin1');
    socket.on('data', (part: string) => (received += part));
    socket.on('error', reject);
    socket.on('close', () => {
      const [head = '', ...rest] = received.split('\r\n\r\n');
      const [statusLine = '', ...lines] = head.split('\r\n');
      const match = /^HTTP\/1\.1 (\d{3}) (.*)$/.exec(statusLine);
      const headers = Object.fromEntries(
        lines.map((line) => [
          line.slice(0, line.indexOf(':')).toLowerCase(),
          line.slice(line.indexOf(':') + 2),
        ]),
      );
      let body = rest.join('\r\n\r\n');
      if (headers['transfer-encoding'] === 'chunked') body = dechunked(body);
      resolve({ status: Number(match?.[1]), reason: match?.[2] ?? '', headers, body });
    });
  });
}

function dechunked(body: string): string {
  let text = '';
  let at = 0;
  while (at < body.length) {
    const lineEnd = body.indexOf('\r\n', at);
    const size = Number.parseInt(body.slice(at, lineEnd), 16);
    if (!(size > 0)) break;
    text += body.slice(lineEnd + 2, lineEnd + 2 + size);
    at = lineEnd + 2 + size + 2;
  }
  return text;
}

export function headerOf(req: IncomingMessage, name: string): string | undefined {
  const value = req.headers[name];
  return Array.isArray(value) ? value.join(', ') : value;
}

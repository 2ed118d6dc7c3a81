/**
 * Tries a channel the way a client would: the channel's real handler, down to one project or package. Invariant: what
 * is said is what a client gets; no other reading of an upstream's answer decides.
 */
import { createReadStream } from 'node:fs';
import type { Readable } from 'node:stream';
import { LatchkeyError } from '../../shared/errors.ts';
import type { BundleToken, BundleUpstream } from '../../shared/model/bundle.ts';
import type { ChannelKind } from '../../shared/model/domain.ts';
import type { NetworkConfig } from '../network/network-config.ts';
import type { ChannelHandler } from './request-pipeline.ts';
import type { ChannelRequest, ChannelResponse, ServedChannel } from './types.ts';
import { UpstreamError } from './types.ts';

/** One question to the channel and what came of it. */
export type TrialStep = {
  /** Path below the channel's root. */
  readonly path: string;
  readonly status: number;
  readonly reason: string;
};
/** What is to be tried, as plain data. */
export type TrialOrder = {
  readonly kind: ChannelKind;
  readonly upstream: BundleUpstream;
  /** A project or package that should be there; one is looked for otherwise. */
  readonly name?: string;
  readonly network: NetworkConfig;
  /** Ports of Latchkey on this computer. */
  readonly ownPorts: readonly number[];
};
export type Trial = { readonly ok: boolean; readonly message: string; readonly steps: readonly TrialStep[] };

export type TrialOptions = {
  readonly channel: ServedChannel;
  readonly handlers: { readonly conda: ChannelHandler; readonly pypi: ChannelHandler };
  /** A project or package that should be there; one is looked for otherwise. */
  readonly name?: string | undefined;
  readonly signal: AbortSignal;
};

/** Enough of an index to find one name in it. */
const peekChars = 4 * 1024 * 1024;
/** The systems most people install for, after `noarch`. */
const subdirs = ['noarch', 'linux-64', 'osx-arm64', 'win-64', 'osx-64', 'linux-aarch64'] as const;
/** On every public index, and asked for without reading a list of 800,000 names. */
const wellKnownProject = 'pip';

/** @returns what a client would get: a trial that fails is an answer, not an error. */
export async function tryChannel(options: TrialOptions): Promise<Trial> {
  const steps: TrialStep[] = [];
  const ask = async (path: string, method: 'GET' | 'HEAD' = 'GET'): Promise<Answer> => {
    const answer = await answerOf(options, path, method);
    steps.push({ path, status: answer.status, reason: answer.reason });
    return answer;
  };
  const kind = options.channel.kind;
  const { ok, message } =
    kind === 'conda' ? await tryConda(ask, options.name) : await tryPypi(ask, options.name);
  return { ok, message, steps };
}

type Answer = {
  readonly status: number;
  readonly reason: string;
  readonly hint: string | undefined;
  readonly text: string;
};
type Ask = (path: string, method?: 'GET' | 'HEAD') => Promise<Answer>;
type Outcome = { readonly ok: boolean; readonly message: string };

async function tryConda(ask: Ask, name: string | undefined): Promise<Outcome> {
  const found: string[] = [];
  for (const subdir of subdirs) {
    const index = await ask(`${subdir}/repodata.json`);
    // Clients stop where `noarch` is missing; other subdirs may be.
    if (index.status === 404 && subdir !== 'noarch') continue;
    if (index.status !== 200) return failed(`${subdir}/repodata.json`, index);
    found.push(subdir);
    const file = packageIn(index.text, name);
    if (file === undefined) continue;
    const got = await ask(`${subdir}/${file}`, 'HEAD');
    if (got.status !== 200) return failed(`the package ${subdir}/${file}`, got);
    return passed(`Conda channel: its index is read, and ${subdir}/${file} can be downloaded.`);
  }
  const where = found.join(', ');
  return {
    ok: false,
    message:
      name === undefined
        ? `The index is read (${where}), but there is no package in it: clients would find nothing.`
        : `The index is read (${where}), but there is no package "${name}" at its beginning.`,
  };
}

/** The file name of a package; without a name, of the first. */
function packageIn(text: string, name: string | undefined): string | undefined {
  for (const [, file = ''] of text.matchAll(
    /"([A-Za-z0-9_][A-Za-z0-9_.!+-]{0,250}\.(?:conda|tar\.bz2))"\s{0,20}:/g,
  )) {
    // <name>-<version>-<build>, unlike `packages.conda`, which holds them.
    const parts = file.split('-');
    if (parts.length < 3) continue;
    if (name === undefined || parts.slice(0, -2).join('-') === name) return file;
  }
  return undefined;
}

async function tryPypi(ask: Ask, name: string | undefined): Promise<Outcome> {
  const first = await ask(`simple/${encodeURIComponent(name ?? wellKnownProject)}/`);
  if (first.status === 200) return await tryProject(ask, name ?? wellKnownProject, first);
  if (first.status !== 404) return failed(`the page of ${name ?? wellKnownProject}`, first);
  if (name !== undefined) return { ok: false, message: `The index answers, but has no project "${name}".` };
  const list = await ask('simple/');
  if (list.status === 404) {
    return {
      ok: false,
      message:
        'The upstream has neither a list of projects nor the project "pip". Check that the URL is the base of a simple index, or name a project that is there.',
    };
  }
  if (list.status !== 200) return failed('the list of projects', list);
  const project = /"name":\s{0,20}"([A-Za-z0-9][A-Za-z0-9._-]{0,250})"/.exec(list.text)?.[1];
  if (project === undefined) {
    return {
      ok: false,
      message: 'The index is read, but there is no project in it: clients would find nothing.',
    };
  }
  const page = await ask(`simple/${project}/`);
  return page.status === 200 ? await tryProject(ask, project, page) : failed(`the page of ${project}`, page);
}

async function tryProject(ask: Ask, project: string, page: Answer): Promise<Outcome> {
  const file = /"filename":\s{0,20}"([A-Za-z0-9][A-Za-z0-9._+!-]{0,250})"/.exec(page.text)?.[1];
  if (file === undefined) {
    return { ok: false, message: `The page of ${project} is read, but no file on it can be served.` };
  }
  const got = await ask(`files/${project}/${encodeURIComponent(file)}`, 'HEAD');
  if (got.status !== 200) return failed(`the file ${file}`, got);
  return passed(`Python index: the page of ${project} is read, and ${file} can be downloaded.`);
}

const passed = (message: string): Outcome => ({ ok: true, message });

function failed(what: string, { status, reason, hint }: Answer): Outcome {
  const said = `For ${what} a client would get ${status} ${reason}.`;
  return { ok: false, message: hint === undefined ? said : `${said} ${hint}` };
}

/** For the questions of a trial: no person's token, and no more right than the channel itself. */
const trialToken = {
  id: 'trial',
  expiresAtMs: Number.MAX_SAFE_INTEGER,
  channelIds: [],
} as unknown as BundleToken;

async function answerOf(
  { channel, handlers, signal }: TrialOptions,
  path: string,
  method: 'GET' | 'HEAD',
): Promise<Answer> {
  const request: ChannelRequest = {
    method,
    channel,
    token: trialToken,
    segments: path.split('/').map(decodeURIComponent),
    headers: { accept: 'application/vnd.pypi.simple.v1+json' },
    baseUrl: `http://127.0.0.1/${channel.kind}/${channel.name}`,
    signal,
    turn: () => Promise.resolve(),
  };
  try {
    const response = await handlers[channel.kind].handle(request);
    const text =
      method === 'GET' && response.status === 200 ? await textOf(response.body) : drop(response.body);
    return { status: response.status, reason: response.reason ?? '', hint: undefined, text };
  } catch (error) {
    if (error instanceof UpstreamError) {
      return { status: error.status, reason: error.reason, hint: error.hint, text: '' };
    }
    if (signal.aborted) return { status: 504, reason: 'No answer in time', hint: undefined, text: '' };
    const code = error instanceof Error && 'code' in error ? String(error.code) : undefined;
    if (error instanceof LatchkeyError)
      return { status: 500, reason: error.message, hint: undefined, text: '' };
    if (code === undefined) throw error;
    return {
      status: 502,
      reason: `The channel cannot be read (${code.slice(0, 40)})`,
      hint: undefined,
      text: '',
    };
  }
}

async function textOf(body: ChannelResponse['body']): Promise<string> {
  switch (body.type) {
    case 'none':
      return '';
    case 'bytes':
      return Buffer.from(body.bytes.subarray(0, peekChars)).toString('utf8');
    case 'pieces':
      return beginning(body.pieces);
    case 'file':
      return await beginningOf(createReadStream(body.path, { end: peekChars - 1 }));
    case 'stream':
      return await beginningOf(body.stream);
  }
}

function beginning(pieces: readonly Uint8Array[]): string {
  let text = '';
  for (const piece of pieces) {
    if (text.length >= peekChars) break;
    text += Buffer.from(piece).toString('latin1');
  }
  return text;
}

/** Reads to the end, as an index that breaks off at its end is none; keeps the beginning. */
async function beginningOf(stream: Readable): Promise<string> {
  let text = '';
  try {
    for await (const chunk of stream as AsyncIterable<Uint8Array>) {
      if (text.length < peekChars) text += Buffer.from(chunk).toString('latin1');
    }
  } catch (error) {
    if (error instanceof UpstreamError) throw error;
    throw new UpstreamError(502, 'The upstream’s answer breaks off or cannot be read', { cause: error });
  }
  return text;
}

function drop(body: ChannelResponse['body']): '' {
  if (body.type === 'stream') body.stream.destroy();
  return '';
}

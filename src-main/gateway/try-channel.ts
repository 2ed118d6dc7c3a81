/**
 * Tries a channel the way a client would: the channel's real handler, down to one project or package. Invariant: what
 * is said is what a client gets; no other reading of an upstream's answer decides.
 */
import { createReadStream } from 'node:fs';
import { LatchkeyError } from '../../shared/errors.ts';
import type { BundleToken, BundleUpstream } from '../../shared/model/bundle.ts';
import type { ChannelKind } from '../../shared/model/domain.ts';
import type { NetworkConfig } from '../network/network-config.ts';
import type { ChannelHandler } from './request-pipeline.ts';
import type { ChannelRequest, ChannelResponse, ServedChannel } from './types.ts';
import { noPolicies } from './policy-scope.ts';
import { UpstreamError } from './types.ts';
import { texts } from '../../shared/texts/texts.ts';

const words = texts.channels.test;

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

/** Longer than any name that is looked for, so that one between two chunks is found. */
const overlapChars = 512;
/** The systems most people install for, after `noarch`. */
const subdirs = ['noarch', 'linux-64', 'osx-arm64', 'win-64', 'osx-64', 'linux-aarch64'] as const;
/** On every public index, and asked for without reading a list of 800,000 names. */
const wellKnownProject = 'pip';

/** @returns what a client would get: a trial that fails is an answer, not an error. */
export async function tryChannel(options: TrialOptions): Promise<Trial> {
  const steps: TrialStep[] = [];
  const ask: Ask = async (path, look) => {
    const answer = await answerOf(options, path, look);
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
  /** What was looked for. */
  readonly found: string | undefined;
};
/** Finds a name in a part of a document. */
type Look = (text: string) => string | undefined;
/** Without `look`, the headers are all that is asked for. */
type Ask = (path: string, look?: Look) => Promise<Answer>;
type Outcome = { readonly ok: boolean; readonly message: string };

async function tryConda(ask: Ask, name: string | undefined): Promise<Outcome> {
  const found: string[] = [];
  for (const subdir of subdirs) {
    const index = await ask(`${subdir}/repodata.json`, (text) => packageIn(text, name));
    // Clients stop where `noarch` is missing; other subdirs may be.
    if (index.status === 404 && subdir !== 'noarch') continue;
    if (index.status !== 200) return failed(`${subdir}/repodata.json`, index);
    found.push(subdir);
    const file = index.found;
    if (file === undefined) continue;
    const got = await ask(`${subdir}/${file}`);
    if (got.status !== 200) return failed(words.package(subdir, file), got);
    return passed(words.condaWorks(subdir, file));
  }
  const where = found.join(', ');
  return {
    ok: false,
    message: name === undefined ? words.condaEmpty(where) : words.condaMissing(where, name),
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
  const first = await ask(`simple/${encodeURIComponent(name ?? wellKnownProject)}/`, fileIn);
  if (first.status === 200) return await tryProject(ask, name ?? wellKnownProject, first);
  if (first.status !== 404) return failed(words.pageOf(name ?? wellKnownProject), first);
  if (name !== undefined) return { ok: false, message: words.projectMissing(name) };
  const list = await ask('simple/', projectIn);
  if (list.status === 404) {
    return {
      ok: false,
      message: words.notAnIndex,
    };
  }
  if (list.status !== 200) return failed(words.projectList, list);
  const project = list.found;
  if (project === undefined) {
    return {
      ok: false,
      message: words.indexEmpty,
    };
  }
  const page = await ask(`simple/${project}/`, fileIn);
  return page.status === 200 ? await tryProject(ask, project, page) : failed(words.pageOf(project), page);
}

const projectIn: Look = (text) => stringAt(text, '"name":', /^[A-Za-z0-9][A-Za-z0-9._-]*$/);
const fileIn: Look = (text) => stringAt(text, '"filename":', /^[A-Za-z0-9][A-Za-z0-9._+!-]*$/);

const maxNameChars = 251;

/** The first string that stands after a key, has this form, and is no longer than a name. */
function stringAt(text: string, key: string, form: RegExp): string | undefined {
  for (let at = text.indexOf(key); at !== -1; at = text.indexOf(key, at + key.length)) {
    const after = text.slice(at + key.length, at + key.length + maxNameChars + 20).trimStart();
    const end = after.indexOf('"', 1);
    const value = after.slice(1, end === -1 ? 1 : end);
    if (after.startsWith('"') && value.length <= maxNameChars && form.test(value)) return value;
  }
  return undefined;
}

async function tryProject(ask: Ask, project: string, page: Answer): Promise<Outcome> {
  const file = page.found;
  if (file === undefined) {
    return { ok: false, message: words.noFile(project) };
  }
  const got = await ask(`files/${project}/${encodeURIComponent(file)}`);
  if (got.status !== 200) return failed(words.file(file), got);
  return passed(words.pypiWorks(project, file));
}

const passed = (message: string): Outcome => ({ ok: true, message });

function failed(what: string, { status, reason, hint }: Answer): Outcome {
  const said = words.wouldGet(what, status, reason);
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
  look: Look | undefined,
): Promise<Answer> {
  const method = look === undefined ? 'HEAD' : 'GET';
  const request: ChannelRequest = {
    method,
    channel,
    token: trialToken,
    scope: noPolicies,
    segments: path.split('/').map(decodeURIComponent),
    headers: { accept: 'application/vnd.pypi.simple.v1+json' },
    baseUrl: `http://127.0.0.1/${channel.kind}/${channel.name}`,
    signal,
    turn: () => Promise.resolve(),
  };
  try {
    const response = await handlers[channel.kind].handle(request);
    const found =
      look !== undefined && response.status === 200
        ? await foundIn(response.body, look)
        : drop(response.body);
    return { status: response.status, reason: response.reason ?? '', hint: undefined, found };
  } catch (error) {
    if (error instanceof UpstreamError) {
      return { status: error.status, reason: error.reason, hint: error.hint, found: undefined };
    }
    if (signal.aborted) return { status: 504, reason: words.noAnswer, hint: undefined, found: undefined };
    const code = error instanceof Error && 'code' in error ? String(error.code) : undefined;
    if (error instanceof LatchkeyError)
      return { status: 500, reason: error.message, hint: undefined, found: undefined };
    if (code === undefined) throw error;
    return {
      status: 502,
      reason: words.unreadable(code.slice(0, 40)),
      hint: undefined,
      found: undefined,
    };
  }
}

/** Reads to the end, as an index that breaks off at its end is none. */
async function foundIn(body: ChannelResponse['body'], look: Look): Promise<string | undefined> {
  let found: string | undefined;
  let tail = '';
  try {
    for await (const piece of piecesOf(body)) {
      if (found !== undefined) continue;
      const text = tail + Buffer.from(piece.buffer, piece.byteOffset, piece.length).toString('latin1');
      found = look(text);
      tail = text.slice(-overlapChars);
    }
    return found;
  } catch (error) {
    if (error instanceof UpstreamError) throw error;
    throw new UpstreamError(502, words.brokeOff, { cause: error });
  }
}

function piecesOf(body: ChannelResponse['body']): AsyncIterable<Uint8Array> | Iterable<Uint8Array> {
  switch (body.type) {
    case 'none':
      return [];
    case 'bytes':
      return [body.bytes];
    case 'pieces':
      return body.pieces;
    case 'file':
      return createReadStream(body.path);
    case 'stream':
      return body.stream as AsyncIterable<Uint8Array>;
  }
}

function drop(body: ChannelResponse['body']): undefined {
  if (body.type === 'stream') body.stream.destroy();
}

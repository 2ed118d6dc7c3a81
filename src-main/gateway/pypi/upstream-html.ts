/**
 * Reads an upstream's HTML index (PEP 503) into the model, with parse5's tokenizer: what a browser calls an `<a>` is
 * one here, comments and scripts are not. No tree is built, so that deep nesting and a large page cost no memory.
 */
import { Tokenizer, TokenizerMode } from 'parse5';
import type { Token } from 'parse5';
import { normalizeProjectName, parseFileNameOf } from './file-names.ts';
import { parseHashText } from './hashes.ts';
import { lastPathSegment, parseUrl, resolveFileUrl } from './link.ts';
import type { Hashes, ProjectFile, ProjectPage, ProjectStatus } from './model.ts';
import { makeProjectPage } from './model.ts';
import { cleanText } from './text.ts';
import { UnreadableIndexError } from './unreadable.ts';
import { maxReasonChars, maxRequiresPythonChars } from './upstream-json.ts';

type Anchor = { readonly attributes: ReadonlyMap<string, string>; text: string };
type ScannedHtml = {
  readonly anchors: readonly Anchor[];
  readonly baseHref: string | undefined;
  readonly meta: ReadonlyMap<string, string>;
};

const statuses = ['active', 'archived', 'quarantined', 'deprecated'] as const;
/** A project's name is shorter; the rest of a long text is not kept. */
const maxAnchorTextChars = 512;
const chunkChars = 64 * 1024;

/** Elements whose content is text to a browser. */
const textModes = new Map([
  ['script', TokenizerMode.SCRIPT_DATA],
  ['style', TokenizerMode.RAWTEXT],
  ['xmp', TokenizerMode.RAWTEXT],
  ['iframe', TokenizerMode.RAWTEXT],
  ['noembed', TokenizerMode.RAWTEXT],
  ['noframes', TokenizerMode.RAWTEXT],
  ['title', TokenizerMode.RCDATA],
  ['textarea', TokenizerMode.RCDATA],
  ['plaintext', TokenizerMode.PLAINTEXT],
]);

/**
 * @param pageUrl where the page came from, after redirects
 * @throws UnreadableIndexError if it is not HTML, or an index of another major version
 */
export async function readHtmlPage(html: string, project: string, pageUrl: URL): Promise<ProjectPage> {
  const scanned = await scanHtml(html);
  const base = scanned.baseHref === undefined ? pageUrl : (parseUrl(scanned.baseHref, pageUrl) ?? pageUrl);
  return makeProjectPage(project, filesOf(scanned.anchors, project, base, pageUrl), statusOf(scanned.meta));
}

/** The names on a project list: an anchor's text, or, where it has none, the last part of its link. */
export async function readHtmlList(html: string): Promise<string[]> {
  const { anchors } = await scanHtml(html);
  return anchors.flatMap(({ text, attributes }) => {
    const byText = text.trim();
    if (normalizeProjectName(byText) !== undefined) return [byText];
    const byLink = /([^/]+)\/?$/.exec((attributes.get('href') ?? '').replace(/[?#].*$/s, ''))?.[1];
    return byLink === undefined ? [] : [byLink];
  });
}

async function scanHtml(html: string): Promise<ScannedHtml> {
  const anchors: Anchor[] = [];
  const meta = new Map<string, string>();
  let baseHref: string | undefined;
  let open: Anchor | undefined;
  let tags = 0;
  const addText = ({ chars }: Token.CharacterToken) => {
    if (open !== undefined && open.text.length < maxAnchorTextChars) open.text += chars;
  };
  const ignore = () => undefined;
  const tokenizer = new Tokenizer(
    {},
    {
      onStartTag(token) {
        tags += 1;
        const mode = textModes.get(token.tagName);
        if (mode !== undefined) tokenizer.state = mode;
        if (token.tagName === 'a') {
          open = { attributes: attributesOf(token), text: '' };
          if (open.attributes.has('href')) anchors.push(open);
        } else if (token.tagName === 'base') {
          baseHref ??= attributesOf(token).get('href');
        } else if (token.tagName === 'meta') {
          const attributes = attributesOf(token);
          const name = attributes.get('name')?.toLowerCase();
          if (name?.startsWith('pypi:') === true) meta.set(name, attributes.get('content') ?? '');
        }
      },
      onEndTag(token) {
        if (token.tagName === 'a') open = undefined;
      },
      onCharacter: addText,
      onWhitespaceCharacter: addText,
      onNullCharacter: ignore,
      onComment: ignore,
      onDoctype: ignore,
      onEof: ignore,
    },
  );
  for (let at = 0; at < html.length || at === 0; at += chunkChars) {
    tokenizer.write(html.slice(at, at + chunkChars), at + chunkChars >= html.length);
    // Other requests get their turn while a list of a million lines is read.
    if (at > 0 && at % (16 * chunkChars) === 0) await new Promise((resolve) => setImmediate(resolve));
  }
  const version = meta.get('pypi:repository-version');
  if (tags === 0 || (version !== undefined && !/^1\.\d+$/.test(version.trim())))
    throw new UnreadableIndexError();
  return { anchors, baseHref, meta };
}

function attributesOf(token: Token.TagToken): ReadonlyMap<string, string> {
  return new Map(token.attrs.map(({ name, value }) => [name, value]));
}

function* filesOf(
  anchors: readonly Anchor[],
  project: string,
  base: URL,
  pageUrl: URL,
): Generator<ProjectFile> {
  for (const { attributes } of anchors) {
    const href = (attributes.get('href') ?? '').trim();
    const url = resolveFileUrl(href, base, pageUrl);
    // Like pip and uv, by the link and not by the text, which some servers shorten.
    const filename = url === undefined ? undefined : lastPathSegment(url);
    const name = filename === undefined ? undefined : parseFileNameOf(project, filename);
    if (url === undefined || filename === undefined || name === undefined) continue;
    const yanked = attributes.get('data-yanked');
    yield {
      filename,
      version: name.version,
      location: url.href,
      hashes: parseHashText(href.includes('#') ? href.slice(href.indexOf('#') + 1) : ''),
      requiresPython: cleanText(attributes.get('data-requires-python') ?? '', maxRequiresPythonChars),
      coreMetadata: metadataOf(
        attributes.get('data-core-metadata') ?? attributes.get('data-dist-info-metadata'),
      ),
      yanked: yanked === undefined ? false : (cleanText(yanked, maxReasonChars) ?? true),
    };
  }
}

function metadataOf(value: string | undefined): boolean | Hashes {
  if (value === undefined || value.trim().toLowerCase() === 'false') return false;
  const hashes = parseHashText(value.trim());
  return Object.keys(hashes).length > 0 ? hashes : true;
}

function statusOf(meta: ReadonlyMap<string, string>): ProjectStatus | undefined {
  const given = meta.get('pypi:project-status')?.trim();
  const status = statuses.find((candidate) => candidate === given);
  if (status === undefined) return undefined;
  const reason = cleanText(meta.get('pypi:project-status-reason') ?? '', maxReasonChars);
  return reason === undefined ? { status } : { status, reason };
}

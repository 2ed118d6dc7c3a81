/**
 * Finds the links of an HTML index (PEP 503) while it comes in, with parse5's tokenizer: what a browser calls an `<a>`
 * is one here, comments and scripts are not. No tree is built, so that deep nesting and a large page cost no memory.
 */
import { Tokenizer, TokenizerMode } from 'parse5';
import type { Token } from 'parse5';
import { NotAnIndexError, TooLargeError } from '../documents/not-an-index.ts';

export type Anchor = { readonly attributes: ReadonlyMap<string, string>; text: string };

/** A project's name is shorter; the rest of a long text is not kept. */
const maxAnchorTextChars = 512;
const maxHeadingChars = 512;
/** After each, the length of what is not complete is looked at. */
const stepBytes = 64 * 1024;
/** A tag, a comment or a text between two tags; the tokenizer keeps it, character by character, until it ends. */
const maxTokenChars = 1024 * 1024;
/** Of an index there are four. */
const maxMeta = 100;
const maxMetaChars = 4096;

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
/** What a page for people has and an index does not, as a rule. */
const interactive: ReadonlySet<string> = new Set(['form', 'input', 'button', 'script', 'iframe']);
const headings: ReadonlySet<string> = new Set(['title', 'h1']);
/** What indexes call themselves: PyPI, devpi, pypiserver, Nexus; nginx and Apache for a plain folder. */
const indexHeading = /links for|simple index|index of|simple api/i;

export class HtmlAnchors {
  /** The page's `<base href>`; the first counts. */
  baseHref: string | undefined;
  readonly meta = new Map<string, string>();
  readonly #decoder = new TextDecoder();
  readonly #tokenizer: Tokenizer;
  #found: Anchor[] = [];
  #open: Anchor | undefined;
  #heading: string | undefined;
  #saysIndex = false;
  #isInteractive = false;
  #tags = 0;
  #charsOfToken = 0;

  constructor() {
    const addText = ({ chars }: Token.CharacterToken) => this.#addText(chars);
    const ignore = () => void (this.#charsOfToken = 0);
    this.#tokenizer = new Tokenizer(
      {},
      {
        onStartTag: (token) => this.#onStartTag(token),
        onEndTag: (token) => {
          this.#charsOfToken = 0;
          if (token.tagName === 'a') this.#open = undefined;
          if (headings.has(token.tagName)) this.#endHeading();
        },
        onCharacter: addText,
        onWhitespaceCharacter: addText,
        onNullCharacter: ignore,
        onComment: ignore,
        onDoctype: ignore,
        onEof: ignore,
      },
    );
  }

  /**
   * @returns the anchors whose text is complete
   * @throws TooLargeError
   */
  push(chunk: Buffer): readonly Anchor[] {
    for (let at = 0; at < chunk.length; at += stepBytes) {
      const text = this.#decoder.decode(chunk.subarray(at, at + stepBytes), { stream: true });
      this.#charsOfToken += text.length;
      this.#tokenizer.write(text, false);
      if (this.#charsOfToken > maxTokenChars) throw new TooLargeError();
    }
    return this.#take();
  }

  /** @throws NotAnIndexError if it is not HTML, or an index of another major version */
  end(): readonly Anchor[] {
    this.#tokenizer.write(this.#decoder.decode(), true);
    this.#open = undefined;
    const version = this.meta.get('pypi:repository-version');
    if (this.#tags === 0 || (version !== undefined && !/^1\.\d{1,9}$/.test(version.trim())))
      throw new NotAnIndexError('Not an HTML index of version 1');
    return this.#take();
  }

  /** Whether the page calls itself an index: by PyPI's `meta`, or in its title. */
  get saysIndex(): boolean {
    return this.meta.size > 0 || this.#saysIndex;
  }

  /** Whether there is something to click or to fill in, as on a page for people. */
  get isInteractive(): boolean {
    return this.#isInteractive;
  }

  #take(): readonly Anchor[] {
    const keepsLast = this.#open !== undefined && this.#found.at(-1) === this.#open;
    const taken = keepsLast ? this.#found.slice(0, -1) : this.#found;
    this.#found = keepsLast ? this.#found.slice(-1) : [];
    return taken;
  }

  #onStartTag(token: Token.TagToken): void {
    const { tagName } = token;
    this.#charsOfToken = 0;
    this.#tags += 1;
    const mode = textModes.get(tagName);
    if (mode !== undefined) this.#tokenizer.state = mode;
    if (interactive.has(tagName)) this.#isInteractive = true;
    if (headings.has(tagName)) this.#heading = '';
    if (tagName === 'a') {
      this.#open = { attributes: attributesOf(token), text: '' };
      if (this.#open.attributes.has('href')) this.#found.push(this.#open);
    } else if (tagName === 'base') {
      this.baseHref ??= attributesOf(token).get('href');
    } else if (tagName === 'meta') {
      const attributes = attributesOf(token);
      const name = attributes.get('name')?.slice(0, maxMetaChars).toLowerCase();
      if (name?.startsWith('pypi:') === true && this.meta.size < maxMeta)
        this.meta.set(name, (attributes.get('content') ?? '').slice(0, maxMetaChars));
    }
  }

  #addText(chars: string): void {
    this.#charsOfToken = 0;
    if (this.#open !== undefined && this.#open.text.length < maxAnchorTextChars) this.#open.text += chars;
    if (this.#heading !== undefined) {
      this.#heading += chars;
      if (this.#heading.length > maxHeadingChars) this.#endHeading();
    }
  }

  #endHeading(): void {
    if (this.#heading !== undefined && indexHeading.test(this.#heading.slice(0, maxHeadingChars)))
      this.#saysIndex = true;
    this.#heading = undefined;
  }
}

function attributesOf(token: Token.TagToken): ReadonlyMap<string, string> {
  return new Map(token.attrs.map(({ name, value }) => [name, value]));
}

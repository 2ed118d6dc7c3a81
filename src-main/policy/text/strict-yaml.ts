/**
 * YAML as people keep policies in git, read strictly: version 1.2, core schema, one document of texts, numbers, lists and
 * maps. Invariant: what two readers could read differently (anchors, tags, directives, a key twice) is an error with its
 * line, and a hostile text costs bounded time and memory. Pure.
 */
import { isAlias, isMap, isNode, isPair, isScalar, LineCounter, visit } from 'yaml';
import type { Document, Scalar } from 'yaml';
import { maxPolicyTextChars } from '../../../shared/contract/policy-views.ts';
import { texts } from '../../../shared/texts/texts.ts';
import { hasTooManyMarks, maxYamlMarks, yamlDocument } from '../../base/yaml-document.ts';

const words = texts.policyText;

/** Deeper than any policy; the parser recurses. */
const maxDepth = 12;
/** Brackets open at once, and blanks before a line: what could make the parser recurse deeper is refused before it. */
const maxOpen = 64;
const maxIndent = 200;

export type YamlPath = readonly PropertyKey[];
export type StrictYaml =
  | {
      readonly ok: true;
      readonly value: unknown;
      /** The line of what stands at a path, or of the nearest thing around it; from 1. */
      readonly lineOf: (path: YamlPath) => number;
    }
  | { readonly ok: false; readonly line: number; readonly why: string };

export function readStrictYaml(text: string): StrictYaml {
  if (text.length > maxPolicyTextChars) return { ok: false, line: 1, why: words.tooLong(maxPolicyTextChars) };
  if (hasTooManyMarks(text)) return { ok: false, line: 1, why: words.tooMany(maxYamlMarks) };
  const odd = oddLine(text);
  if (odd !== undefined) return { ok: false, ...odd };
  try {
    return parse(text);
  } catch (error) {
    // The parser's stack is bounded by the system.
    if (error instanceof RangeError) return { ok: false, line: 1, why: words.tooDeep };
    throw error;
  }
}

function parse(text: string): StrictYaml {
  const lines = new LineCounter();
  // A key that is there twice is found by twistedAt.
  const document = yamlDocument(text, { lineCounter: lines, merge: false, version: '1.2', schema: 'core' });
  const lineAt = (offset: number): number => lines.linePos(offset).line;
  const twisted = twistedAt(document);
  const [error] = document.errors;
  if (twisted !== undefined && (error === undefined || twisted.offset <= error.pos[0]))
    return { ok: false, line: lineAt(twisted.offset), why: twisted.why };
  if (error !== undefined) return { ok: false, line: lineAt(error.pos[0]), why: withoutStop(error.message) };
  return {
    ok: true,
    value: document.toJS({ maxAliasCount: 0 }),
    lineOf: (path) => lineOf(document, lineAt, path),
  };
}

/** What is refused before anything is parsed. */
function oddLine(text: string): { readonly line: number; readonly why: string } | undefined {
  let open = 0;
  for (const [index, line] of text.split('\n').entries()) {
    if (line.startsWith('%')) return { line: index + 1, why: words.noDirectives };
    const start = /^[ \t]*(?:[-?:][ \t]+)*/.exec(line)?.[0] ?? '';
    for (const char of line) {
      if (char === '[' || char === '{') open += 1;
      else if (char === ']' || char === '}') open = Math.max(0, open - 1);
    }
    if (start.length > maxIndent || open > maxOpen) return { line: index + 1, why: words.tooDeep };
  }
  return undefined;
}

function twistedAt(document: Document.Parsed): { readonly offset: number; readonly why: string } | undefined {
  let found: { offset: number; why: string } | undefined;
  visit(document, (_key, node, path) => {
    if (isPair(node) || !isNode(node)) return undefined;
    const offset = (node as { range?: readonly number[] | null }).range?.[0] ?? 0;
    const { anchor, tag } = node as { anchor?: string; tag?: string };
    if (isAlias(node) || anchor !== undefined) found = { offset, why: words.noAnchors };
    else if (tag !== undefined) found = { offset, why: words.noTags };
    else if (path.length > 2 * maxDepth) found = { offset, why: words.tooDeep };
    else if (isMap(node)) {
      const seen = new Set<unknown>();
      const odd = node.items.find(({ key }) => !isOwnKey(key) || seen.size === seen.add(key.value).size);
      if (odd !== undefined) {
        const at = isNode(odd.key) ? (odd.key.range?.[0] ?? offset) : offset;
        found = { offset: at, why: isOwnKey(odd.key) ? words.keyTwice : words.keyIsText };
      }
    }
    return found === undefined ? undefined : visit.BREAK;
  });
  return found;
}

const isOwnKey = (key: unknown): key is Scalar<string> =>
  isScalar(key) && typeof key.value === 'string' && key.value !== '__proto__';

function lineOf(document: Document.Parsed, lineAt: (offset: number) => number, path: YamlPath): number {
  for (let length = path.length; length > 0; length -= 1) {
    const node = document.getIn(path.slice(0, length), true) as { range?: readonly number[] } | undefined;
    const offset = node?.range?.[0];
    if (offset !== undefined) return lineAt(offset);
  }
  return 1;
}

const withoutStop = (text: string): string => text.replace(/\.$/, '');

/**
 * The licence that core metadata gives (PEP 639; before it `License` and classifiers), as one text for policies. Runs in a
 * worker. Invariant: what contradicts itself gets the stricter reading (`AND`), so that no second field opens a way.
 */
import { parseLicense } from '../../../policy/licenses/expression.ts';
import type { LicenseExpression } from '../../../policy/licenses/expression.ts';
import { cleanText } from '../text.ts';

/** Longer ones are no expression and no name (expression.ts reads no longer ones). */
const maxTextChars = 1000;
/** A package has one or two. */
const maxClassifiers = 20;
const classifierStart = 'license ::';
/** It says that somebody approved something, not what. */
const emptyClassifiers: ReadonlySet<string> = new Set(['license :: osi approved']);

type Fields = { expression: string; license: string; readonly classifiers: string[] };

/** @returns the licence as text; '' where the metadata says nothing about it */
export function licenseOfMetadata(metadata: Uint8Array): string {
  const { expression, license, classifiers } = fieldsOf(new TextDecoder().decode(metadata));
  // Where it stands, the others are history (PEP 639, "Deprecate License Classifiers").
  if (expression !== '') return expression;
  const named = classifiers.map((text) => ({ text, parsed: parseLicense(text) }));
  const own = { text: license, parsed: license === '' ? undefined : parseLicense(license) };
  if (named.length === 0) return license;
  // `see LICENSE`, or the text of the licence itself: the classifiers say which it is.
  if (own.parsed === undefined) return joined(named);
  const ids = idsOf(own.parsed);
  // `BSD License` beside `BSD-3-Clause`: the same, less exact.
  const others = named.filter(
    ({ parsed }) => parsed === undefined || !ids.every((id) => idsOf(parsed).includes(id)),
  );
  return others.length === 0 ? license : joined([own, ...others]);
}

function joined(parts: readonly { text: string; parsed: LicenseExpression | undefined }[]): string {
  const [only] = parts;
  // As it stands, so that an organization's own alias for it is found.
  if (parts.length === 1 && only !== undefined) return only.text;
  return parts
    .map(({ text, parsed }) => (parsed === undefined ? text : `(${written(parsed)})`))
    .join(' AND ')
    .slice(0, maxTextChars);
}

function written(node: LicenseExpression): string {
  if ('license' in node) {
    const plus = node.plus === true ? '+' : '';
    return `${node.license}${plus}${node.exception === undefined ? '' : ` WITH ${node.exception}`}`;
  }
  return `(${written(node.left)} ${node.conjunction.toUpperCase()} ${written(node.right)})`;
}

function idsOf(node: LicenseExpression): string[] {
  return 'license' in node ? [written(node)] : [...idsOf(node.left), ...idsOf(node.right)];
}

/** The head of the metadata: fields before the first empty line. */
function fieldsOf(text: string): Fields {
  const found: Fields = { expression: '', license: '', classifiers: [] };
  for (let at = 0; at < text.length;) {
    const end = text.indexOf('\n', at);
    const line = text.slice(at, end === -1 ? undefined : end);
    at = end === -1 ? text.length : end + 1;
    // The description follows it and may say anything.
    if (line === '' || line === '\r') break;
    // Folded lines belong to the field before. A licence of many lines is its own text; the first has its name.
    if (line.startsWith(' ') || line.startsWith('\t')) continue;
    const colon = line.indexOf(':');
    const field = line.slice(0, Math.max(0, colon)).toLowerCase();
    put(found, field, cleanText(line.slice(colon + 1), maxTextChars) ?? '');
  }
  return found;
}

function put(found: Fields, field: string, value: string): void {
  const lower = value.toLowerCase();
  if (value === '' || lower === 'unknown') return;
  if (field === 'license-expression' && found.expression === '') found.expression = value;
  else if (field === 'license' && found.license === '') found.license = value;
  else if (
    field === 'classifier' &&
    lower.startsWith(classifierStart) &&
    !emptyClassifiers.has(lower) &&
    found.classifiers.length < maxClassifiers
  )
    found.classifiers.push(value);
}

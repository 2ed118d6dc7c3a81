/** The normal form of versions (PEP 440). Order and specifiers are the policy room's. */

const pep440 = new RegExp(
  '^v?(?:(?<epoch>\\d+)!)?(?<release>\\d+(?:\\.\\d+)*)' +
    '(?:[-_.]?(?<preLabel>alpha|a|beta|b|preview|pre|c|rc)[-_.]?(?<preNumber>\\d+)?)?' +
    '(?:-(?<implicitPost>\\d+)|[-_.]?(?<postLabel>post|rev|r)[-_.]?(?<postNumber>\\d+)?)?' +
    '(?<dev>[-_.]?dev[-_.]?(?<devNumber>\\d+)?)?' +
    '(?:\\+(?<local>[a-z0-9]+(?:[-_.][a-z0-9]+)*))?$',
);
const preLabels: Readonly<Record<string, string>> = {
  alpha: 'a',
  beta: 'b',
  c: 'rc',
  pre: 'rc',
  preview: 'rc',
};

/** Longer ones are nobody's version, and cost time in every client. */
const maxVersionChars = 128;

/** A release has a dozen files with one version. Bounded, and texts are short. */
const known = new Map<string, string | undefined>();
const maxKnown = 1024;

/** The normalised version, or undefined if the text is not a version of PEP 440. */
export function normalizeVersion(text: string): string | undefined {
  if (text.length > maxVersionChars) return undefined;
  if (known.has(text)) return known.get(text);
  const version = normalize(text);
  if (known.size >= maxKnown) known.clear();
  known.set(text, version);
  return version;
}

function normalize(text: string): string | undefined {
  const parts = pep440.exec(text.toLowerCase())?.groups;
  if (parts?.release === undefined) return undefined;
  const { epoch, preLabel, implicitPost, postLabel, dev, local } = parts;
  let version = epoch === undefined || parseNumber(epoch) === '0' ? '' : `${parseNumber(epoch)}!`;
  version += parts.release.split('.').map(parseNumber).join('.');
  if (preLabel !== undefined) version += `${preLabels[preLabel] ?? preLabel}${parseNumber(parts.preNumber)}`;
  if (implicitPost !== undefined || postLabel !== undefined) {
    version += `.post${parseNumber(implicitPost ?? parts.postNumber)}`;
  }
  if (dev !== undefined) version += `.dev${parseNumber(parts.devNumber)}`;
  if (local !== undefined) version += `+${local.split(/[-_.]/).map(normalizeLocalPart).join('.')}`;
  return version;
}

/** Without leading zeros; a missing number is 0 (PEP 440, implicit pre-release number). */
function parseNumber(digits: string | undefined): string {
  if (digits === undefined) return '0';
  let first = 0;
  while (first < digits.length - 1 && digits[first] === '0') first += 1;
  return digits.slice(first);
}

function normalizeLocalPart(part: string): string {
  return /^\d+$/.test(part) ? parseNumber(part) : part;
}

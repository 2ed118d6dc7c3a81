/**
 * Licence texts of packages as SPDX expressions. Never throws; bounded before anything is parsed; what is neither an
 * expression nor an alias is undefined, never a guess.
 */
import parse, { type SpdxNode } from 'spdx-expression-parse';
import exceptionIds from 'spdx-exceptions/index.json' with { type: 'json' };
import currentIds from 'spdx-license-ids/index.json' with { type: 'json' };
import deprecatedIds from 'spdx-license-ids/deprecated.json' with { type: 'json' };
import { defaultAliases } from './aliases.ts';

/** The longest expression in conda-forge has about 300 characters. The parser recurses, so this bounds its depth too. */
export const maxLicenseLength = 1000;

export type LicenseExpression = SpdxNode;

const byLower = (ids: readonly string[]): ReadonlyMap<string, string> =>
  new Map(ids.map((id) => [id.toLowerCase(), id]));
const licenses = byLower([...deprecatedIds, ...currentIds]);
const exceptions = byLower(exceptionIds);

/** An organization's own names: the expression that one stands for, however it is written. */
export type OwnAliases = (text: string) => string | undefined;
const noAliases: OwnAliases = () => undefined;

/** With spaces around parentheses, and with aliases in place. */
const maxExpressionLength = 2 * maxLicenseLength;

/**
 * @param text as the package has it: an expression, a name, a trove classifier
 * @param own aliases, which win over the default ones; for the whole text and for parts of it
 */
export function parseLicense(text: string, own: OwnAliases = noAliases): LicenseExpression | undefined {
  if (text.length > maxLicenseLength) return undefined;
  const expression = expressionOf(text, own);
  if (expression === undefined || expression.length > maxExpressionLength) return undefined;
  try {
    return parse(expression);
  } catch {
    // Its one way to say that the text is no expression.
    return undefined;
  }
}

/** The whole as an alias, or operators with operands of which each is an id or an alias. */
function expressionOf(text: string, own: OwnAliases): string | undefined {
  const whole = aliasOf(text, own);
  if (whole !== undefined) return whole.expression;
  const pieces: string[] = [];
  let length = 0;
  let operand: string[] = [];
  let isUnknown = false;
  const close = (): void => {
    if (operand.length === 0) return;
    const known = operandOf(operand.join(' '), own);
    length += known?.length ?? 0;
    if (known === undefined || length > maxExpressionLength) isUnknown = true;
    else pieces.push(known);
    operand = [];
  };
  for (const word of text.replaceAll(/[()]/g, ' $& ').split(/\s+/)) {
    if (word === '') continue;
    if (!/^(?:and|or|with|[()])$/i.test(word)) {
      operand.push(word);
      continue;
    }
    close();
    if (isUnknown) return undefined;
    pieces.push(word.toUpperCase());
  }
  close();
  return isUnknown ? undefined : pieces.join(' ');
}

function operandOf(text: string, own: OwnAliases): string | undefined {
  const alias = aliasOf(text, own);
  if (alias === undefined) return spelledId(text);
  return alias.expression === undefined ? undefined : `(${alias.expression})`;
}

/** What a name stands for: an own one may lead to default ones, and to no other. An expression that is none is undefined. */
function aliasOf(text: string, own: OwnAliases): { readonly expression: string | undefined } | undefined {
  const ours = own(text);
  if (ours !== undefined) return { expression: expressionOf(ours, noAliases) };
  const key = text.trim().replaceAll(/\s+/g, ' ').toLowerCase();
  if (!Object.hasOwn(defaultAliases, key)) return undefined;
  return { expression: spelled(defaultAliases[key] ?? '') };
}

/** An expression with its ids in SPDX's own spelling. */
function spelled(expression: string): string | undefined {
  const words = expression
    .replaceAll(/[()]/g, ' $& ')
    .split(/\s+/)
    .filter((word) => word !== '');
  const found = words.map((word) =>
    /^(?:and|or|with|[()])$/i.test(word) ? word.toUpperCase() : spelledId(word),
  );
  return found.includes(undefined) ? undefined : found.join(' ');
}

/** SPDX compares ids without regard to case (annex D.2); the parser does not. */
export function spelledId(text: string): string | undefined {
  if (/^(?:DocumentRef-[A-Za-z0-9.-]+:)?LicenseRef-[A-Za-z0-9.-]+$/.test(text)) return text;
  const lower = text.toLowerCase();
  const bare = lower.endsWith('+') ? lower.slice(0, -1) : lower;
  const known = licenses.get(lower) ?? exceptions.get(lower);
  if (known !== undefined) return gnuId(known);
  const base = licenses.get(bare);
  return base === undefined || bare === lower ? undefined : gnuId(`${base}+`);
}

/** GNU's licences said what they mean later: `GPL-2.0` is `GPL-2.0-only`, `GPL-2.0+` is `GPL-2.0-or-later`. */
function gnuId(id: string): string {
  if (!/^(?:[AL]?GPL|GFDL)-\d\.\d\+?$/.test(id)) return id;
  return id.endsWith('+') ? `${id.slice(0, -1)}-or-later` : `${id}-only`;
}

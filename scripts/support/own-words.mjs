/** What scripts/words.mjs looks for in one file; apart from it, so that it can be tested. */
import { parseSync } from '@swc/core';

/** Attributes that people read or hear. */
const spoken = new Set([
  'alt',
  'aria-label',
  'confirm',
  'description',
  'headline',
  'label',
  'lead',
  'placeholder',
  'submit',
  'suffix',
  'text',
  'title',
]);
/** Methods of commander whose arguments are shown in help. */
const helped = new Set([
  'description',
  'summary',
  'option',
  'requiredOption',
  'argument',
  'addHelpText',
  'helpOption',
]);
/** Functions that show a message. */
const told = /^tell[A-Z]?/;
/** Options and arguments of commander themselves, e.g. `--json`, `<id>`, `issue [holder]`: names, not words. */
const isSyntax = (text) => /^(?:-{1,2}[\w-]+,? ?)*(?:[<[][\w .|:-]+[>\]] ?)*$/.test(text);
const hasWords = (text) => /\p{L}{2,}/u.test(text);

/** Names that are the same in every language, and places of commander's help and completion, which nobody reads. */
const names = new Set(['Latchkey', 'lk-', 'after', 'value']);

/** Every node of a tree, with the one above it. */
function* nodesOf(node, parent) {
  if (node === null || typeof node !== 'object') return;
  if (Array.isArray(node)) {
    for (const one of node) yield* nodesOf(one, parent);
    return;
  }
  if (typeof node.type === 'string') yield { node, parent };
  const next = typeof node.type === 'string' ? node : parent;
  for (const [key, value] of Object.entries(node)) if (key !== 'span') yield* nodesOf(value, next);
}

/** The literal text of an expression, or undefined where it is made elsewhere. */
function literalsOf(expression) {
  if (expression === undefined || expression === null) return [];
  switch (expression.type) {
    case 'StringLiteral':
      return [expression.value];
    case 'TemplateLiteral':
      return expression.quasis.map((quasi) => quasi.cooked ?? quasi.raw);
    case 'ConditionalExpression':
      return [...literalsOf(expression.consequent), ...literalsOf(expression.alternate)];
    case 'BinaryExpression':
      return expression.operator === '+'
        ? [...literalsOf(expression.left), ...literalsOf(expression.right)]
        : [];
    case 'ParenthesisExpression':
      return literalsOf(expression.expression);
    case 'JSXExpressionContainer':
      return literalsOf(expression.expression);
    default:
      return [];
  }
}

/** Words of a file that do not come from the catalogue. @returns their texts */
export function ownWords(path, source) {
  const tree = parseSync(source, { syntax: 'typescript', tsx: path.endsWith('.tsx') });
  const found = [];
  const add = (texts) => {
    for (const text of texts) {
      const shown = text.replace(/\s+/g, ' ').trim();
      if (hasWords(shown) && !names.has(shown)) found.push(shown);
    }
  };
  for (const { node, parent } of nodesOf(tree, undefined)) {
    if (node.type === 'CallExpression' && node.callee.type === 'Identifier' && told.test(node.callee.value))
      add(node.arguments.flatMap(({ expression }) => literalsOf(expression)));
    if (node.type === 'JSXText') add([node.value]);
    if (node.type === 'JSXExpressionContainer' && parent?.type !== 'JSXAttribute')
      add(literalsOf(node.expression));
    if (node.type === 'JSXAttribute') {
      const name = node.name.type === 'Identifier' ? node.name.value : '';
      if (spoken.has(name)) add(literalsOf(node.value));
    }
    // Columns, choices and empty states are objects with such members.
    if (path.startsWith('src-renderer') && node.type === 'KeyValueProperty' && spoken.has(node.key.value))
      add(literalsOf(node.value));
    if (path.startsWith('src-main/cli') && node.type === 'CallExpression') {
      const { callee } = node;
      if (callee.type === 'MemberExpression' && helped.has(callee.property.value))
        add(
          node.arguments
            .flatMap(({ expression }) => literalsOf(expression))
            .filter((text) => !isSyntax(text)),
        );
    }
  }
  return found;
}

import { readFileSync, readdirSync } from 'node:fs';
import { join, relative } from 'node:path';
import { parseSync } from '@swc/core';
import { inRoot, root } from './paths.mjs';

/**
 * Every regular expression of these folders: literals, and `new RegExp` of constant texts. One that is put together at
 * run time has no pattern: nobody can judge it.
 * @param {readonly string[]} folders
 * @returns {{ file: string, pattern: string | undefined, flags: string }[]} each once per file
 */
export function findRegexes(folders) {
  const found = new Map();
  for (const file of folders.flatMap((folder) => sourcesIn(inRoot(folder)))) {
    const shown = relative(root, file).replaceAll('\\', '/');
    const tree = parseSync(readFileSync(file, 'utf8'), { syntax: 'typescript', tsx: file.endsWith('.tsx') });
    const constants = constantsOf(tree);
    visit(tree, constants, (regex) =>
      found.set(`${shown}\n${regex.pattern}\n${regex.flags}`, { file: shown, ...regex }),
    );
  }
  return [...found.values()];
}

function sourcesIn(folder) {
  return readdirSync(folder, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile() && /\.tsx?$/.test(entry.name))
    .map((entry) => join(entry.parentPath, entry.name));
}

/** Texts by the name of the module's constant that holds them. */
function constantsOf(tree) {
  const texts = new Map();
  for (const statement of tree.body) {
    const declaration = statement.type === 'ExportDeclaration' ? statement.declaration : statement;
    if (declaration.type !== 'VariableDeclaration' || declaration.kind !== 'const') continue;
    for (const { id, init } of declaration.declarations) {
      const text = id.type === 'Identifier' && init !== null ? textOf(init, texts) : undefined;
      if (text !== undefined) texts.set(id.value, text);
    }
  }
  return texts;
}

function visit(node, constants, tell) {
  if (node === null || typeof node !== 'object') return;
  if (Array.isArray(node)) {
    for (const item of node) visit(item, constants, tell);
    return;
  }
  if (node.type === 'RegExpLiteral') tell({ pattern: node.pattern, flags: node.flags });
  const isCall = node.type === 'NewExpression' || node.type === 'CallExpression';
  if (isCall && node.callee.type === 'Identifier' && node.callee.value === 'RegExp') {
    const [pattern, flags] = (node.arguments ?? []).map(({ expression }) => textOf(expression, constants));
    tell({ pattern, flags: flags ?? '' });
  }
  for (const key in node) if (key !== 'span') visit(node[key], constants, tell);
}

/** Of a constant expression; undefined for any other. */
function textOf(node, constants) {
  switch (node.type) {
    case 'StringLiteral':
      return node.value;
    case 'Identifier':
      return constants.get(node.value);
    case 'ParenthesisExpression':
      return textOf(node.expression, constants);
    case 'TemplateLiteral':
      return joined(node, 'cooked', constants);
    case 'TaggedTemplateExpression': {
      const { tag, template } = node;
      const isRaw =
        tag.type === 'MemberExpression' && tag.object.value === 'String' && tag.property.value === 'raw';
      return isRaw ? joined(template, 'raw', constants) : undefined;
    }
    case 'BinaryExpression':
      return node.operator === '+'
        ? concat([textOf(node.left, constants), textOf(node.right, constants)])
        : undefined;
    default:
      return undefined;
  }
}

function joined({ quasis, expressions }, form, constants) {
  return concat(
    quasis.flatMap((quasi, index) =>
      index < expressions.length ? [quasi[form], textOf(expressions[index], constants)] : [quasi[form]],
    ),
  );
}

const concat = (parts) => (parts.includes(undefined) ? undefined : parts.join(''));

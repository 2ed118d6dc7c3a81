/**
 * The parts of docs/vault-format.md that the code knows best: forms and bounds of the events, who may sign them, what of
 * them stands in clear. `npm run docs` writes them between their markers; a test fails when they are stale.
 */
import { format, resolveConfig } from 'prettier';
import { z } from 'zod';
import { organizationDomain } from '../../src-main/organization/domain.ts';
import type { DomainEventType } from '../../src-main/organization/events.ts';
import { events } from '../../src-main/organization/events.ts';
import * as forms from '../../src-main/organization/stored.ts';
import { created, lineAt, oneOfEach, organization, stored } from '../unit/organization/scene.ts';

/** Forms with a name of their own, in the order of the table. */
const named = {
  operatorId: forms.operatorId,
  holderId: forms.holderId,
  teamId: forms.teamId,
  environmentId: forms.environmentId,
  channelId: forms.channelId,
  policyId: forms.policyId,
  tokenId: forms.tokenId,
  name: forms.storedName,
  slug: forms.storedSlug,
  note: forms.storedNote,
  reason: forms.storedReason,
  url: forms.storedHttpUrl,
  time: forms.storedMs,
  networks: forms.storedNetworks,
  bytes32: forms.stored32Bytes,
  signKey: forms.storedSignKey,
  receiveKey: forms.storedReceiveKey,
  role: forms.storedRole,
  teamScope: forms.storedTeamScope,
  environmentScope: forms.storedEnvironmentScope,
} as const;

type JsonSchema = {
  readonly [member: string]: unknown;
  readonly $ref?: string;
  readonly const?: unknown;
  readonly enum?: readonly unknown[];
  readonly type?: string;
  readonly anyOf?: readonly JsonSchema[];
  readonly oneOf?: readonly JsonSchema[];
  readonly allOf?: readonly JsonSchema[];
  readonly items?: JsonSchema;
  readonly properties?: Readonly<Record<string, JsonSchema>>;
  readonly required?: readonly string[];
  readonly pattern?: string;
  readonly $defs?: Readonly<Record<string, JsonSchema>>;
};

/** @param besides a form that is to be spelled out, not named */
function schemaOf(schema: z.ZodType, besides?: string): JsonSchema {
  const metadata = z.registry<{ id: string }>();
  for (const [id, form] of Object.entries(named)) if (id !== besides) metadata.add(form, { id });
  return z.toJSONSchema(schema, {
    metadata,
    // The one refinement of a list is that nothing stands in it twice.
    override: ({ zodSchema, jsonSchema }) => {
      const { type, checks } = zodSchema._zod.def;
      const isRefined = checks?.some((check) => check._zod.def.check === 'custom') ?? false;
      if (isRefined && type !== 'array') throw new Error('a refinement that this page cannot say');
      if (isRefined) jsonSchema.uniqueItems = true;
    },
  }) as JsonSchema;
}

const code = (text: string): string => `\`${text.replaceAll('|', '\\|')}\``;
const range = (min: unknown, max: unknown): string => {
  if (typeof max !== 'number') throw new Error('a form without an upper bound');
  return `${typeof min === 'number' ? min : 0} to ${max}`;
};

/** A form in words. */
function wordsOf(schema: JsonSchema): string {
  const { $ref, const: only, enum: values, anyOf, oneOf, items, properties } = schema;
  if ($ref !== undefined) return `_${$ref.replace('#/$defs/', '')}_`;
  if (only !== undefined) return code(JSON.stringify(only));
  if (values !== undefined) return values.map((value) => code(JSON.stringify(value))).join(' or ');
  const either = anyOf ?? oneOf;
  if (either !== undefined) return either.map(wordsOf).join(' or ');
  if (properties !== undefined) return inlineObject(schema);
  if (items !== undefined) {
    const unique = schema['uniqueItems'] === true ? ', none twice' : '';
    return `list of ${range(schema['minItems'], schema['maxItems'])}: ${wordsOf(items)}${unique}`;
  }
  if (schema.type === 'string') return textOf(schema);
  if (schema.type === 'integer') return `integer, ${range(schema['minimum'], schema['maximum'])}`;
  if (schema.type === 'number') return `number, ${range(schema['minimum'], schema['maximum'])}`;
  if (schema.type === 'null') return '`null`';
  if (schema.type === 'boolean') return '`true` or `false`';
  throw new Error(`a form that this page cannot say: ${JSON.stringify(schema)}`);
}

function textOf(schema: JsonSchema): string {
  const { minLength, maxLength } = schema;
  const patterns = [schema, ...(schema.allOf ?? [])].flatMap(({ pattern }) =>
    pattern === undefined ? [] : [code(pattern.replaceAll('\\/', '/'))],
  );
  const length =
    minLength === undefined && maxLength === undefined ? [] : [`${range(minLength, maxLength)} characters`];
  return ['text', ...length, ...(patterns.length === 0 ? [] : [patterns.join(' and ')])].join(', ');
}

function inlineObject({ properties = {}, required = [] }: JsonSchema): string {
  const members = Object.entries(properties).map(
    ([name, form]) => `${code(name)}${required.includes(name) ? '' : ' (may be missing)'}: ${wordsOf(form)}`,
  );
  return `{ ${members.join('; ')} }`;
}

/** Members with their paths; objects in objects are taken apart. */
function* rowsOf(schema: JsonSchema, path = ''): Iterable<string> {
  for (const [name, form] of Object.entries(schema.properties ?? {})) {
    const isOptional = schema.required?.includes(name) !== true;
    if (path === '' && name === 'type') continue;
    if (form.properties !== undefined) yield* rowsOf(form, `${path}${name}.`);
    else yield `| ${code(path + name)}${isOptional ? ' (may be missing)' : ''} | ${wordsOf(form)} |`;
  }
}

function formsTable(): string {
  const rows = Object.entries(named).map(
    ([name, form]) => [`_${name}_`, wordsOf(schemaOf(form, name))] as const,
  );
  const namesOf = new Map<string, string[]>();
  for (const [name, words] of rows) namesOf.set(words, [...(namesOf.get(words) ?? []), name]);
  const lines = [...namesOf].map(([words, names]) => `| ${names.join(', ')} | ${words} |`);
  return ['| form | what it is |', '|---|---|', ...lines].join('\n');
}

const types = Object.keys(events) as DomainEventType[];

function eventTables(): string {
  return types
    .map((type) => {
      const rows = [...rowsOf(schemaOf(events[type].schema))];
      return [`#### ${code(type)}`, '', '| member | form |', '|---|---|', ...rows].join('\n');
    })
    .join('\n\n');
}

/** The teams whose leads may sign, where not only admins may. */
const touched: Partial<Record<DomainEventType, string>> = {
  'token.issued': 'the token’s team',
  'token.rotated': 'the teams of both tokens',
  'token.changed': 'the token’s team',
  'token.revoked': 'the teams of all tokens that it names',
};

function rightsTable(): string {
  const state = organization();
  const lines = types.map((type) => {
    const sample = type === 'organization.created' ? created : oneOfEach[type];
    const before = type === 'organization.created' ? undefined : state;
    const clear = organizationDomain.clearOf(before, stored(sample), lineAt());
    const shown = Object.entries(clear).map(([name, part]) =>
      name === 'denies' ? `denies.${Object.keys(part).join()}` : name,
    );
    const alone = 'isAlone' in events[type] ? 'yes' : '';
    return `| ${code(type)} | ${signersOf(type)} | ${alone} | ${shown.map(code).join(', ')} |`;
  });
  return ['| event | who may sign it | alone on its line | in clear |', '|---|---|---|---|', ...lines].join(
    '\n',
  );
}

function signersOf(type: DomainEventType): string {
  if (type === 'organization.created') return 'the operator whom it brings';
  switch (events[type].right) {
    case 'admin':
      return 'admin';
    case 'any-operator':
      return 'any operator';
    case 'any-lead':
      return 'admin; any lead';
    case 'own-team':
      return `admin; a lead of ${touched[type] ?? ''}`;
  }
}

/** Where a name is unique, tested in names.test.ts. */
export const uniqueNames = [
  ['team', 'among teams'],
  ['environment', 'among environments'],
  ['channel', 'among channels of both kinds'],
  ['policy', 'among policies'],
  ['holder', 'among holders of its kind'],
] as const;

function namesTable(): string {
  const lines = uniqueNames.map(([what, where]) => `| ${what} | ${where} |`);
  return ['| name of | unique |', '|---|---|', ...lines, '| operator, organization | not at all |'].join(
    '\n',
  );
}

const parts: Readonly<Record<string, () => string>> = {
  forms: formsTable,
  rights: rightsTable,
  names: namesTable,
  events: eventTables,
};

/** The page with its generated parts made anew, in the project's format. */
export async function renewedPage(page: string, path: string): Promise<string> {
  let renewed = page;
  for (const [name, make] of Object.entries(parts)) {
    const begin = `<!-- generated: ${name} -->`;
    const end = `<!-- end: ${name} -->`;
    const [before, , after] = renewed.split(new RegExp(`(${begin}[^]*${end})`));
    if (before === undefined || after === undefined) throw new Error(`the page has no part ${name}`);
    renewed = `${before}${begin}\n\n${make()}\n\n${end}${after}`;
  }
  return format(renewed, { ...(await resolveConfig(path)), filepath: path });
}

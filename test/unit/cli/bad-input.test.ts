import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { contract } from '../../../shared/contract/contract.ts';
import { findMethod } from '../../../shared/contract/types.ts';
import { inWordsOfOptions, nameOfField } from '../../../src-main/cli/bad-input.ts';
import { issueText } from '../../../src-main/base/issue-text.ts';

/** The methods that commands give something that a person typed. */
const typed = [
  'session.create',
  'session.unlock',
  'folders.map',
  'folders.unmap',
  'holders.list',
  'holders.update',
  'teams.create',
  'teams.update',
  'environments.create',
  'environments.update',
  'channels.create',
  'channels.testConnection',
  'policies.save',
  'tokens.list',
  'tokens.issue',
  'tokens.rotate',
  'tokens.change',
  'tokens.revoke',
  'exports.render',
  'log.setRetention',
] as const;

type Schema = {
  readonly properties?: Record<string, Schema>;
  readonly items?: Schema;
  readonly anyOf?: readonly Schema[];
  readonly oneOf?: readonly Schema[];
};

/** Every path of a field in a JSON schema; `*` stands for a number. */
function pathsOf(schema: Schema, prefix = ''): string[] {
  const below = (part: string, child: Schema) => [prefix + part, ...pathsOf(child, `${prefix}${part}.`)];
  return [
    ...Object.entries(schema.properties ?? {}).flatMap(([name, child]) => below(name, child)),
    ...(schema.items === undefined ? [] : below('0', schema.items)),
    ...[...(schema.anyOf ?? []), ...(schema.oneOf ?? [])].flatMap((child) => pathsOf(child, prefix)),
  ];
}

/** What the program itself fills in: nobody can have typed it wrongly. */
const ownFields = new Set(['acceptRestored', 'offset', 'descending', 'columns', 'action', 'type', 'readsAs']);

/** Rules about packages come from a template or from YAML, which says its own lines; `policy set` has those about tokens. */
const ofRuleInFile = /^rules\.0\.(?!maxTtlDays$|networksRequired$)/;

describe('a bad input on the command line', () => {
  it.each(typed)('%s: every field has a name of the command line', (name) => {
    const schema = z.toJSONSchema(findMethod(name)!.input, { io: 'input', unrepresentable: 'any' });
    const nameless = pathsOf(schema as Schema).filter(
      (path) =>
        nameOfField(path) === undefined &&
        !ownFields.has(path.split('.').at(-1) ?? '') &&
        !ofRuleInFile.test(path),
    );
    expect(nameless).toEqual([]);
  });

  it('is said by options, never by fields or schema words', () => {
    const parsed = contract.tokens.rotate.input.safeParse(
      { id: 'AbCd1234', overlapHours: 1e9, ttlDays: 1e9 },
      { error: issueText },
    );
    const issues = parsed.error!.issues.map(({ path, message }) => `${path.join('.')}: ${message}`);
    const result = inWordsOfOptions({
      ok: false,
      error: { code: 'IPC_BAD_INPUT', says: ['badInput', issues], details: { issues } },
    });
    expect(result).toEqual({
      ok: false,
      error: {
        code: 'INVALID_INPUT',
        says: 'Not valid: --overlap must be at most 2160; --days must be at most 3650.',
        details: {},
      },
    });
  });
});

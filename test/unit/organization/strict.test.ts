import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import * as model from '../../../shared/model/domain.ts';
import { tokensRule } from '../../../shared/model/policy-rules.ts';
import { events, maxEventsPerLine, parseEvents } from '../../../src-main/organization/events.ts';
import type { Raw } from './scene.ts';
import {
  changeOf,
  channelFields,
  created,
  environmentFields,
  holderFields,
  oneOfEach,
  oneOfEachRule,
  organization,
  policyFields,
  whyVoid,
} from './scene.ts';

const samples: readonly Raw[] = [
  created,
  ...Object.values(oneOfEach),
  // The other branch of each union.
  { type: 'channel.created', channel: channelFields('new') },
  { type: 'policy.created', policy: { ...policyFields('new'), rules: oneOfEachRule } },
  {
    type: 'feed.set',
    feed: {
      name: 'vex',
      kind: 'vex',
      source: { type: 'folder', label: 'vex' },
      everyHours: 1,
      staleAfterHours: 2,
    },
  },
];
/** Members that may be missing. */
const optional = new Set([
  'notBeforeMs',
  'maxTtlDays',
  'sealedCredentials',
  'version',
  'justification',
  'origin',
  'atLeast',
  'epssAtLeast',
  'supersededAfterDays',
  'silentYears',
  'subdirs',
  'wheelTags',
]);
/** Values of another type that are nevertheless of the form there. */
const isAlsoRight = (name: unknown, wrong: unknown): boolean =>
  (name === 'atLeast' && wrong === 1.5) || ((name === 'pypi' || name === 'expression') && wrong === null);

/** Every place of a value in a plain JSON value, the value itself first. */
function* placesOf(
  value: unknown,
  path: readonly (string | number)[] = [],
): Iterable<readonly (string | number)[]> {
  yield path;
  if (typeof value !== 'object' || value === null) return;
  for (const [name, member] of Object.entries(value)) {
    yield* placesOf(member, [...path, Array.isArray(value) ? Number(name) : name]);
  }
}
const at = (value: unknown, path: readonly (string | number)[]): unknown =>
  path.reduce<unknown>((inner, name) => (inner as Record<string | number, unknown>)[name], value);
function replaced(value: unknown, path: readonly (string | number)[], by: unknown): unknown {
  const [first, ...rest] = path;
  if (first === undefined) return by;
  const copy = structuredClone(value) as Record<string | number, unknown>;
  copy[first] = replaced(copy[first], rest, by);
  return copy;
}
const isRefused = (event: unknown) => !parseEvents({ events: [event] }).ok;

type JsonSchema = { readonly [name: string]: unknown };
/** Every object form in a JSON Schema. */
function* objectsOf(schema: unknown): Iterable<JsonSchema> {
  if (typeof schema !== 'object' || schema === null) return;
  if ((schema as JsonSchema)['type'] === 'object') yield schema as JsonSchema;
  for (const member of Object.values(schema)) yield* objectsOf(member);
}

describe('the stored forms are strict', () => {
  it('each sample is of its form', () => {
    for (const sample of samples) expect(parseEvents({ events: [sample] })).toMatchObject({ ok: true });
  });

  it.each(Object.keys(events))('%s: no object of its form takes a member that is not named', (type) => {
    const schema = z.toJSONSchema(events[type as keyof typeof events].schema);
    const objects = [...objectsOf(schema)];
    expect(objects.length).toBeGreaterThan(0);
    for (const object of objects) expect(object).toMatchObject({ additionalProperties: false });
  });

  it.each(samples.map((sample) => [String(sample['type']), sample] as const))(
    '%s with an unknown member at any level is no event: nothing is stripped',
    (type, sample) => {
      for (const path of placesOf(sample)) {
        const value = at(sample, path);
        if (typeof value !== 'object' || value === null || Array.isArray(value)) continue;
        for (const name of ['packagePatterns', 'toString', '__proto__']) {
          const more = JSON.parse(`{"${name}":["numpy*"]}`) as object;
          // Spread would set a prototype; a parsed log has the member as its own.
          const grown = Object.assign(Object.create(null), value) as object;
          Object.defineProperty(grown, name, {
            ...Object.getOwnPropertyDescriptor(more, name),
            enumerable: true,
          });
          expect([path, isRefused(replaced(sample, path, grown))]).toEqual([path, true]);
        }
      }
      expect(parseEvents({ events: [{ ...sample, packagePatterns: [] }] })).toEqual({
        ok: false,
        why: `${type}: it has an unknown member`,
      });
    },
  );

  it.each(samples.map((sample) => [String(sample['type']), sample] as const))(
    '%s with a value of another type anywhere, or without a member, is no event',
    (_type, sample) => {
      for (const path of placesOf(sample)) {
        // Networks are texts whose spelling the fold judges (tokens.test.ts).
        const wrongText = path.includes('networks') ? [] : ['\u0000'];
        for (const wrong of [null, {}, [[]], 1.5, -1, 2 ** 53, ...wrongText]) {
          const isRight = isAlsoRight(path.at(-1), wrong);
          expect([path, wrong, isRefused(replaced(sample, path, wrong))]).toEqual([path, wrong, !isRight]);
        }
        const name = path.at(-1);
        if (typeof name !== 'string' || optional.has(name)) continue;
        const holder = { ...(at(sample, path.slice(0, -1)) as Raw) };
        delete (holder as Record<string, unknown>)[name];
        expect([path, isRefused(replaced(sample, path.slice(0, -1), holder))]).toEqual([path, true]);
      }
    },
  );

  it('a list of ids names none twice', () => {
    let lists = 0;
    for (const sample of samples) {
      for (const path of placesOf(sample)) {
        const value = at(sample, path);
        if (!Array.isArray(value) || typeof value[0] !== 'string' || path.at(-1) === 'networks') continue;
        lists += 1;
        expect([path, isRefused(replaced(sample, path, [value[0], value[0]]))]).toEqual([path, true]);
      }
    }
    expect(lists).toBeGreaterThanOrEqual(20);
  });

  it.each([
    ['an unknown type', { type: 'token.extended', tokenId: 'CoreTok1' }],
    ['the name of a thing that every object has', { type: 'constructor' }],
    ['no type', { tokenId: 'CoreTok1' }],
    ['text', 'token.revoked'],
    ['null', null],
  ])('%s is no event', (_what, event) => {
    expect(isRefused(event)).toBe(true);
  });

  it.each([
    ['not even an object', 'events'],
    ['no list', { events: {} }],
    ['an empty list', { events: [] }],
    ['something beside the list', { events: [oneOfEach['team.created']], more: 1 }],
    ['too many events', { events: Array(maxEventsPerLine + 1).fill(oneOfEach['organization.renamed']) }],
  ])('a content with %s is none', (_what, content) => {
    expect(parseEvents(content).ok).toBe(false);
  });

  it('counts code points, whatever the library of the schemas counts one day', () => {
    const renamed = (chars: number) => ({ type: 'organization.renamed', name: '🔑'.repeat(chars) });
    expect([isRefused(renamed(256)), isRefused(renamed(257))]).toEqual([false, true]);
  });

  it('says what is wrong without repeating it', () => {
    const secret = 'lk_secretsecretsecret';
    const why = parseEvents({ events: [{ ...oneOfEach['token.revoked'], reason: [secret], [secret]: 1 }] });
    expect(JSON.stringify(why)).not.toContain(secret);
    expect(JSON.stringify(parseEvents({ events: [{ type: secret }] }))).not.toContain(secret);
  });
});

describe('what a log may hold does not follow the forms', () => {
  const base = organization();
  const long = (chars: number) => 'n'.repeat(chars);
  it.each<readonly [string, boolean, Raw]>([
    [
      'names',
      model.displayName.safeParse(long(256)).success,
      { type: 'organization.renamed', name: long(256) },
    ],
    [
      'slugs',
      model.slug.safeParse(long(128)).success,
      { type: 'team.created', team: { id: 'new', name: long(128), description: '' } },
    ],
    [
      'notes',
      model.note.safeParse(long(4096)).success,
      { type: 'holder.created', holder: { ...holderFields('new'), note: long(4096) } },
    ],
    [
      'reasons',
      model.reason.safeParse(long(1024)).success,
      { type: 'token.revoked', tokenIds: ['CoreTok1'], reason: long(1024) },
    ],
    [
      'ranks',
      model.environment.safeParse({ ...environmentFields('new'), rank: 1_000_000, createdAtMs: 0 }).success,
      { type: 'environment.created', environment: { ...environmentFields('new'), rank: 1_000_000 } },
    ],
    [
      'lifetimes',
      tokensRule.safeParse({ type: 'tokens', maxTtlDays: 36_500, networksRequired: false }).success,
      {
        type: 'policy.created',
        policy: {
          ...policyFields('new'),
          rules: [{ type: 'tokens', maxTtlDays: 36_500, networksRequired: false }],
        },
      },
    ],
    [
      'networks',
      model.networks.safeParse(Array(256).fill('10.0.0.0/8')).success,
      { ...changeOf('CoreTok1'), networks: Array.from({ length: 256 }, (_, index) => `10.0.0.${index}/32`) },
    ],
    [
      'texts that hide or turn',
      model.displayName.safeParse('\u202e').success,
      { type: 'organization.renamed', name: '\u202e' },
    ],
  ])('%s may be wider in the log than a form lets them be', (_what, fitsForm, event) => {
    expect(fitsForm).toBe(false);
    expect(whyVoid(base, [event])).toBeUndefined();
  });

  it('no stored schema is built from those of the model', () => {
    const room = new URL('../../../src-main/organization/', import.meta.url);
    for (const name of readdirSync(room)) {
      const source = readFileSync(new URL(name, room), 'utf8');
      const values = [...source.matchAll(/import (?!type )[^;]*from '([^']*\/shared\/[^']+)'/g)].map(
        ([, from]) => from,
      );
      expect([name, values.filter((from) => !from?.endsWith('/ids.ts'))]).toEqual([name, []]);
    }
  });
});

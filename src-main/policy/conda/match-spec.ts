/**
 * Specs of conda packages (`MatchSpec`, CEP 29) for policies. conda and rattler read some odd ones otherwise, and either
 * program may be the client, so a spec has two readings: a deny list denies where one matches, an allow list allows where
 * both do. rattler's is held to its program by test/clients/match-spec-differential.test.ts, conda's to conda's own answers
 * (test/fixtures/conda-answers).
 *
 * Two things are judged alike in both, stricter than rattler's own `matches`, which leaves them to its solver: the channel
 * with its subdir, and `fn`.
 */
import { allOf, type Answer } from './answer.ts';
import { condaFields } from './conda-fields.ts';
import { parseCondaRelation, parseCondaVersionSpec } from './conda-version-spec.ts';
import { parseCondaVersion } from './conda-version.ts';
import { globMatches } from '../glob.ts';
import { rattlerFields } from './rattler-fields.ts';
import { parseRattlerVersionSpec } from './rattler-version-spec.ts';
import { parseRattlerVersion } from './rattler-version.ts';
import { isPlainSpec, type SpecFields, type SpecKey } from './spec-fields.ts';

/** What is known of a package. Of a file that is in no index only the first three are, from its name. */
export type CondaRecord = {
  readonly name: string;
  readonly version: string;
  readonly build: string;
  readonly buildNumber?: number | undefined;
  /** The channel's name, as policies call it. */
  readonly channel?: string | undefined;
  readonly channelUrl?: string | undefined;
  readonly subdir?: string | undefined;
  readonly fn?: string | undefined;
  readonly md5?: string | undefined;
  readonly sha256?: string | undefined;
  readonly license?: string | undefined;
  readonly licenseFamily?: string | undefined;
};

type Condition = (record: CondaRecord) => Answer;

/** What the spec means to one program; undefined where it, or we, would refuse it. */
export type Reading = readonly Condition[] | undefined;

export type MatchSpec = {
  readonly text: string;
  readonly conda: Reading;
  readonly rattler: Reading;
  /** What either reading asks for. */
  readonly keys: readonly SpecKey[];
};

/** `one`: a program matches it, or it cannot be said. */
export type SpecMatch = 'both' | 'one' | 'none';

/** @returns undefined if neither program could read it, or it holds what a policy must not (see spec-fields.ts) */
export function parseMatchSpec(text: string): MatchSpec | undefined {
  const spec = text.trim();
  if (!isPlainSpec(spec)) return undefined;
  const fields = [condaFields(spec), rattlerFields(spec)] as const;
  const conda = condaReading(fields[0]);
  const rattler = rattlerReading(fields[1]);
  if (conda === undefined && rattler === undefined) return undefined;
  return { text: spec, conda, rattler, keys: fields.flatMap((list) => (list ?? []).map(([key]) => key)) };
}

/**
 * `both` for an allow list, anything but `none` for a deny list. A reading that refuses the spec matches nothing; one that
 * cannot tell, as the record lacks a fact or has a version that the program cannot read, counts as half.
 */
export function matchSpec({ conda, rattler }: MatchSpec, record: CondaRecord): SpecMatch {
  const answers = [readingMatches(conda, record), readingMatches(rattler, record)];
  if (answers.every((answer) => answer === true)) return 'both';
  return answers.every((answer) => answer === false) ? 'none' : 'one';
}

/** What one program says; undefined if it cannot be said. */
export function readingMatches(reading: Reading, record: CondaRecord): Answer {
  if (reading === undefined) return false;
  const answers = reading.map((condition) => condition(record));
  return answers.includes(false) ? false : allOf(answers, (answer) => answer);
}

/** conda looks at what counts only. */
function condaReading(fields: SpecFields | undefined): Reading {
  return fields && conditions(new Map(fields), condaCondition);
}

/** rattler refuses a spec for what is overridden, too. */
function rattlerReading(fields: SpecFields | undefined): Reading {
  if (fields?.some(([key, value]) => rattlerCondition(key, value) === undefined)) return undefined;
  return fields && conditions(new Map(fields), rattlerCondition);
}

/** @returns undefined if one of them is refused */
function conditions(
  fields: ReadonlyMap<SpecKey, string>,
  make: (key: SpecKey, value: string) => Condition | undefined,
): Reading {
  const made = [...fields].map(([key, value]) => make(key, value));
  const good = made.filter((condition) => condition !== undefined);
  return good.length < made.length ? undefined : good;
}

function condaCondition(key: SpecKey, value: string): Condition | undefined {
  switch (key) {
    case 'name':
      return (record) => globMatches(value, record.name);
    case 'version':
      return condaVersionCondition(value);
    case 'build':
      return (record) => globMatches(value, record.build);
    case 'build_number':
      return condaBuildNumber(value);
    case 'md5':
    case 'sha256':
      return known(key, (digest) => digest === value);
    case 'license':
    case 'license_family':
      return known(key === 'license' ? key : 'licenseFamily', anyCase(value));
    case 'channel':
    case 'subdir':
    case 'fn':
      return placeCondition(key, value);
  }
}

function rattlerCondition(key: SpecKey, value: string): Condition | undefined {
  switch (key) {
    case 'name':
      return rattlerName(value);
    case 'version':
      return rattlerVersionCondition(value);
    case 'build': {
      const matches = anyCase(value);
      return isRattlerGlob(value) ? (record) => matches(record.build) : undefined;
    }
    case 'build_number':
      return rattlerBuildNumber(value);
    case 'md5':
      return digest(key, value, 32);
    case 'sha256':
      return digest(key, value, 64);
    case 'license':
    case 'license_family':
      return known(key === 'license' ? key : 'licenseFamily', (license) => license === value);
    case 'channel':
    case 'subdir':
    case 'fn':
      return placeCondition(key, value);
  }
}

function rattlerName(name: string): Condition | undefined {
  if (!isRattlerGlob(name)) return undefined;
  const wanted = name.includes('*') ? name : name.toLowerCase();
  return (record) => globMatches(wanted, record.name.toLowerCase());
}

function placeCondition(key: 'channel' | 'subdir' | 'fn', value: string): Condition {
  switch (key) {
    case 'channel':
      return value === '*' ? () => true : (record) => isOfChannel(value, record);
    case 'subdir':
      return known(key, anyCase(value));
    case 'fn':
      return known(key, (name) => name === value);
  }
}

/** By name or URL (CEP 29, "Channel matching"). */
function isOfChannel(wanted: string, record: CondaRecord): Answer {
  const isSame = anyCase(wanted.replace(/\/$/, ''));
  const place = wanted.includes('://') ? record.channelUrl : record.channel;
  return place === undefined ? undefined : isSame(place.replace(/\/$/, ''));
}

type TextField = 'subdir' | 'fn' | 'md5' | 'sha256' | 'license' | 'licenseFamily';

const known =
  (field: TextField, holds: (value: string) => boolean): Condition =>
  (record) => {
    const value = record[field];
    return value === undefined ? undefined : holds(value);
  };

function anyCase(pattern: string): (value: string) => boolean {
  const lower = pattern.toLowerCase();
  return (value) => globMatches(lower, value.toLowerCase());
}

function condaVersionCondition(text: string): Condition | undefined {
  const test = parseCondaVersionSpec(text);
  return test && ((record) => test(record.version, condaVersionOf(record)));
}

function rattlerVersionCondition(text: string): Condition | undefined {
  const test = parseRattlerVersionSpec(text);
  return test && ((record) => test(rattlerVersionOf(record)));
}

/** Of a record: it may be held against thousands of specs. */
const once = <T extends object | undefined>(parse: (text: string) => T): ((record: CondaRecord) => T) => {
  const known = new WeakMap<CondaRecord, { readonly version: T }>();
  return (record) => {
    let found = known.get(record);
    if (found === undefined) {
      found = { version: parse(record.version) };
      known.set(record, found);
    }
    return found.version;
  };
};
const condaVersionOf = once(parseCondaVersion);
const rattlerVersionOf = once(parseRattlerVersion);

/** rattler's glob library knows `**` for whole parts of a path only, and classes between brackets. */
function isRattlerGlob(pattern: string): boolean {
  if (!pattern.includes('*')) return true;
  return !/[[\]]/.test(pattern) && (!pattern.includes('**') || pattern === '**');
}

function digest(field: 'md5' | 'sha256', text: string, length: number): Condition | undefined {
  if (text.length !== length || !/^[\da-f]+$/i.test(text)) return undefined;
  return known(field, (value) => value.toLowerCase() === text.toLowerCase());
}

/** conda compares build numbers as versions where there is an operator, as numbers otherwise, and no other text at all. */
function condaBuildNumber(text: string): Condition | undefined {
  const plain = text.trim();
  if (plain === '') return undefined;
  if (plain === '*') return () => true;
  if (!/^[=<>!]/.test(plain)) {
    const wanted = /^[+-]?\d+(?:_\d+)*$/.test(plain) ? Number(plain.replaceAll('_', '')) : undefined;
    return ({ buildNumber }) => maybe(buildNumber, (value) => value === wanted);
  }
  const test = parseCondaRelation(plain, { withStars: false });
  if (test === undefined) return undefined;
  return ({ buildNumber }) =>
    buildNumber === undefined ? undefined : test(String(buildNumber), parseCondaVersion(String(buildNumber)));
}

function rattlerBuildNumber(text: string): Condition | undefined {
  const found = /^(==|!=|<=|>=|[<>])?(\d+)$/.exec(text);
  const [, operator = '==', digits = ''] = found ?? [];
  if (found === null || digits.length > 15) return undefined;
  return ({ buildNumber }) => maybe(buildNumber, (value) => holds(operator, value - Number(digits)));
}

const maybe = (value: number | undefined, ask: (value: number) => boolean): Answer =>
  value === undefined ? undefined : ask(value);

function holds(operator: string, order: number): boolean {
  switch (operator) {
    case '!=':
      return order !== 0;
    case '<=':
      return order <= 0;
    case '>=':
      return order >= 0;
    case '<':
      return order < 0;
    case '>':
      return order > 0;
    default:
      return order === 0;
  }
}

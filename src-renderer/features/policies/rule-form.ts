import { packageLabel } from '../../../shared/model/packages.ts';
import type { CuratedStatus, PackageSpec } from '../../../shared/model/packages.ts';
import type { ChannelId } from '../../../shared/model/ids.ts';
import type {
  packageStatuses,
  PolicyRule,
  PolicyRuleType,
  RuleOf,
} from '../../../shared/model/policy-rules.ts';
import { texts } from '../../../shared/texts/texts.ts';
import { numberProblem } from '../../ui/form/number-field.tsx';
import type { TypedNumber } from '../../ui/form/number-field.tsx';

const words = texts.policyEditor.fields;
type Unknown = 'allow' | 'deny';

/** What the fields of each rule hold while somebody types: numbers may be half a number, lists of specs are text. */
type Fields = {
  readonly tokens: { readonly maxTtlDays: TypedNumber; readonly networksRequired: boolean };
  readonly channels: { readonly channelIds: readonly ChannelId[] };
  readonly packages: { readonly list: 'allow' | 'deny'; readonly conda: string; readonly pypi: string };
  readonly vulnerabilities: {
    readonly atLeast: TypedNumber;
    readonly unknown: Unknown;
    readonly exploitedOnly: boolean;
    /** Per cent. */
    readonly epss: TypedNumber;
    readonly liftedBy: readonly CuratedStatus[];
    readonly fixedOnly: boolean;
    readonly graceDays: TypedNumber;
    readonly noFacts: Unknown;
  };
  readonly malware: { readonly noFacts: Unknown };
  readonly licenses: {
    readonly list: 'allow' | 'deny';
    readonly ids: readonly string[];
    readonly unknown: Unknown;
  };
  readonly age: { readonly minDays: TypedNumber; readonly unknown: Unknown };
  readonly status: {
    readonly denied: readonly (typeof packageStatuses)[number][];
    readonly supersededAfterDays: TypedNumber;
    readonly silentYears: TypedNumber;
  };
  readonly platform: {
    readonly subdirs: readonly string[];
    readonly wheelTags: readonly string[];
    readonly sdists: Unknown;
  };
  readonly labels: { readonly required: readonly string[]; readonly denied: readonly string[] };
  readonly namespace: { readonly names: readonly string[]; readonly channelIds: readonly ChannelId[] };
  readonly satisfiable: Readonly<Record<string, never>>;
};
export type RuleForm = {
  [T in PolicyRuleType]: { readonly type: T; readonly key: string; readonly fields: Fields[T] };
}[PolicyRuleType];
export type FieldsOf<T extends PolicyRuleType> = Fields[T];

export const bounds = {
  ttlDays: { least: 1, most: 3650 },
  days: { least: 1, most: 36_500 },
  grace: { least: 0, most: 36_500 },
  years: { least: 1, most: 50 },
} as const;

/** A rule as it is when it is added: with the answers that most want, and without a condition where there is no usual one. */
const fresh: { readonly [T in PolicyRuleType]: Fields[T] } = {
  tokens: { maxTtlDays: 90, networksRequired: false },
  channels: { channelIds: [] },
  packages: { list: 'deny', conda: '', pypi: '' },
  vulnerabilities: {
    atLeast: 7,
    unknown: 'allow',
    exploitedOnly: false,
    epss: '',
    liftedBy: ['mitigated', 'cleared'],
    fixedOnly: false,
    graceDays: 0,
    noFacts: 'allow',
  },
  malware: { noFacts: 'allow' },
  licenses: { list: 'deny', ids: [], unknown: 'allow' },
  age: { minDays: 7, unknown: 'deny' },
  status: { denied: ['yanked', 'removed'], supersededAfterDays: '', silentYears: '' },
  platform: { subdirs: [], wheelTags: [], sdists: 'deny' },
  labels: { required: [], denied: [] },
  namespace: { names: [], channelIds: [] },
  satisfiable: {},
};

let lastKey = 0;
/** Tells cards apart while rules come and go; no part of what the form holds. */
const newKey = () => `rule-${(lastKey += 1)}`;

export const freshRule = (type: PolicyRuleType): RuleForm =>
  ({ type, key: newKey(), fields: fresh[type] }) as RuleForm;

const linesOf = (rule: RuleOf<'packages'>, ecosystem: PackageSpec['ecosystem']): string =>
  rule.specs
    .filter((spec) => spec.ecosystem === ecosystem)
    .map(({ spec }) => spec)
    .join('\n');

/** The fields that say what a rule says. */
export function formOfRule(rule: PolicyRule): RuleForm {
  const key = newKey();
  switch (rule.type) {
    case 'tokens':
      return { type: 'tokens', key, fields: { ...rule, maxTtlDays: rule.maxTtlDays ?? '' } };
    case 'packages': {
      const { list } = rule;
      return {
        type: 'packages',
        key,
        fields: { list, conda: linesOf(rule, 'conda'), pypi: linesOf(rule, 'pypi') },
      };
    }
    case 'vulnerabilities': {
      // As many digits as were given: 0.29 is 29, and 0.105 stays 10.5.
      const epss = rule.epssAtLeast === undefined ? '' : Number((rule.epssAtLeast * 100).toPrecision(12));
      return { type: 'vulnerabilities', key, fields: { ...rule, atLeast: rule.atLeast ?? '', epss } };
    }
    case 'status': {
      const { denied, supersededAfterDays = '', silentYears = '' } = rule;
      return { type: 'status', key, fields: { denied, supersededAfterDays, silentYears } };
    }
    case 'platform': {
      const { subdirs = [], wheelTags = [], sdists } = rule;
      return { type: 'platform', key, fields: { subdirs, wheelTags, sdists } };
    }
    case 'satisfiable':
      return { type: 'satisfiable', key, fields: {} };
    case 'channels':
    case 'malware':
    case 'licenses':
    case 'age':
    case 'labels':
    case 'namespace':
      return { type: rule.type, key, fields: rule } as RuleForm;
  }
}

const specsIn = (text: string, ecosystem: PackageSpec['ecosystem']): PackageSpec[] =>
  text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '' && !line.startsWith('#'))
    .map((spec) => ({ ecosystem, spec }));

const given = <K extends string>(name: K, value: TypedNumber): { readonly [P in K]?: number } =>
  (value === '' ? {} : { [name]: Number(value) }) as { readonly [P in K]?: number };

/** The rule that the fields say; what is still missing is `missingInRule`'s business. */
export function ruleOfForm(form: RuleForm): PolicyRule {
  switch (form.type) {
    case 'tokens': {
      const { maxTtlDays, networksRequired } = form.fields;
      return { type: 'tokens', networksRequired, ...given('maxTtlDays', maxTtlDays) };
    }
    case 'channels':
      return { type: 'channels', channelIds: [...form.fields.channelIds] };
    case 'packages': {
      const { list, conda, pypi } = form.fields;
      return { type: 'packages', list, specs: [...specsIn(conda, 'conda'), ...specsIn(pypi, 'pypi')] };
    }
    case 'vulnerabilities': {
      const { atLeast, epss, graceDays, unknown, exploitedOnly, liftedBy, fixedOnly, noFacts } = form.fields;
      return {
        type: 'vulnerabilities',
        unknown,
        exploitedOnly,
        fixedOnly,
        noFacts,
        liftedBy: [...liftedBy],
        graceDays: Number(graceDays),
        ...given('atLeast', atLeast),
        ...(epss === '' ? {} : { epssAtLeast: Number((Number(epss) / 100).toPrecision(12)) }),
      };
    }
    case 'malware':
      return { type: 'malware', noFacts: form.fields.noFacts };
    case 'licenses': {
      const { list, ids, unknown } = form.fields;
      return { type: 'licenses', list, ids: [...ids], unknown };
    }
    case 'age':
      return { type: 'age', minDays: Number(form.fields.minDays), unknown: form.fields.unknown };
    case 'status': {
      const { denied, supersededAfterDays, silentYears } = form.fields;
      return {
        type: 'status',
        denied: [...denied],
        ...given('supersededAfterDays', supersededAfterDays),
        ...given('silentYears', silentYears),
      };
    }
    case 'platform': {
      const { subdirs, wheelTags, sdists } = form.fields;
      return {
        type: 'platform',
        sdists,
        ...(subdirs.length === 0 ? {} : { subdirs: [...subdirs] }),
        ...(wheelTags.length === 0 ? {} : { wheelTags: [...wheelTags] }),
      };
    }
    case 'labels':
      return { type: 'labels', required: [...form.fields.required], denied: [...form.fields.denied] };
    case 'namespace':
      return { type: 'namespace', names: [...form.fields.names], channelIds: [...form.fields.channelIds] };
    case 'satisfiable':
      return { type: 'satisfiable' };
  }
}

const optional = (value: TypedNumber, range: { readonly least: number; readonly most: number }) =>
  value === '' ? undefined : numberProblem(value, range);

/** What is wrong with a typed score, or undefined; empty is any. */
export function scoreProblem(value: TypedNumber): string | undefined {
  if (value === '') return undefined;
  const score = Number(value);
  return Number.isFinite(score) && score >= 0.1 && score <= 10 ? undefined : words.score;
}

/** What is wrong with a typed probability in per cent, or undefined; empty is any. */
export function percentProblem(value: TypedNumber): string | undefined {
  const percent = Number(value);
  return Number.isFinite(percent) && percent >= 0 && percent <= 100 ? undefined : words.percentWrong;
}

const namePattern = /^[a-z0-9_*][a-z0-9._*-]*$/;
export const labelsProblem = (labels: readonly string[]): string | undefined =>
  labels.every((label) => packageLabel.safeParse(label).success) ? undefined : words.labelsWrong;
export const namesProblem = (names: readonly string[]): string | undefined =>
  names.every((name) => namePattern.test(name)) ? undefined : words.namesWrong;

/** Why a rule cannot be sent yet, or undefined. */
export function missingInRule(form: RuleForm): string | undefined {
  switch (form.type) {
    case 'tokens':
      return optional(form.fields.maxTtlDays, bounds.ttlDays);
    case 'channels':
      return form.fields.channelIds.length === 0 ? words.channelsMissing : undefined;
    case 'packages':
      return specsIn(form.fields.conda + '\n' + form.fields.pypi, 'conda').length === 0
        ? words.specsMissing
        : undefined;
    case 'vulnerabilities':
      return (
        scoreProblem(form.fields.atLeast) ??
        percentProblem(form.fields.epss) ??
        numberProblem(form.fields.graceDays, bounds.grace)
      );
    case 'malware':
    case 'satisfiable':
      return undefined;
    case 'licenses':
      return form.fields.ids.length === 0 ? words.licensesMissing : undefined;
    case 'age':
      return numberProblem(form.fields.minDays, bounds.days);
    case 'status': {
      const { denied, supersededAfterDays, silentYears } = form.fields;
      if (denied.length === 0 && supersededAfterDays === '' && silentYears === '')
        return words.needsCondition;
      return optional(supersededAfterDays, bounds.days) ?? optional(silentYears, bounds.years);
    }
    case 'platform': {
      const { subdirs, wheelTags, sdists } = form.fields;
      return subdirs.length + wheelTags.length === 0 && sdists === 'allow' ? words.needsCondition : undefined;
    }
    case 'labels': {
      const all = [...form.fields.required, ...form.fields.denied];
      return all.length === 0 ? words.needsCondition : labelsProblem(all);
    }
    case 'namespace': {
      const { names, channelIds } = form.fields;
      if (names.length === 0) return words.namesMissing;
      return namesProblem(names) ?? (channelIds.length === 0 ? words.channelsMissing : undefined);
    }
  }
}

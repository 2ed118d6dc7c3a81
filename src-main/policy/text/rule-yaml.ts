/** One rule as YAML has it: names for ids, `conda: numpy <2` for a spec, and what goes without saying left out. Pure. */
import { z } from 'zod';
import type { PolicyRule } from '../../../shared/model/policy-rules.ts';
import { policyRule } from '../../../shared/model/policy-rules.ts';
import { texts } from '../../../shared/texts/texts.ts';
import { closest } from '../../base/closest.ts';
import { issueText } from '../../base/issue-text.ts';
import { whyOf } from './first-issue.ts';
import type { Names } from './names.ts';
import { ruleMembers } from './names.ts';
import type { YamlPath } from './strict-yaml.ts';

const words = texts.policyText;

type Wrong = { readonly why: string; readonly path: YamlPath };
type Raw = Readonly<Record<string, unknown>>;
const specs = z.array(z.union([z.strictObject({ conda: z.string() }), z.strictObject({ pypi: z.string() })]));

/** What may be left out, because nobody would wonder about it. */
const defaults: { readonly [type: string]: Raw } = {
  tokens: { networksRequired: false },
  vulnerabilities: {
    unknown: 'allow',
    exploitedOnly: false,
    liftedBy: [],
    fixedOnly: false,
    graceDays: 0,
    noFacts: 'allow',
  },
  malware: { noFacts: 'allow' },
  status: { denied: [] },
  platform: { sdists: 'allow' },
  labels: { required: [], denied: [] },
};

export function readRule(raw: Raw, names: Names): { readonly rule: PolicyRule } | Wrong {
  const { type } = raw;
  if (typeof type !== 'string' || !Object.hasOwn(ruleMembers, type))
    return { why: words.noSuchType(Object.keys(ruleMembers)), path: ['type'] };
  const members = ruleMembers[type as PolicyRule['type']];
  const strange = Object.keys(raw).find((name) => name !== 'type' && !members.includes(name));
  if (strange !== undefined)
    return { why: words.notKnown(strange, closest(strange, members)), path: [strange] };
  const given: Record<string, unknown> = { ...defaults[type], ...raw };
  if (type === 'packages') {
    const read = specs.safeParse(raw['specs']);
    if (!read.success)
      return { why: words.specExpected, path: ['specs', ...(read.error.issues[0]?.path.slice(0, 1) ?? [])] };
    given['specs'] = read.data.map((spec) =>
      'conda' in spec ? { ecosystem: 'conda', spec: spec.conda } : { ecosystem: 'pypi', spec: spec.pypi },
    );
  }
  if (members.includes('channels')) {
    const channels = channelIdsOf(raw['channels'], names);
    if ('why' in channels) return channels;
    delete given['channels'];
    given['channelIds'] = channels.ids;
  }
  const known = policyRule.safeParse(given, { error: issueText });
  if (known.success) return { rule: known.data };
  const [issue] = known.error.issues;
  return { why: whyOf(issue, given), path: issue?.path ?? [] };
}

function channelIdsOf(given: unknown, names: Names): { readonly ids: readonly string[] } | Wrong {
  const list = z.array(z.string()).min(1).safeParse(given);
  if (!list.success)
    return { why: words.member('channels', words.namesExpected('channel')), path: ['channels'] };
  const ids: string[] = [];
  for (const [index, name] of list.data.entries()) {
    const id = names.idOf('channel', name);
    if (id === undefined)
      return {
        why: words.noSuch('channel', name, closest(name, names.all('channel'))),
        path: ['channels', index],
      };
    ids.push(id);
  }
  return { ids };
}

/** The members in one order, whatever the order in the log. */
export function writeRule(rule: PolicyRule, names: Names): object {
  const members = membersOf(rule, names);
  return Object.fromEntries([
    ['type', rule.type],
    ...ruleMembers[rule.type].flatMap((name) =>
      members[name] === undefined ? [] : [[name, members[name]] as const],
    ),
  ]);
}

function membersOf(rule: PolicyRule, names: Names): Raw {
  switch (rule.type) {
    case 'packages':
      return { ...rule, specs: rule.specs.map(({ ecosystem, spec }) => ({ [ecosystem]: spec })) };
    case 'channels':
    case 'namespace':
      return { ...rule, channels: rule.channelIds.map((id) => names.nameOf('channel', id)) };
    case 'tokens':
    case 'vulnerabilities':
    case 'malware':
    case 'licenses':
    case 'age':
    case 'status':
    case 'platform':
    case 'labels':
    case 'satisfiable':
      return { ...rule };
  }
}

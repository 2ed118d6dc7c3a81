/** Policies to begin with. Pure; for all teams and environments, until somebody says otherwise. */
import type { PolicyDraft, PolicyTemplate } from '../../shared/contract/policy-views.ts';
import type { RuleOf } from '../../shared/model/policy-rules.ts';

const vulnerabilities: RuleOf<'vulnerabilities'> = {
  type: 'vulnerabilities',
  atLeast: 7,
  unknown: 'allow',
  exploitedOnly: false,
  liftedBy: ['mitigated', 'cleared'],
  fixedOnly: false,
  graceDays: 0,
  noFacts: 'allow',
};
const exploited: RuleOf<'vulnerabilities'> = {
  type: 'vulnerabilities',
  unknown: 'allow',
  exploitedOnly: true,
  liftedBy: ['mitigated', 'cleared'],
  fixedOnly: false,
  graceDays: 0,
  noFacts: 'allow',
};
/** Licences that bind who passes on what is built with them. */
const copyleft = [
  'AGPL-1.0-only',
  'AGPL-1.0-or-later',
  'AGPL-3.0-only',
  'AGPL-3.0-or-later',
  'SSPL-1.0',
  'GPL-2.0-only',
  'GPL-2.0-or-later',
  'GPL-3.0-only',
  'GPL-3.0-or-later',
];

const base = { teams: 'all', environments: 'all', style: 'hide', mode: 'enforce' } as const;

/** In the order in which they are offered; the first is what most people expect. */
export const policyTemplates: readonly (Pick<PolicyTemplate, 'key'> & {
  readonly drafts: readonly PolicyDraft[];
})[] = [
  {
    key: 'block-malware',
    drafts: [
      { ...base, name: 'block-malware', rules: [{ type: 'malware', noFacts: 'allow' }] },
      { ...base, name: 'watch-the-rest', mode: 'observe', rules: [vulnerabilities, exploited] },
    ],
  },
  {
    key: 'production-strict',
    drafts: [
      {
        ...base,
        name: 'production-strict',
        rules: [
          { type: 'malware', noFacts: 'deny' },
          { ...vulnerabilities, unknown: 'deny', noFacts: 'deny' },
          exploited,
          { type: 'age', minDays: 7, unknown: 'deny' },
          { type: 'status', denied: ['yanked', 'removed'] },
          { type: 'platform', sdists: 'deny' },
        ],
      },
    ],
  },
  {
    key: 'research-observe',
    drafts: [
      {
        ...base,
        name: 'research-observe',
        mode: 'observe',
        rules: [
          { type: 'malware', noFacts: 'allow' },
          vulnerabilities,
          { type: 'licenses', list: 'deny', ids: copyleft, unknown: 'allow' },
        ],
      },
    ],
  },
  {
    key: 'regulated',
    drafts: [
      {
        ...base,
        name: 'regulated',
        style: 'refuse',
        rules: [
          { type: 'malware', noFacts: 'deny' },
          { ...vulnerabilities, atLeast: 4, unknown: 'deny', noFacts: 'deny' },
          { type: 'licenses', list: 'deny', ids: copyleft, unknown: 'deny' },
          { type: 'age', minDays: 14, unknown: 'deny' },
          { type: 'status', denied: ['yanked', 'removed', 'archived', 'deprecated'], silentYears: 5 },
          { type: 'labels', required: ['approved'], denied: ['banned'] },
        ],
      },
    ],
  },
  {
    key: 'ai-agents',
    drafts: [
      {
        ...base,
        name: 'ai-agents',
        rules: [
          { type: 'malware', noFacts: 'deny' },
          { ...vulnerabilities, noFacts: 'deny' },
          { type: 'age', minDays: 30, unknown: 'deny' },
          { type: 'platform', sdists: 'deny' },
          { type: 'tokens', maxTtlDays: 7, networksRequired: true },
        ],
      },
    ],
  },
];

/** What the bench filters by: licences, a deny list, advisories and age; as policies, and as plain facts for other ways. */
import { createHash } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Policy } from '../../../shared/model/policy.ts';
import type { CompiledAdvisory } from '../../../src-main/curation/compiled-facts.ts';
import type { FactsFile } from '../../../src-main/curation/knowledge-data.ts';
import { benchNowMs } from './repodata.ts';

const dayMs = 86_400_000;
export const nameOf = (number: number) => `package-${(number * 7919) % 100_003}-of-the-bench`;

const deniedLicenses = ['GPL-3.0-only', 'AGPL-3.0-only'];
/** The second set is another one throughout. */
const choices = {
  first: { deny: { from: 0, step: 83 }, minDays: 7, licenses: deniedLicenses },
  second: { deny: { from: 40, step: 71 }, minDays: 14, licenses: ['GPL-3.0-only'] },
} as const;
export type Choice = keyof typeof choices;

const numbersOf = ({ from, step }: { from: number; step: number }, names: number): number[] =>
  Array.from({ length: Math.ceil((names - from) / step) }, (_, index) => from + index * step);

/** 20 records have one name. */
export const namesIn = (records: number) => Math.ceil(records / 20);
const vulnerable = (records: number) => numbersOf({ from: 11, step: 25 }, namesIn(records));
const versionsOf = (number: number) => [0, 1].map((last) => `1.${number % 40}.${last}`);

export type PlainFacts = {
  readonly licenses: readonly string[];
  readonly names: readonly string[];
  readonly vulnerable: Readonly<Record<string, readonly string[]>>;
  readonly publishedBeforeMs: number;
};

/** For ways that know nothing of ours. */
export function plainFacts(records: number, choice: Choice): PlainFacts {
  const { deny, minDays, licenses } = choices[choice];
  return {
    licenses,
    names: numbersOf(deny, namesIn(records)).map(nameOf),
    vulnerable: Object.fromEntries(vulnerable(records).map((number) => [nameOf(number), versionsOf(number)])),
    publishedBeforeMs: benchNowMs - minDays * dayMs,
  };
}

export function benchPolicies(records: number, choice: Choice): readonly Policy[] {
  const { deny, minDays, licenses } = choices[choice];
  return [
    {
      id: choice as Policy['id'],
      name: choice,
      mode: 'enforce',
      style: 'hide',
      teams: 'all',
      environments: 'all',
      createdAtMs: benchNowMs,
      rules: [
        { type: 'licenses', list: 'deny', ids: licenses, unknown: 'allow' },
        {
          type: 'packages',
          list: 'deny',
          specs: numbersOf(deny, namesIn(records)).map((number) => ({
            ecosystem: 'conda',
            spec: nameOf(number),
          })),
        },
        {
          type: 'vulnerabilities',
          unknown: 'deny',
          exploitedOnly: false,
          liftedBy: ['cleared'],
          fixedOnly: false,
          graceDays: 0,
          noFacts: 'deny',
        },
        { type: 'age', minDays, unknown: 'deny' },
      ],
    },
  ];
}

/** Advisories about every 25th name, in a file as the gateway is given it. */
export function writeFacts(dir: string, records: number): FactsFile {
  const advisories = vulnerable(records).map((number): CompiledAdvisory => ({
    id: `CVE-2026-${number}`,
    ids: [`CVE-2026-${number}`],
    isMalware: false,
    score: 7.5,
    isExploited: false,
    summary: 'One of the bench',
    feeds: ['bench'],
    affected: [{ ecosystem: 'conda', name: nameOf(number), versions: versionsOf(number), ranges: [] }],
  }));
  const head = { format: 2, ecosystems: ['conda'], advisories: advisories.length, lists: [] };
  const text = [head, ...advisories].map((line) => `${JSON.stringify(line)}\n`).join('');
  const path = join(dir, 'facts.jsonl');
  writeFileSync(path, text);
  return { path, sha256: createHash('sha256').update(text).digest('hex') };
}

/** Judges the packages of a file of tests by policies of a text: no vault, no index, no clock. Pure but for `nowMs`. */
import type { Policy } from '../../../shared/model/policy.ts';
import type { Decision } from '../../../shared/model/decision.ts';
import type { ChannelId, EnvironmentId, TeamId } from '../../../shared/model/ids.ts';
import type { Ecosystem } from '../../../shared/model/packages.ts';
import type { Knowledge, PackageFacts } from '../packages/facts.ts';
import { judgePackage, packageRules } from '../packages/judge.ts';
import { applies } from '../token-rules.ts';
import type { Names } from './names.ts';
import type { PlacedTest } from './test-file.ts';

export type TestOutcome = {
  readonly test: PlacedTest;
  readonly passed: boolean;
  readonly decision: Decision;
  /** The policies that denied it, by name. */
  readonly deniedBy: readonly string[];
};

/**
 * @param names those by which the policies were read
 * @param nowMs for tests that do not say what time it is; milliseconds since the epoch
 */
export function runPolicyTests(
  policies: readonly Policy[],
  tests: readonly PlacedTest[],
  names: Names,
  nowMs: number,
): readonly TestOutcome[] {
  return tests.map((test) => {
    const where = {
      teamId: idOf(names, 'team', test.team) as TeamId,
      environmentId: idOf(names, 'environment', test.environment) as EnvironmentId,
    };
    const rules = packageRules(
      policies.filter((policy) => applies(policy, where)),
      knowledgeOf(test),
    );
    const decision = judgePackage(rules, factsOf(test, names), test.now ?? nowMs);
    const deniedBy = [
      ...new Set(
        decision.reasons.flatMap(({ mode, policyName }) => (mode === 'enforce' ? [policyName ?? ''] : [])),
      ),
    ].toSorted();
    const isBy = test.by === undefined || test.by.toSorted().join() === deniedBy.join();
    return { test, passed: decision.effect === test.expect && isBy, decision, deniedBy };
  });
}

/** A name that the policies do not know is one that none of them names. */
const idOf = (names: Names, kind: 'team' | 'environment' | 'channel', name: string): string =>
  names.idOf(kind, name) ?? `unknown ${name}`;

function knowledgeOf({ advisories, labels }: PlacedTest): Knowledge {
  const facts = (advisories === 'none' ? [] : advisories).map(
    ({ id, malware, score, exploited, epss, published, fixedIn, status }) => ({
      id,
      ids: [id],
      isMalware: malware,
      score,
      isExploited: exploited,
      epss,
      publishedAtMs: published,
      fixedIn,
      status,
    }),
  );
  return {
    hasAdvisories: () => advisories !== 'none',
    isAbout: () => true,
    hasList: () => advisories !== 'none',
    advisories: () => facts,
    labels: () => labels,
    licenseExpression: () => undefined,
  };
}

function factsOf(test: PlacedTest, names: Names): PackageFacts {
  const [ecosystem = '', pinned = ''] = test.package.split(':');
  const [rawName = '', version = ''] = pinned.split('==');
  const name = ecosystem === 'pypi' ? rawName.toLowerCase().replace(/[-_.]+/g, '-') : rawName.toLowerCase();
  const kind = test.kind ?? (ecosystem === 'pypi' ? 'wheel' : 'conda');
  return {
    ecosystem: ecosystem as Ecosystem,
    channelId: idOf(names, 'channel', test.channel) as ChannelId,
    name,
    version,
    filename: fileOf(kind, name, version, test.build),
    kind,
    build: test.build,
    buildNumber: test.buildNumber,
    platforms: test.platforms ?? [kind === 'conda' ? 'noarch' : 'any'],
    license: test.license,
    publishedAtMs: test.published,
    yanked: test.yanked,
    isRemoved: test.removed,
    projectStatus: test.project,
    newest: test.newest && { version: test.newest.version, atMs: test.newest.published },
  };
}

function fileOf(kind: 'conda' | 'wheel' | 'sdist', name: string, version: string, build = '0'): string {
  if (kind === 'conda') return `${name}-${version}-${build}.conda`;
  const distribution = name.replaceAll('-', '_');
  return kind === 'wheel'
    ? `${distribution}-${version}-py3-none-any.whl`
    : `${distribution}-${version}.tar.gz`;
}

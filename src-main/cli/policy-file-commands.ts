/** `policy lint`, `policy test`: files of policies, looked at without a vault, as a CI job does. */
import type { Command } from 'commander';
import { LatchkeyError } from '../../shared/errors.ts';
import { texts } from '../../shared/texts/texts.ts';
import { parseEnd } from './options.ts';
import { print } from './output.ts';
import { inFile, policyFile } from './policy-input.ts';
import { globalOptionsOf } from './session.ts';

const words = texts.policyCommands;

export function addPolicyFileCommands(policy: Command): void {
  policy
    .command('lint <policies>')
    .description(words.lint)
    .option('--strict', words.strict, false)
    .action((path: string, own: { strict: boolean }, command: Command) =>
      lint(path, own.strict, globalOptionsOf(command).json),
    );
  policy
    .command('test <policies> <tests>')
    .description(words.test)
    .option('--now <day>', words.now)
    .action((path: string, tests: string, own: { now?: string }, command: Command) =>
      test(path, tests, own.now, globalOptionsOf(command).json),
    );
}

async function lint(path: string, isStrict: boolean, json: boolean): Promise<void> {
  const text = await policyFile(path);
  const { lintPolicies } = await import('../services/policy-files.ts');
  const { policies, problems } = await inFile(path, () => lintPolicies(text));
  const lines = problems.map((problem) => words.placed(path, problem));
  print(
    json,
    { policies, problems },
    [...lines, words.linted(path, policies.length, problems.length)].join('\n').trim(),
  );
  const failing = problems.filter(({ level }) => isStrict || level === 'error');
  if (failing.length > 0)
    throw new LatchkeyError('POLICY_INVALID', words.cannotBeUsed(path, failing.length), { details: {} });
}

async function test(path: string, testsPath: string, now: string | undefined, json: boolean): Promise<void> {
  const [policies, tests] = [await policyFile(path), await policyFile(testsPath)];
  const nowMs = (now === undefined ? undefined : parseEnd({ expires: now }, 0)) ?? Date.now();
  const { lintPolicies, testPolicies } = await import('../services/policy-files.ts');
  await inFile(path, () => lintPolicies(policies));
  const outcomes = await inFile(testsPath, () => testPolicies(policies, tests, nowMs));
  const failed = outcomes.filter(({ passed }) => !passed);
  const lines = failed.map(({ test: { line, name, package: what, expect, by }, decision, deniedBy }) => {
    const reasons = decision.reasons.map((reason) => {
      const text = texts.reasons.of(reason);
      return words.reason(text, reason.mode);
    });
    const expected = words.verdict(expect, by);
    return words.failedTest(
      testsPath,
      { line, name, package: what },
      { expected, got: words.verdict(decision.effect, deniedBy), reasons },
    );
  });
  const shown = outcomes.map(({ test: { line, name, package: what }, passed, decision, deniedBy }) => ({
    line,
    ...(name === undefined ? {} : { name }),
    package: what,
    passed,
    effect: decision.effect,
    deniedBy,
    reasons: decision.reasons,
  }));
  const total = outcomes.length;
  print(
    json,
    { total, failed: failed.length, tests: shown },
    failed.length === 0 ? words.passed(total) : lines.join('\n'),
  );
  if (failed.length > 0)
    throw new LatchkeyError('POLICY_TESTS_FAILED', words.testsFailed(failed.length, total), {
      details: { failed: failed.length, total },
    });
}

import { existsSync, readFileSync } from 'node:fs';
import { relative } from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import { inRoot } from './paths.mjs';

/**
 * Adds up what a runner reported. A runner that ended badly without a failed test (it could not even load a file, or
 * wrote no report) has failed once: nothing passes by breaking early.
 * @param {number} code the runner's exit code
 * @param {string} file its JSON report
 * @param {(report: any) => { passed: number, failed: number, skipped: number, failures: string[] }} read
 */
function countsOf(code, file, read) {
  const counts = existsSync(file)
    ? read(JSON.parse(readFileSync(file, 'utf8')))
    : { passed: 0, failed: 0, skipped: 0, failures: [] };
  const ranNothing = counts.passed + counts.failed + counts.skipped === 0;
  if (counts.failed === 0 && (code !== 0 || ranNothing)) return { ...counts, failed: 1 };
  return counts;
}

/** At most this much of a failure's message stands in the summary; the whole stands where the test ran. */
const MESSAGE_LINES = 4;
const LINE_LENGTH = 200;

/** Which test failed, and how, in few lines: a log is often read, or kept, from its end alone. */
function failure(file, title, message) {
  const lines = stripVTControlCharacters(String(message ?? ''))
    .split('\n')
    .map((line) => line.trim().slice(0, LINE_LENGTH))
    .filter((line) => line !== '' && !line.startsWith('at '))
    .slice(0, MESSAGE_LINES);
  return [`${relative(inRoot('.'), file)} › ${title}`, ...lines.map((line) => `    ${line}`)].join('\n');
}

/** Failed tests of Vitest's report, and files that did not even load. */
const vitestFailures = (report) =>
  report.testResults.flatMap(({ name, message, assertionResults }) => {
    const failed = assertionResults.filter(({ status }) => status === 'failed');
    if (failed.length === 0) return message ? [failure(name, 'did not run', message)] : [];
    return failed.map((test) => failure(name, test.fullName, test.failureMessages[0]));
  });

/** Failed and flaky tests of Playwright's report, whose suites nest. */
function playwrightFailures({ suites = [], errors = [] }) {
  const specsOf = (suite) => [...(suite.specs ?? []), ...(suite.suites ?? []).flatMap(specsOf)];
  const tests = suites.flatMap(specsOf).flatMap((spec) => spec.tests.map((test) => ({ spec, test })));
  return [
    ...tests
      .filter(({ test }) => test.status === 'unexpected' || test.status === 'flaky')
      .map(({ spec, test }) => {
        const failed = test.results.find(({ status }) => status !== 'passed');
        return failure(spec.file, spec.title, failed?.error?.message);
      }),
    ...errors.map(({ message }) => failure('.', 'before any test', message)),
  ];
}

/** Vitest's `json` reporter. */
export const vitestCounts = (code, file) =>
  countsOf(code, file, (report) => ({
    passed: report.numPassedTests,
    failed: report.numFailedTests,
    skipped: report.numPendingTests + report.numTodoTests,
    failures: vitestFailures(report),
  }));

/** Playwright's `json` reporter. Passed at the second try is failed: a flaky test hides a race. */
export const playwrightCounts = (code, file) =>
  countsOf(code, file, (report) => ({
    passed: report.stats.expected,
    failed: report.stats.unexpected + report.stats.flaky,
    skipped: report.stats.skipped,
    failures: playwrightFailures(report),
  }));

/** A check that is right or wrong as a whole. */
export const checkCounts = (code) => ({
  passed: code === 0 ? 1 : 0,
  failed: code === 0 ? 0 : 1,
  skipped: 0,
  failures: [],
});

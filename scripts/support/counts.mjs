import { existsSync, readFileSync } from 'node:fs';

/**
 * Adds up what a runner reported. A runner that ended badly without a failed test (it could not even load a file, or
 * wrote no report) has failed once: nothing passes by breaking early.
 * @param {number} code the runner's exit code
 * @param {string} file its JSON report
 * @param {(report: any) => { passed: number, failed: number, skipped: number }} read
 */
function countsOf(code, file, read) {
  const counts = existsSync(file)
    ? read(JSON.parse(readFileSync(file, 'utf8')))
    : { passed: 0, failed: 0, skipped: 0 };
  const ranNothing = counts.passed + counts.failed + counts.skipped === 0;
  if (counts.failed === 0 && (code !== 0 || ranNothing)) return { ...counts, failed: 1 };
  return counts;
}

/** Vitest's `json` reporter. */
export const vitestCounts = (code, file) =>
  countsOf(code, file, (report) => ({
    passed: report.numPassedTests,
    failed: report.numFailedTests,
    skipped: report.numPendingTests + report.numTodoTests,
  }));

/** Playwright's `json` reporter. Passed at the second try is failed: a flaky test hides a race. */
export const playwrightCounts = (code, file) =>
  countsOf(code, file, ({ stats }) => ({
    passed: stats.expected,
    failed: stats.unexpected + stats.flaky,
    skipped: stats.skipped,
  }));

/** A check that is right or wrong as a whole. */
export const checkCounts = (code) => ({ passed: code === 0 ? 1 : 0, failed: code === 0 ? 0 : 1, skipped: 0 });

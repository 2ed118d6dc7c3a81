/** Our conda reading beside answers that conda itself gave (test/fixtures/conda-answers/README.md). */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import {
  compareCondaVersions,
  condaStartsWith,
  parseCondaVersion,
} from '../../../../src-main/policy/conda/conda-version.ts';
import {
  parseMatchSpec,
  readingMatches,
  type CondaRecord,
} from '../../../../src-main/policy/conda/match-spec.ts';

function linesOf<T>(name: string): readonly T[] {
  const file = join(import.meta.dirname, '../../../fixtures/conda-answers', name);
  return readFileSync(file, 'utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as T);
}

type SpecLine = {
  readonly spec: string;
  readonly record: CondaRecord;
  readonly answer: boolean | 'refused' | 'unknown';
};

/** Where conda fails on the version, we may know already that the rest does not match. */
function agrees(ours: boolean | 'refused' | undefined, answer: SpecLine['answer']): boolean {
  return answer === 'unknown' ? ours === undefined || ours === false : ours === answer;
}

describe('our conda reading', () => {
  it('answers each spec as conda did', () => {
    const lines = linesOf<SpecLine>('specs.jsonl');
    expect(lines).toHaveLength(500);
    const wrong = lines.filter(({ spec, record, answer }) => {
      const reading = parseMatchSpec(spec)?.conda;
      return !agrees(reading === undefined ? 'refused' : readingMatches(reading, record), answer);
    });
    expect(wrong).toEqual([]);
  });

  it('orders versions as conda did', () => {
    const lines = linesOf<{ versions: [string, string]; order: number; startsWith: boolean }>(
      'versions.jsonl',
    );
    expect(lines).toHaveLength(150);
    const wrong = lines.filter(({ versions, order, startsWith }) => {
      const [a, b] = versions.map(parseCondaVersion);
      if (a === undefined || b === undefined) return true;
      return Math.sign(compareCondaVersions(a, b)) !== order || condaStartsWith(a, b) !== startsWith;
    });
    expect(wrong).toEqual([]);
  });
});

/** Our rattler reading of conda's specs beside py-rattler itself: whatever one answers, the other has to answer. */
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parseMatchSpec, readingMatches, type CondaRecord } from '../../src-main/policy/conda/match-spec.ts';
import {
  compareRattlerVersions,
  equalRattlerVersions,
  parseRattlerVersion,
  rattlerStartsWith,
} from '../../src-main/policy/conda/rattler-version.ts';
import { isPlainSpec } from '../../src-main/policy/conda/spec-fields.ts';
import { condaRecord, condaVersionText, matchSpecText } from '../support/conda-texts.ts';
import { clientsVenv, runClient } from '../support/python-clients.ts';
import { Seeded } from '../support/seeded.ts';

const count = Number(process.env['LATCHKEY_TEST_RUNS'] ?? 5000);

function orderOf(a: string, b: string): unknown {
  const [first, second] = [parseRattlerVersion(a), parseRattlerVersion(b)];
  if (first === undefined || second === undefined) return [first !== undefined, second !== undefined];
  return [
    Math.sign(compareRattlerVersions(first, second)),
    equalRattlerVersions(first, second),
    rattlerStartsWith(first, second),
  ];
}

function matchOf(text: string, record: CondaRecord): unknown {
  const reading = parseMatchSpec(text)?.rattler;
  if (reading === undefined) return 'refused';
  return parseRattlerVersion(record.version) === undefined ? 'unknown' : readingMatches(reading, record);
}

describe('our rattler reading and py-rattler', () => {
  it(`agree on ${count} orders and ${count} specs`, async () => {
    const seeded = new Seeded();
    const pairs = Array.from({ length: count }, () => {
      const a = condaVersionText(seeded);
      return [a, seeded.chance(0.3) ? a.replace(/[._-]?\w+$/, '') : condaVersionText(seeded)] as const;
    });
    const specs = Array.from({ length: count }, () => {
      const record = condaRecord(seeded);
      return [matchSpecText(seeded, record), record] as const;
    }).filter(([text]) => isPlainSpec(text.trim()));
    const { code, output } = await runClient(
      'python',
      [join(import.meta.dirname, 'match_spec_reader.py')],
      {},
      { venv: clientsVenv, input: JSON.stringify({ pairs, specs }) },
    );
    expect(code, output).toBe(0);
    const theirs = JSON.parse(output) as { orders: unknown[]; matches: unknown[] };
    expect(
      different(
        pairs,
        pairs.map(([a, b]) => orderOf(a, b)),
        theirs.orders,
      ),
    ).toEqual([]);
    expect(
      different(
        specs,
        specs.map((spec) => matchOf(...spec)),
        theirs.matches,
      ),
    ).toEqual([]);
    // Enough of each kind, so that it proves something.
    for (const kind of [true, false, 'refused']) {
      expect(theirs.matches.filter((match) => match === kind).length).toBeGreaterThan(count / 20);
    }
  });
});

function different(
  asked: readonly unknown[],
  ours: readonly unknown[],
  theirs: readonly unknown[],
): unknown[] {
  return asked.flatMap((question, index) =>
    JSON.stringify(ours[index]) === JSON.stringify(theirs[index])
      ? []
      : [{ question, ours: ours[index], theirs: theirs[index] }],
  );
}

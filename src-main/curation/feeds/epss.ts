/** FIRST's EPSS: a score from 0 to 1 for each CVE, as CSV below a line that says of which model and day. */
import { Readable } from 'node:stream';
import { CsvError, parse } from 'csv-parse';
import { z } from 'zod';
import type { Tally } from './bytes.ts';
import type { Entry } from './entries.ts';
import { FeedError } from './problem.ts';
import type { ReadRecord } from './records.ts';

const row = z.object({
  cve: z.string().regex(/^CVE-\d{4}-\d{4,19}$/),
  epss: z
    .string()
    .regex(/^[01](?:\.\d{1,12})?$/)
    .transform(Number)
    .refine((score) => score <= 1),
});
/** A line has 30 characters. */
const maxRowChars = 4096;

export async function* epssRecords(entry: Entry, _tally: Tally): AsyncGenerator<ReadRecord> {
  const rows = parse({
    columns: (names: string[]) => {
      // Of one name twice one reader takes the first and another the last.
      if (new Set(names).size === names.length) return names;
      throw new FeedError('wrong-form', entry.place, 'a column stands there twice');
    },
    comment: '#',
    bom: true,
    max_record_size: maxRowChars,
    skip_empty_lines: true,
    info: true,
  });
  const source = Readable.from(entry.open());
  source.on('error', (error) => rows.destroy(error));
  source.pipe(rows);
  try {
    for await (const { record, info } of rows as AsyncIterable<{
      record: unknown;
      info: { lines: number };
    }>) {
      const parsed = row.safeParse(record);
      yield parsed.success
        ? { ok: true, record: { id: parsed.data.cve, value: parsed.data.epss } }
        : { ok: false, place: `${entry.place}:${info.lines}`, why: 'no CVE with a score from 0 to 1' };
    }
  } catch (error) {
    if (error instanceof CsvError)
      throw new FeedError('wrong-form', entry.place, error.message, { cause: error });
    throw error;
  } finally {
    source.destroy();
    rows.destroy();
  }
}

/** All rows of a question, as lines of JSON or CSV, a page at a time. */
import type { LogRowView } from '../../shared/contract/log-views.ts';
import { LatchkeyError } from '../../shared/errors.ts';
import { texts } from '../../shared/texts/texts.ts';
import type { Filter } from './log-filter.ts';
import { printCsv, printJsonLine, printNotice, Reader } from './output.ts';
import type { CliClient } from './session.ts';

const pageRows = 1000;
/** With persons: each segment that a page stands in is read. */
const openedRows = 200;
const columns = [
  'time',
  'kind',
  'token',
  'holder',
  'team',
  'environment',
  'channel',
  'ecosystem',
  'name',
  'version',
  'filename',
  'sha256',
  'bytes',
  'status',
  'cache',
  'cause',
  'policy',
  'decision',
  'client',
  'ci_project',
  'ci_job',
] as const;

export async function logExport(
  client: CliClient,
  filter: Filter,
  { open, format = 'jsonl' }: { readonly open: boolean; readonly format?: string },
): Promise<void> {
  if (format !== 'jsonl' && format !== 'csv')
    throw new LatchkeyError('INVALID_INPUT', texts.logCommands.badFormat(format));
  if (format === 'csv') await printCsv([open ? [...columns, 'address', 'ci_user'] : [...columns]]);
  const reader = new Reader();
  let cursor: string | undefined;
  let unopened = 0;
  do {
    // oxlint-disable-next-line no-await-in-loop
    const page = await client.log.rows({
      ...filter,
      open,
      limit: open ? openedRows : pageRows,
      ...(cursor === undefined ? {} : { cursor }),
    });
    // oxlint-disable-next-line no-await-in-loop
    if (format === 'csv') await printCsv(page.rows.map((row) => csvCells(row, open)));
    else for (const row of page.rows) printJsonLine(row);
    unopened += page.unopened;
    cursor = page.next;
    // oxlint-disable-next-line no-await-in-loop
  } while (cursor !== undefined && (await reader.isThere()));
  reader.close();
  // Empty cells do not say why they are.
  if (unopened > 0) printNotice(texts.logCommands.unopened(unopened));
}

function csvCells(row: LogRowView, isOpened: boolean): string[] {
  const { file } = row;
  const cells = [
    new Date(row.atMs).toISOString(),
    row.kind,
    row.tokenId,
    row.holder,
    row.team,
    row.environment,
    row.channel,
    file?.ecosystem,
    file?.name,
    file?.version,
    file?.filename,
    file?.sha256,
    String(row.bytes),
    String(row.status),
    row.cache,
    row.cause,
    row.policyName,
    row.decisionId,
    row.client,
    row.ciProject,
    row.ciJob,
    ...(isOpened ? [row.address, row.ciUser] : []),
  ];
  return cells.map((cell) => cell ?? '');
}

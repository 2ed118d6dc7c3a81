/** `names …` and `licenses …`: the tables that an organization edits. */
import { basename, resolve } from 'node:path';
import type { Command } from 'commander';
import type { CurationTable, TablePlan } from '../../shared/contract/curation-views.ts';
import { maxTableFileChars } from '../../shared/contract/curation-views.ts';
import { texts } from '../../shared/texts/texts.ts';
import { replaceFile } from '../disk/write-file.ts';
import { parseChoice } from './options.ts';
import { formatTable, print } from './output.ts';
import { readTextFile } from './read-text.ts';
import { globalOptionsOf, parseWholeNumber, withUnlocked } from './session.ts';

const words = texts.curationTables;
const says = words.cli;

const tableFormats = ['json', 'csv'] as const;

type ListOptions = { readonly own: boolean; readonly limit: string };
type FileOptions = { readonly source?: string };

export function addTableCommands(program: Command): void {
  const names = program.command('names').description(says.names);
  listCommand(names).action((text: string | undefined, own: ListOptions, command: Command) =>
    withUnlocked(globalOptionsOf(command), async ({ client, options }) => {
      const page = await client.curation.names(queryOf(text, own));
      const rows = page.rows.map(({ conda, pypi, isOwn, condaPurl, pypiPurl }) => [
        conda,
        pypi ?? words.names.nothing,
        isOwn ? words.own : words.given,
        [condaPurl, ...(pypiPurl === undefined ? [] : [pypiPurl])].join(' '),
      ]);
      print(options.json, page, listText(says.head.names, rows, page.total));
    }),
  );
  names
    .command('set <conda> [pypi]')
    .description(says.nameSet)
    .action((conda: string, pypi: string | undefined, _own: object, command: Command) =>
      withUnlocked(globalOptionsOf(command), async ({ client, options }) => {
        const entry = { conda, pypi: pypi ?? null };
        await client.curation.mapNames({ names: [entry] });
        print(options.json, entry, says.set(conda, pypi ?? words.names.nothing));
      }),
    );
  addFileCommands(names, 'names');

  const licenses = program.command('licenses').description(says.licenses);
  listCommand(licenses).action((text: string | undefined, own: ListOptions, command: Command) =>
    withUnlocked(globalOptionsOf(command), async ({ client, options }) => {
      const page = await client.curation.licenses(queryOf(text, own));
      const rows = page.rows.map((row) => [row.text, row.expression, row.isOwn ? words.own : words.given]);
      print(options.json, page, listText(says.head.licenses, rows, page.total));
    }),
  );
  licenses
    .command('set <text> <expression>')
    .description(says.licenseSet)
    .action((text: string, expression: string, _own: object, command: Command) =>
      withUnlocked(globalOptionsOf(command), async ({ client, options }) => {
        await client.curation.aliasLicenses({ aliases: [{ text, expression }] });
        print(options.json, { text, expression }, says.set(text, expression));
      }),
    );
  licenses
    .command('unset <text>')
    .description(says.licenseUnset)
    .action((text: string, _own: object, command: Command) =>
      withUnlocked(globalOptionsOf(command), async ({ client, options }) => {
        await client.curation.aliasLicenses({ aliases: [{ text, expression: null }] });
        print(options.json, { text, expression: null }, says.unset(text));
      }),
    );
  addFileCommands(licenses, 'licenses');
}

function listCommand(noun: Command): Command {
  return noun
    .command('list [text]')
    .description(says.list)
    .option('--own', says.ownOption, false)
    .option('--limit <n>', says.limit, '50');
}

const queryOf = (text: string | undefined, { own, limit }: ListOptions) => ({
  text: text ?? '',
  own,
  limit: parseWholeNumber(limit, '--limit'),
});

const listText = (head: readonly string[], rows: readonly (readonly string[])[], total: number): string =>
  `${formatTable(head, rows)}${says.total(rows.length, total)}\n`;

/** `plan`, `apply` and `export`. */
function addFileCommands(noun: Command, table: CurationTable): void {
  const read = async (path: string, { source }: FileOptions) => ({
    table,
    source: source ?? basename(path),
    text: await readTextFile(path, maxTableFileChars),
  });
  noun
    .command('plan <file>')
    .description(says.plan)
    .option('--source <text>', says.source)
    .action((path: string, own: FileOptions, command: Command) =>
      withUnlocked(globalOptionsOf(command), async ({ client, options }) => {
        const plan = await client.curation.planTable(await read(path, own));
        const next = plan.total === 0 ? [] : [says.planned(table, path, plan.planHash)];
        print(options.json, plan, [...planLines(plan), ...next].join('\n'));
      }),
    );
  noun
    .command('apply <file>')
    .description(says.apply)
    .option('--source <text>', says.source)
    .requiredOption('--expect <hash>', says.expect)
    .action((path: string, own: FileOptions & { readonly expect: string }, command: Command) =>
      withUnlocked(globalOptionsOf(command), async ({ client, options }) => {
        const file = await read(path, own);
        const { changed } = await client.curation.applyTable({ ...file, planHash: own.expect });
        print(options.json, { changed }, words.file.done(changed));
      }),
    );
  noun
    .command('export')
    .description(says.export)
    .option('--format <format>', says.format, tableFormats[0])
    .option('--out <file>', says.out)
    .action((own: { readonly format: string; readonly out?: string }, command: Command) =>
      withUnlocked(globalOptionsOf(command), async ({ client, options }) => {
        const format = parseChoice(tableFormats, own.format, '--format');
        const { text, count } = await client.curation.exportTable({ table, format });
        if (own.out === undefined) {
          print(options.json, { text, count }, text);
          return;
        }
        const path = resolve(own.out);
        await replaceFile(path, text, { mode: 0o644 });
        print(options.json, { path, count }, says.exportedTo(count, path));
      }),
    );
}

function planLines({ source, count, changes, total }: TablePlan): string[] {
  const nothing = words.names.nothing;
  const lines = changes.map(
    ({ key, before, after }) => `  ${key}: ${words.file.arrow(before ?? nothing, after ?? nothing)}`,
  );
  const more = total > lines.length ? [`  ${words.file.more(String(total - lines.length))}`] : [];
  return [
    words.file.read(source, String(count)),
    ...(total === 0 ? [words.file.nothing] : [...lines, ...more]),
  ];
}

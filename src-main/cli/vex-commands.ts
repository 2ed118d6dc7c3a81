/** `vex plan|apply|export`: what others found out about advisories, and what the organization did, as OpenVEX. */
import { basename, resolve } from 'node:path';
import type { Command } from 'commander';
import type { VexPlan } from '../../shared/contract/curation-views.ts';
import { maxVexChars } from '../../shared/contract/curation-views.ts';
import { LatchkeyError } from '../../shared/errors.ts';
import { texts } from '../../shared/texts/texts.ts';
import { replaceFile } from '../disk/write-file.ts';
import { formatTable, formatTime, print } from './output.ts';
import { readTextFile } from './read-text.ts';
import { globalOptionsOf, withUnlocked } from './session.ts';

const words = texts.vex;

type From = { readonly feed?: string };

export function addVexCommands(program: Command): void {
  const vex = program.command('vex').description(words.cli.vex);
  vex
    .command('plan [file]')
    .description(words.cli.plan)
    .option('--feed <name>', words.cli.feed)
    .action((file: string | undefined, own: From, command: Command) =>
      withUnlocked(globalOptionsOf(command), async ({ client, options }) => {
        const plan = await client.curation.planVex(await sourceOf(file, own));
        const from = own.feed === undefined ? (file ?? '') : `--feed ${own.feed}`;
        const next = plan.total === 0 ? [] : [words.cli.planned(from, plan.planHash)];
        print(options.json, plan, [...planLines(plan), ...next].join('\n'));
      }),
    );
  vex
    .command('apply [file]')
    .description(words.cli.apply)
    .option('--feed <name>', words.cli.feed)
    .requiredOption('--expect <hash>', words.cli.expect)
    .action((file: string | undefined, own: From & { readonly expect: string }, command: Command) =>
      withUnlocked(globalOptionsOf(command), async ({ client, options }) => {
        const from = await sourceOf(file, own);
        const { assessed } = await client.curation.applyVex({ ...from, planHash: own.expect });
        print(options.json, { assessed }, words.done(assessed));
      }),
    );
  vex
    .command('export')
    .description(words.cli.export)
    .option('--out <file>', words.cli.out)
    .action((own: { readonly out?: string }, command: Command) =>
      withUnlocked(globalOptionsOf(command), async ({ client, options }) => {
        const { text, count } = await client.curation.exportVex();
        if (count === 0) throw new LatchkeyError('INVALID_INPUT', words.exportEmpty);
        if (own.out === undefined) {
          print(false, undefined, text);
          return;
        }
        const path = resolve(own.out);
        await replaceFile(path, text, { mode: 0o644 });
        print(options.json, { path, count }, words.cli.exportedTo(count, path));
      }),
    );
}

async function sourceOf(file: string | undefined, { feed }: From) {
  if ((file === undefined) === (feed === undefined))
    throw new LatchkeyError('INVALID_INPUT', words.cli.needsSource);
  if (feed !== undefined) return { feed };
  const path = file ?? '';
  return { source: basename(path), text: await readTextFile(path, maxVexChars) };
}

function planLines(plan: VexPlan): string[] {
  const rows = plan.proposals.map(({ assessment, author, atMs, before }) => [
    assessment.advisoryId,
    `${assessment.ecosystem}:${assessment.name}${assessment.version === undefined ? '' : `==${assessment.version}`}`,
    before === undefined ? assessment.status : `${before} → ${assessment.status}`,
    author,
    formatTime(atMs),
    assessment.reason,
  ]);
  return [
    words.read(plan),
    ...plan.bad.map((one) => words.bad(one)),
    plan.total === 0 ? words.nothing : formatTable(words.cli.head, rows).trimEnd(),
    ...(plan.total > rows.length ? [words.more(String(plan.total - rows.length))] : []),
  ];
}

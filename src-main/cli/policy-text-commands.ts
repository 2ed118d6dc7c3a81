/** `policy diff|plan|apply|export|templates`: policies as a text, and the organization's. */
import { resolve } from 'node:path';
import type { Command } from 'commander';
import { LatchkeyError } from '../../shared/errors.ts';
import { texts } from '../../shared/texts/texts.ts';
import { replaceFile } from '../disk/write-file.ts';
import { print, formatTable } from './output.ts';
import { parseChoice } from './options.ts';
import { inFile, policyFile } from './policy-input.ts';
import { globalOptionsOf, withUnlocked } from './session.ts';

const words = texts.policyCommands;

export function addPolicyTextCommands(policy: Command): void {
  policy
    .command('diff <policies>')
    .description(words.diff)
    .action((path: string, _own: object, command: Command) =>
      withUnlocked(globalOptionsOf(command), async ({ client, options }) => {
        const text = await policyFile(path);
        const { changes } = await inFile(path, () => client.policies.planText({ text }));
        print(options.json, { changes }, changes.length === 0 ? words.noChanges : words.changes({ changes }));
      }),
    );
  policy
    .command('plan <policies>')
    .description(words.plan)
    .action((path: string, _own: object, command: Command) =>
      withUnlocked(globalOptionsOf(command), async ({ client, options }) => {
        const text = await policyFile(path);
        const plan = await inFile(path, () => client.policies.planText({ text }));
        const problems = plan.problems.map((problem) => words.placed(path, problem));
        const errors = plan.problems.filter(({ level }) => level === 'error').length;
        const isEmpty = plan.changes.length === 0;
        const next = isEmpty || errors > 0 ? [] : [words.planned(path, plan.planHash)];
        print(
          options.json,
          plan,
          [...problems, isEmpty ? words.noChanges : words.changes(plan), ...next].join('\n'),
        );
        if (errors > 0)
          throw new LatchkeyError('POLICY_INVALID', words.cannotBeUsed(path, errors), { details: {} });
      }),
    );
  policy
    .command('apply <policies>')
    .description(words.apply)
    .requiredOption('--expect <hash>', words.expect)
    .action((path: string, { expect }: { expect: string }, command: Command) =>
      withUnlocked(globalOptionsOf(command), async ({ client, options }) => {
        const text = await policyFile(path);
        const plan = await inFile(path, () => client.policies.applyText({ text, planHash: expect }));
        const isEmpty = plan.changes.length === 0;
        const told = isEmpty
          ? words.unchanged
          : `${words.changes(plan)}\n${words.applied(plan.changes.length)}`;
        print(options.json, plan, told);
      }),
    );
  policy
    .command('export')
    .description(words.export)
    .option('--out <file>', words.out)
    .action((own: { out?: string }, command: Command) =>
      withUnlocked(globalOptionsOf(command), async ({ client, options }) => {
        const { text, hash } = await client.policies.exportText();
        if (own.out === undefined) {
          print(options.json, { text, hash }, text);
          return;
        }
        const path = resolve(own.out);
        await replaceFile(path, text, { mode: 0o644 });
        const count = (await client.policies.list()).length;
        print(options.json, { path, hash }, words.exported(count, path));
      }),
    );
  policy
    .command('templates')
    .description(words.templates)
    .option('--use <template>', words.use)
    .action((own: { use?: string }, command: Command) =>
      withUnlocked(globalOptionsOf(command), async ({ client, options }) => {
        const templates = await client.policies.templates();
        const keys = [...new Set(templates.map(({ key }) => key))];
        if (own.use === undefined) {
          const rows = templates.map(({ key, draft, readsAs }) => [key, draft.name, readsAs]);
          print(
            options.json,
            templates,
            formatTable(['TEMPLATE', 'POLICY', texts.cli.policies.readsAs], rows),
          );
          return;
        }
        const key = parseChoice(keys, own.use, '--use');
        const saved = [];
        for (const { draft } of templates.filter((template) => template.key === key))
          saved.push(await client.policies.save(draft));
        print(options.json, saved, words.added(saved.map(({ name }) => name)));
      }),
    );
}

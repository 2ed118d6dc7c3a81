/** Assessments from and to OpenVEX: on the screen of advisories, and in `latchkey vex`. */
import { plural } from './grammar.ts';

type Read = { readonly source: string; readonly statements: number; readonly others: number };

export const vex = {
  read: ({ source, statements, others }: Read): string =>
    `${source}: ${plural(statements, 'statement')} about packages of PyPI and conda${
      others === 0 ? '' : `, ${others} about something else`
    }.`,
  bad: (problem: string): string => `Left out, as it breaks the format: ${problem}`,
  nothing: 'It says nothing that is not said here already.',
  more: (count: string): string => `and ${count} more`,
  done: (count: number): string =>
    count === 0 ? 'Nothing changed.' : `Took over ${plural(count, 'assessment')}.`,
  import: 'Import OpenVEX…',
  export: 'Export OpenVEX…',
  importTitle: 'Import assessments',
  importHint:
    'An OpenVEX 0.2.0 document from someone you trust. Nobody checks who wrote it: what it says counts once you apply it.',
  recorded: 'Its name, its SHA-256 and the number of statements are recorded.',
  from: 'From',
  choose: 'Open a file…',
  missing: 'Choose a file or a feed.',
  file: 'A file',
  tooLong: 'This file is too large. Add it as a feed on the Facts screen.',
  plan: 'Show changes',
  apply: (count: number): string => `Apply ${plural(count, 'assessment')}`,
  planTitle: 'What changes',
  change: (before: string | undefined, after: string): string =>
    before === undefined ? after : `${before} → ${after}`,
  by: (author: string, when: string): string => `${author}, ${when}`,
  exportTitle: 'Export assessments',
  exportHint:
    'Everything your organization has assessed, with reason, evidence, author and date, as one OpenVEX 0.2.0 document.',
  exportEmpty: 'Nothing has been assessed yet, so there is nothing to export.',
  cli: {
    vex: 'assessments of advisories from and to OpenVEX',
    plan: 'show what a document or a feed would change',
    apply: 'take it over: source, SHA-256 and count are recorded',
    feed: 'a feed of kind vex instead of a file',
    expect: 'hash that the plan ended with',
    export: 'all assessments as one OpenVEX 0.2.0 document',
    out: 'write it into this file',
    needsSource: 'Give either a file or --feed.',
    planned: (from: string, planHash: string): string =>
      `Apply it with: latchkey vex apply ${from} --expect ${planHash}`,
    exportedTo: (count: number, path: string): string => `${plural(count, 'assessment')} written to ${path}.`,
    head: ['ADVISORY', 'PACKAGE', 'STATUS', 'AUTHOR', 'DATE', 'REASON'],
  },
};

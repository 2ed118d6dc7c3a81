/** An export in words: what is to be known and done, and the files. */
import type { RenderedExport } from '../../shared/contract/export-views.ts';
import { triedText } from '../exports/clients.ts';
import { texts } from '../../shared/texts/texts.ts';

const says = texts.cli.exports;

type Place = RenderedExport['where'][number];

/** Everything on one page: the facts as comments, then the files. */
export function describeExport(rendered: RenderedExport): string {
  const facts = [
    `── ${rendered.title}. ${triedText(rendered.tried)}`,
    ...stepLines(rendered),
    ...leakLines(rendered),
    ...rendered.notes,
  ];
  const files = rendered.files.map((file) => `# ── ${file.name}\n${file.content}`);
  return [...facts.map((fact) => `# ${fact}`), ...files].join('\n');
}

/** What to do with files that were written: where they belong, what else to run, how to see that it works. */
export function describeWritten(rendered: RenderedExport, paths: readonly string[]): string {
  const moves = rendered.where.map((place, at) => says.belongsBelow(paths[at] ?? '', placeText(place)));
  return [rendered.title, ...moves, ...commandLines(rendered), checkLine(rendered), ...leakLines(rendered)]
    .map((line, at) => (at === 0 ? line : `  ${line}`))
    .join('\n');
}

function stepLines(rendered: RenderedExport): readonly string[] {
  const places = rendered.where.map((place, at) =>
    says.belongsIn(rendered.files[at]?.name ?? '', placeText(place)),
  );
  return [...places, ...commandLines(rendered), checkLine(rendered)];
}

const commandLines = (rendered: RenderedExport): readonly string[] =>
  rendered.commands.map(({ title, command }) => `${title}: ${command}`);

const checkLine = (rendered: RenderedExport): string => says.check(rendered.checkCommand);

function leakLines(rendered: RenderedExport): readonly string[] {
  const places = (how: 'stored' | 'printed') =>
    rendered.leaks.filter((leak) => leak.how === how).map((leak) => leak.where);
  const [stored, printed] = [places('stored'), places('printed')];
  return [
    ...(stored.length > 0 ? [says.storedIn(stored.join(', '))] : []),
    ...(printed.length > 0 ? [says.printedBy(printed.join(', '))] : []),
  ];
}

function placeText({ linux, macos, windows }: Place): string {
  const others = [
    ...(macos === linux ? [] : [`macOS: ${macos}`]),
    ...(windows === linux ? [] : [says.windows(windows)]),
  ];
  return others.length === 0 ? linux : `${linux} (${others.join('; ')})`;
}

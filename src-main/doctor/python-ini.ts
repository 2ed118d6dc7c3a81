/**
 * The files of Python's configparser, as pip reads them: `key = value` or `key: value`, values that go on in indented
 * lines, comments at the start of a line only, no interpolation. One pass over the lines.
 */

/** Sections with their keys, spelt as pip does: lower case, hyphens. */
export type Ini = ReadonlyMap<string, ReadonlyMap<string, string>>;

/** @returns what is wrong, and in which line, where configparser would stop */
export function parsePythonIni(text: string): { readonly ini: Ini } | { readonly line: number } {
  // Lines of a value are joined once: joined one by one, a long one takes the square of its length.
  const sections = new Map<string, Map<string, string[]>>();
  let section: Map<string, string[]> | undefined;
  let key: string | undefined;
  for (const [at, line] of text
    .replace(/^\ufeff/, '')
    .split(/\r?\n/)
    .entries()) {
    const trimmed = line.trim();
    if (trimmed === '' || trimmed.startsWith('#') || trimmed.startsWith(';')) continue;
    const isIndented = line.startsWith(' ') || line.startsWith('\t');
    if (isIndented && section !== undefined && key !== undefined) {
      section.get(key)?.push(trimmed);
      continue;
    }
    if (trimmed.startsWith('[')) {
      const end = trimmed.indexOf(']');
      if (end === -1) return { line: at + 1 };
      const name = trimmed.slice(1, end);
      section = sections.get(name) ?? new Map<string, string[]>();
      sections.set(name, section);
      key = undefined;
      continue;
    }
    const separator = trimmed.search(/[=:]/);
    if (section === undefined || separator < 1) return { line: at + 1 };
    key = trimmed.slice(0, separator).trim().toLowerCase().replaceAll('_', '-').replace(/^-+/, '');
    section.set(key, [trimmed.slice(separator + 1).trim()]);
  }
  const joined = [...sections].map(
    ([name, values]) =>
      [name, new Map([...values].map(([of, lines]) => [of, lines.join(' ').trim()]))] as const,
  );
  return { ini: new Map(joined) };
}

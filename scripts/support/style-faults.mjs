/** What scripts/styles.mjs looks for in one file; apart from it, so that it can be tested. */

const withoutComments = (css) => css.replace(/\/\*[^]*?\*\//g, (comment) => comment.replace(/[^\n]/g, ' '));

/** The widths at which the layout changes; tokens.css says what happens there. */
const breakpoints = ['30rem', '40rem', '60rem', '85rem'];
/** A hairline is a hairline at any size of text. */
const hairlines = ['1px', '2px', '-1px', '-2px'];
const namedColors =
  /^(?:white|black|red|green|blue|gray|grey|yellow|orange|purple|pink|brown|teal|cyan|magenta)$/;

/** @returns `:line: what` per raw colour, size or layer in a style sheet, and per rule that belongs to no class */
export function rawInStyles(css) {
  const faults = [];
  for (const [index, line] of withoutComments(css).split('\n').entries()) {
    const say = (what) => faults.push(`:${index + 1}: ${what}`);
    if (/^\s*@(?:media|container)/.test(line)) {
      for (const [size] of line.matchAll(/\d[\d.]*(?:px|r?em)\b/g))
        if (!breakpoints.includes(size)) say(`${size} is none of the breakpoints ${breakpoints.join(', ')}`);
      continue;
    }
    const value = /^\s*[\w-]+\s*:\s*(.*?);?\s*$/.exec(line)?.[1] ?? line;
    for (const [color] of value.matchAll(/#[0-9a-f]{3,8}\b|\b(?:rgb|hsl|hwb|lab|lch|oklab|oklch)a?\(/gi))
      say(`raw colour ${color}`);
    for (const word of value.split(/[\s,();]+/)) if (namedColors.test(word)) say(`raw colour ${word}`);
    for (const [size] of value.matchAll(/-?\d[\d.]*(?:px|rem)\b/g))
      if (!hairlines.includes(size)) say(`raw size ${size}`);
    if (/^\s*z-index:\s*-?\d/.test(line)) say('raw layer');
  }
  return faults;
}

/** @returns `:line: what` per raw colour, size or layer, and per class that belongs to no module, in a component */
export function rawInCode(code) {
  const faults = [];
  for (const [index, line] of code.split('\n').entries()) {
    const say = (what) => faults.push(`:${index + 1}: ${what}`);
    if (/['"`]#[0-9a-fA-F]{3,8}\b['"`]/.test(line)) say('raw colour');
    if (/\bzIndex\b\s*[=:](?!\s*['"]var\(--lk-layer-)/.test(line))
      say('raw layer: ui/overlay.tsx stacks what lies over the page');
    if (/\bstyle=\{\{/.test(line)) say('style in a component: put it into its module');
    if (/className=(?:"|\{[^}]*['"`])/.test(line)) say('class of no module');
  }
  return faults;
}

/** @returns the names of the classes that a module defines */
export function classesOf(css) {
  const names = new Set();
  for (const [head] of withoutComments(css).matchAll(/[^{};]+(?=\{)/g))
    for (const [, name] of head.replace(/:global\([^)]*\)/g, '').matchAll(/\.([A-Za-z_][\w-]*)/g))
      names.add(name);
  return names;
}

/** @returns per imported module: its path as written, and the names that are read from it */
export function usesOf(code) {
  const body = code.replace(/^import [^;]*;$/gm, '');
  return [...code.matchAll(/import (\w+) from '([^']+\.module\.css)'/g)].map(([, local, from]) => ({
    from,
    names: [
      ...body.matchAll(new RegExp(`\\b${local}\\.([A-Za-z_]\\w*)|\\b${local}\\['([^']+)'\\]`, 'g')),
    ].map(([, plain, quoted]) => plain ?? quoted),
  }));
}

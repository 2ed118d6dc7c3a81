import { useInsertionEffect } from 'react';

type Entry = { readonly sheet: CSSStyleSheet; users: number };
const entries = new Map<string, Entry>();

/** Puts a rule set into effect as a constructed style sheet, which a CSP without 'unsafe-inline' allows. */
export function adopt(css: string): () => void {
  const entry = entries.get(css) ?? { sheet: new CSSStyleSheet(), users: 0 };
  if (entry.users === 0) {
    entry.sheet.replaceSync(css);
    entries.set(css, entry);
    document.adoptedStyleSheets = [...document.adoptedStyleSheets, entry.sheet];
  }
  entry.users += 1;
  return () => {
    entry.users -= 1;
    if (entry.users > 0) return;
    entries.delete(css);
    document.adoptedStyleSheets = document.adoptedStyleSheets.filter((sheet) => sheet !== entry.sheet);
  };
}

/** Stands where Mantine would render a <style> element (vite.config.ts puts it there). */
export function AdoptedStyle(props: {
  readonly children?: string;
  readonly dangerouslySetInnerHTML?: { readonly __html: string };
}): null {
  const css = props.dangerouslySetInnerHTML?.__html ?? props.children ?? '';
  useInsertionEffect(() => adopt(css), [css]);
  return null;
}

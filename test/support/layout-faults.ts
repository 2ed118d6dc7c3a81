import type { Page } from '@playwright/test';
import { lastingFaults } from './lasting-faults.ts';

/**
 * What of the page as it is shown now would be cut: text behind an edge that hides it, text beyond the window, boxes that
 * scroll sideways and are no table and no code, and a window that does. Text that ends in "…" is meant to.
 * @returns one line per fault
 */
export function layoutFaults(page: Page): Promise<string[]> {
  // What moves stands beyond the window.
  return lastingFaults(page, () => faultsNow(page), { tries: 10, everyMs: 200 });
}

function faultsNow(page: Page): Promise<string[]> {
  return page.evaluate(() => {
    /** Of pixels, for rounding; lines of text reach over their box by a little. */
    const slack = { x: 1.5, y: 4 };
    const faults = new Set<string>();
    const short = (text: string): string => text.replace(/\s+/g, ' ').trim().slice(0, 60);
    const named = (element: Element): string => {
      const name = element.getAttribute('aria-label') ?? short(element.textContent);
      return `<${element.tagName.toLowerCase()}${element.className === '' ? '' : ` class="${String(element.getAttribute('class'))}"`}> "${short(name)}"`;
    };
    const root = document.documentElement;
    if (root.scrollWidth > root.clientWidth + slack.x)
      faults.add(`the window scrolls sideways: ${root.scrollWidth} in ${root.clientWidth} px`);

    const top = [...document.querySelectorAll('[role=dialog]')].at(-1) ?? document.body;
    const hides = (value: string): boolean => value === 'hidden' || value === 'clip';
    const scrolls = (value: string): boolean => value === 'auto' || value === 'scroll';

    for (const element of top.querySelectorAll('*')) {
      const style = getComputedStyle(element);
      if (scrolls(style.overflowX) && element.scrollWidth > element.clientWidth + slack.x) {
        const holdsWide = element.querySelector('table, [role=table], [role=grid], pre, code') !== null;
        if (!holdsWide && element.closest('pre, [role=tablist]') === null)
          faults.add(
            `scrolls sideways: ${named(element)}, ${element.scrollWidth} in ${element.clientWidth} px`,
          );
      }
    }

    const walker = document.createTreeWalker(top, NodeFilter.SHOW_TEXT);
    for (let node = walker.nextNode(); node !== null; node = walker.nextNode()) {
      const text = short(node.textContent ?? '');
      const parent = node.parentElement;
      if (text === '' || parent === null || parent.closest('script, style, noscript, title, option') !== null)
        continue;
      if (!parent.checkVisibility({ opacityProperty: true, visibilityProperty: true })) continue;
      const range = document.createRange();
      range.selectNodeContents(node);
      const box = range.getBoundingClientRect();
      if (box.width === 0 || box.height === 0) continue;
      let isScrolled = false;
      let isMeant = false;
      let cut: Element | undefined;
      for (let around: Element | null = parent; around !== null; around = around.parentElement) {
        const style = getComputedStyle(around);
        const edge = around.getBoundingClientRect();
        // Text for those who hear it.
        if (edge.width <= 2 && edge.height <= 2 && hides(style.overflowX)) isMeant = true;
        if (style.textOverflow === 'ellipsis' && hides(style.overflowX)) isMeant = true;
        if (style.webkitLineClamp !== 'none') isMeant = true;
        if (style.display === 'inline') continue;
        if (scrolls(style.overflowX) || scrolls(style.overflowY)) isScrolled = true;
        if (isScrolled) continue;
        const wide =
          hides(style.overflowX) && (box.left < edge.left - slack.x || box.right > edge.right + slack.x);
        const high =
          hides(style.overflowY) && (box.top < edge.top - slack.y || box.bottom > edge.bottom + slack.y);
        if (wide || high) cut ??= around;
        if (style.position === 'fixed') break;
      }
      if (isMeant) continue;
      if (cut !== undefined) faults.add(`cut: "${text}" by ${named(cut)}`);
      else if (!isScrolled && (box.left < -slack.x || box.right > root.clientWidth + slack.x))
        faults.add(`beyond the window: "${text}", ${Math.round(box.right)} of ${root.clientWidth} px`);
    }
    return [...faults];
  });
}

import type { KeyboardEvent, RefObject } from 'react';
import { useEffect, useRef, useState } from 'react';

/** Marks what opens a row, and where the focus goes when the row is gone to. */
export const openerMark = 'data-row-opener';

/**
 * The keyboard's way through rows of which most do not exist: one row is the active one, and only its controls are in
 * the order of Tab. Works wherever the focus is in a row.
 */
export function useRowKeys(options: {
  readonly total: number;
  readonly perPage: number;
  readonly scroller: RefObject<HTMLElement | null>;
  readonly show: (index: number) => void;
  readonly onSelect: (index: number) => void;
}) {
  const { total, scroller } = options;
  const [active, setActive] = useState(0);
  const wanted = useRef<number>(undefined);
  // The row may have to be made first; this runs after each turn until it is there.
  useEffect(() => {
    const index = wanted.current;
    if (index === undefined) return;
    const opener = scroller.current?.querySelector<HTMLElement>(`[data-index="${index}"] [${openerMark}]`);
    if (opener === null || opener === undefined) return;
    wanted.current = undefined;
    opener.focus({ preventScroll: true });
  });
  const go = (index: number) => {
    const next = Math.min(Math.max(0, index), total - 1);
    wanted.current = next;
    setActive(next);
    options.show(next);
  };

  const onKeyDown = (event: KeyboardEvent<HTMLElement>) => {
    if (event.ctrlKey || event.metaKey || event.altKey || !(event.target instanceof HTMLElement)) return;
    const row = event.target.closest<HTMLElement>('tr[data-index]');
    const isOpener = event.target.hasAttribute(openerMark);
    if (row === null || event.target instanceof HTMLInputElement) {
      if (row === null || event.key === ' ') return;
    }
    const at = Number(row.dataset['index']);
    const targets: Readonly<Record<string, number>> = {
      ArrowDown: at + 1,
      ArrowUp: at - 1,
      PageDown: at + options.perPage,
      PageUp: at - options.perPage,
      Home: 0,
      End: total - 1,
    };
    const target = targets[event.key];
    if (target !== undefined) {
      event.preventDefault();
      go(target);
    } else if (event.key === ' ' && isOpener) {
      event.preventDefault();
      options.onSelect(at);
    }
  };
  return { active: Math.min(active, Math.max(0, total - 1)), setActive, listener: { onKeyDown } };
}

import type { RefObject } from 'react';
import { useLayoutEffect, useState } from 'react';

/** Where nothing can be measured. */
const usual = { rem: 60, pxPerRem: 16 };

/** How much room a box has, in rem, so that larger text counts as less room. */
export function useRoom(box: RefObject<HTMLElement | null>): {
  readonly rem: number;
  readonly pxPerRem: number;
} {
  const [room, setRoom] = useState(usual);
  useLayoutEffect(() => {
    const element = box.current;
    if (element === null) return undefined;
    const measure = () => {
      const pxPerRem = Number.parseFloat(getComputedStyle(document.documentElement).fontSize) || 16;
      const rem = element.clientWidth === 0 ? usual.rem : element.clientWidth / pxPerRem;
      setRoom((before) => (before.rem === rem && before.pxPerRem === pxPerRem ? before : { rem, pxPerRem }));
    };
    measure();
    const observer = new ResizeObserver(measure);
    observer.observe(element);
    return () => observer.disconnect();
  }, [box]);
  return room;
}

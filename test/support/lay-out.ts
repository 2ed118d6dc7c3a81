/** jsdom lays nothing out, and of a table only the rows in sight exist: boxes are as wide and high as it is said here. */
export type Room = { readonly width: number; readonly height: number };
export const rowHeight = 50;

/** @param room asked whenever somebody measures */
export function layOut(room: () => Room = () => ({ width: 960, height: 600 })): void {
  function offsetHeight(this: HTMLElement): number {
    return this.tagName === 'TR' ? rowHeight : room().height;
  }
  for (const [name, of] of [
    ['clientWidth', () => room().width],
    ['clientHeight', () => room().height],
    ['offsetWidth', () => room().width],
    ['offsetHeight', offsetHeight],
  ] as const) {
    Object.defineProperty(HTMLElement.prototype, name, { configurable: true, get: of });
  }
  HTMLElement.prototype.getBoundingClientRect = function (): DOMRect {
    return new DOMRect(0, 0, room().width, this.tagName === 'TR' ? rowHeight : room().height);
  };
}

/** Where the window was: remembered, and believed only as far as a display is still there to show it. */
export type Rectangle = {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
};
export type WindowState = { readonly bounds: Rectangle; readonly isMaximized: boolean };

export const defaultSize = { width: 1280, height: 820 } as const;
export const minimumSize = { width: 760, height: 520 } as const;
/** So much of the title bar must be on a display for the window to be draggable. */
const reachablePixels = 80;

/**
 * Bounds to open the window with. What is stored is untrusted (an old monitor, a damaged file): nonsense gives the
 * default size, a window that no display shows is centred by leaving out x and y, one larger than its display is cut.
 */
export function usableBounds(
  stored: unknown,
  displays: readonly Rectangle[],
): { width: number; height: number; x?: number; y?: number } {
  if (!isRectangle(stored)) return { ...defaultSize };
  const display = displays.find((area) => reaches(stored, area));
  if (display === undefined) return { ...defaultSize };
  return {
    x: stored.x,
    y: stored.y,
    width: Math.max(minimumSize.width, Math.min(stored.width, display.width)),
    height: Math.max(minimumSize.height, Math.min(stored.height, display.height)),
  };
}

function isRectangle(value: unknown): value is Rectangle {
  if (typeof value !== 'object' || value === null) return false;
  const { x, y, width, height } = value as Record<string, unknown>;
  return (
    [x, y, width, height].every((part) => Number.isInteger(part) && Math.abs(part as number) < 100_000) &&
    (width as number) > 0 &&
    (height as number) > 0
  );
}

function reaches(window: Rectangle, area: Rectangle): boolean {
  const visibleX = Math.min(window.x + window.width, area.x + area.width) - Math.max(window.x, area.x);
  const titleBarIsInside = window.y >= area.y - 1 && window.y < area.y + area.height - reachablePixels / 2;
  return visibleX >= reachablePixels && titleBarIsInside;
}

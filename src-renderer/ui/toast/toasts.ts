import { create } from 'zustand';

/** `done` goes by itself; `note` must be noticed; `failure` stays until it is mended or dismissed. */
export type ToastKind = 'done' | 'note' | 'failure';
export type Toast = {
  readonly id: number;
  readonly kind: ToastKind;
  readonly title: string | undefined;
  readonly text: string;
};

/** More at once are noise: the oldest goes. */
const most = 3;
let lastId = 0;

export const useToasts = create<{ readonly shown: readonly Toast[] }>()(() => ({ shown: [] }));

/** Shows a message. The same one again takes the place of the first. @returns what `dismissToast` takes */
export function showToast(toast: Omit<Toast, 'id'>): number {
  lastId += 1;
  const id = lastId;
  useToasts.setState(({ shown }) => ({
    shown: [
      ...shown.filter((entry) => entry.text !== toast.text || entry.title !== toast.title),
      { ...toast, id },
    ].slice(-most),
  }));
  return id;
}

export function dismissToast(id: number): void {
  useToasts.setState(({ shown }) => ({ shown: shown.filter((entry) => entry.id !== id) }));
}

/** What went wrong before is mended, or a matter of another screen. */
export function dismissFailures(): void {
  useToasts.setState(({ shown }) => ({ shown: shown.filter(({ kind }) => kind !== 'failure') }));
}

/** Nothing of an open vault stays on a locked page. */
export function dismissAllToasts(): void {
  useToasts.setState({ shown: [] });
}

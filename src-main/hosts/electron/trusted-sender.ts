import { isAppUrl } from './app-url.ts';

type Frame = { readonly processId: number; readonly routingId: number; readonly url: string };
type Contents = { readonly mainFrame: Frame };

/**
 * Whether an IPC event comes from the main frame of this window, showing our own origin. Frames are compared by their
 * ids: a frame that is gone has none that match.
 */
export function isTrustedSender(
  event: { readonly sender: unknown; readonly senderFrame: Frame | null },
  window: { readonly webContents: Contents; isDestroyed(): boolean } | undefined,
): boolean {
  const frame = event.senderFrame;
  if (window === undefined || window.isDestroyed() || !frame) return false;
  const main = window.webContents.mainFrame;
  return (
    event.sender === window.webContents &&
    frame.processId === main.processId &&
    frame.routingId === main.routingId &&
    isAppUrl(frame.url)
  );
}

/**
 * The one channel between the page and main: no other file may import `ipcMain` (a test holds this). A call is answered only
 * when it comes from the main frame of our window while that frame shows our origin; a subframe, another window, a
 * page that was navigated elsewhere, or a frame that is already gone gets IPC_UNTRUSTED_SENDER and learns nothing else.
 */
import { ipcMain } from 'electron';
import type { BrowserWindow } from 'electron';
import type { HostEventName, HostEvent } from '../../../shared/contract/contract.ts';
import type { WireResult } from '../../../shared/errors.ts';
import { isAppUrl } from './app-url.ts';
import { isTrustedSender } from './trusted-sender.ts';

const INVOKE = 'latchkey:invoke';
const EVENT = 'latchkey:event';

export type Invoke = (method: string, input: unknown) => Promise<WireResult<unknown>>;

const untrusted: WireResult<never> = {
  ok: false,
  error: {
    code: 'IPC_UNTRUSTED_SENDER',
    message: 'This call did not come from the window of Latchkey.',
    details: {},
  },
};

/**
 * Answers the page's calls.
 * @param currentWindow the app's window now, or undefined while there is none.
 * @param invoke answers a call whose sender was checked; it parses the input itself.
 */
export function openIpcChannel(currentWindow: () => BrowserWindow | undefined, invoke: Invoke): void {
  ipcMain.handle(INVOKE, async (event, method: unknown, input: unknown): Promise<WireResult<unknown>> => {
    if (!isTrustedSender(event, currentWindow()) || typeof method !== 'string') return untrusted;
    return invoke(method, input);
  });
}

/** Tells the page of one host event; does nothing while there is no window that shows our page. */
export function tellPage<N extends HostEventName>(
  window: BrowserWindow | undefined,
  name: N,
  event: HostEvent<N>,
): void {
  if (window === undefined || window.isDestroyed() || !isAppUrl(window.webContents.getURL())) return;
  window.webContents.send(EVENT, name, event);
}

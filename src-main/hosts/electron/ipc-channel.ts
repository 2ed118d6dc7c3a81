/**
 * The one channel between the page and main: no other file may import `ipcMain` (a test holds this). A call is answered only
 * when it comes from the main frame of our window while that frame shows our origin; a subframe, another window, a
 * page that was navigated elsewhere, or a frame that is already gone gets IPC_UNTRUSTED_SENDER and learns nothing else.
 * Calls and answers are sealed (sealed-channel.ts): secrets in them leave nothing in Chromium's memory.
 */
import { ipcMain } from 'electron';
import type { BrowserWindow } from 'electron';
import type { HostEventName, HostEvent } from '../../../shared/contract/contract.ts';
import type { WireResult } from '../../../shared/errors.ts';
import { maxInputBytes } from '../../ipc/call-method.ts';
import { isAppUrl } from './app-url.ts';
import type { Seal } from './sealed-channel.ts';
import { agreeWithPage } from './sealed-channel.ts';
import { isSealedMessage } from './sealed-message.ts';
import { isTrustedSender } from './trusted-sender.ts';

const AGREE = 'latchkey:agree';
const INVOKE = 'latchkey:invoke';
const EVENT = 'latchkey:event';

export type Invoke = (method: string, input: unknown) => Promise<WireResult<unknown>>;

const untrusted: WireResult<never> = {
  ok: false,
  error: {
    code: 'IPC_UNTRUSTED_SENDER',
    says: ['untrustedSender'],
    details: {},
  },
};

/** The door says exactly how large an input may be; this only bounds what is opened for it. */
const maxMessageBytes = 2 * maxInputBytes;
const tooLarge: WireResult<never> = {
  ok: false,
  error: { code: 'IPC_TOO_LARGE', says: ['inputTooLarge', maxInputBytes / 1024], details: {} },
};

/**
 * Answers the page's calls.
 * @param currentWindow the app's window now, or undefined while there is none.
 * @param invoke answers a call whose sender was checked; it parses the input itself.
 */
export function openIpcChannel(currentWindow: () => BrowserWindow | undefined, invoke: Invoke): void {
  // Of the page that agreed last: there is one window, and a page that was replaced calls no more.
  let current: Seal | undefined;
  ipcMain.handle(AGREE, (event, pageKey: unknown): Uint8Array | undefined => {
    if (!isTrustedSender(event, currentWindow()) || !(pageKey instanceof Uint8Array)) return undefined;
    const agreed = attempt(() => agreeWithPage(pageKey));
    current = agreed?.seal ?? current;
    return agreed?.publicKey;
  });
  ipcMain.handle(INVOKE, async (event, message: unknown): Promise<unknown> => {
    const seal = current;
    if (!isTrustedSender(event, currentWindow()) || seal === undefined || !isSealedMessage(message))
      return untrusted;
    if (message.body.byteLength > maxMessageBytes) return seal.seal(tooLarge);
    const call = attempt(() => seal.open(message));
    if (!Array.isArray(call) || typeof call[0] !== 'string') return untrusted;
    return seal.seal(await invoke(call[0], call[1]));
  });
}

/** What does not fit is refused like a stranger's: an exception never crosses. */
function attempt<T>(open: () => T): T | undefined {
  try {
    return open();
  } catch {
    return undefined;
  }
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

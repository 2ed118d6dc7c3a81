/**
 * The only code that stands between the sandboxed page and main. It hands over two functions and nothing else: no
 * ipcRenderer, no event object, no channel name that the page could choose. Main checks the sender and every input.
 */
import { contextBridge, ipcRenderer } from 'electron';
import type { Bridge } from '../../../shared/contract/types.ts';
import { isSealedMessage } from './sealed-message.ts';
import type { PageSeal } from './sealed-page.ts';
import { agreeWithMain } from './sealed-page.ts';

type Listener = (event: never) => void;
const listeners = new Map<string, Set<Listener>>();

ipcRenderer.on('latchkey:event', (_event, name: unknown, payload: unknown) => {
  if (typeof name !== 'string') return;
  for (const listener of listeners.get(name) ?? []) listener(payload as never);
});

let sealing: Promise<PageSeal | undefined> | undefined;

/** Made at the first call: a blank page, between two of ours, makes none. */
function sealed(): Promise<PageSeal | undefined> {
  sealing ??= agreeWithMain(
    (key) => ipcRenderer.invoke('latchkey:agree', key) as Promise<Uint8Array | undefined>,
  ).catch((error: unknown) => {
    // The next call tries anew.
    sealing = undefined;
    throw error;
  });
  return sealing;
}

async function invoke(method: string, input: unknown): Promise<unknown> {
  const seal = await sealed();
  const answer: unknown = await ipcRenderer.invoke('latchkey:invoke', await seal?.seal([method, input]));
  return seal !== undefined && isSealedMessage(answer) ? seal.open(answer) : answer;
}

const bridge: Bridge = {
  invoke: (method, input) => invoke(String(method), input) as ReturnType<Bridge['invoke']>,
  on: (name, listener) => {
    const set = listeners.get(name) ?? new Set<Listener>();
    listeners.set(name, set);
    // Its own function per subscription: the same listener may be given twice.
    const own: Listener = (event) => listener(event);
    set.add(own);
    return () => void set.delete(own);
  },
};

contextBridge.exposeInMainWorld('latchkey', bridge);

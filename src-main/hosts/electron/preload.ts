/**
 * The only code that stands between the sandboxed page and main. It hands over two functions and nothing else: no
 * ipcRenderer, no event object, no channel name that the page could choose. Main checks the sender and every input.
 */
import { contextBridge, ipcRenderer } from 'electron';
import type { Bridge } from '../../../shared/contract/types.ts';

type Listener = (event: never) => void;
const listeners = new Map<string, Set<Listener>>();

ipcRenderer.on('latchkey:event', (_event, name: unknown, payload: unknown) => {
  if (typeof name !== 'string') return;
  for (const listener of listeners.get(name) ?? []) listener(payload as never);
});

const bridge: Bridge = {
  invoke: (method, input) => ipcRenderer.invoke('latchkey:invoke', String(method), input),
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

import { Menu, nativeImage, Tray } from 'electron';
import { escapeText } from '../../../shared/model/text.ts';
import { trayIconDataUrl } from './icon-data.ts';
import { texts } from '../../../shared/texts/texts.ts';

const words = texts.desktop.tray;

export type TrayState = { readonly isUnlocked: boolean; readonly gateway: 'running' | 'stopped' | 'problem' };
export type TrayActions = { readonly show: () => void; readonly lock: () => void; readonly quit: () => void };

export type TrayHandle = { readonly update: (state: TrayState) => void; readonly destroy: () => void };

const gatewayText = {
  running: words.running,
  stopped: words.stopped,
  problem: words.problem,
} as const;

/** What the tray's menu says; each of its entries also stands in the window, as many desktops have no tray. */
export function trayLines(state: TrayState): { status: string; gateway: string } {
  return { status: state.isUnlocked ? words.unlocked : words.locked, gateway: gatewayText[state.gateway] };
}

/** Puts an icon into the tray, where the desktop has one; undefined where making it fails. */
export function makeTray(actions: TrayActions): TrayHandle | undefined {
  let tray: Tray;
  try {
    tray = new Tray(nativeImage.createFromDataURL(trayIconDataUrl));
  } catch (error) {
    console.error('latchkey: no tray:', escapeText((error as Error).message));
    return undefined;
  }
  tray.on('click', actions.show);
  return {
    update: (state) => {
      // While the app quits, the lock is still told.
      if (tray.isDestroyed()) return;
      const lines = trayLines(state);
      tray.setToolTip(words.tip(lines.status.toLowerCase(), lines.gateway));
      tray.setContextMenu(
        Menu.buildFromTemplate([
          { label: lines.status, enabled: false },
          { label: lines.gateway, enabled: false },
          { type: 'separator' },
          { label: words.show, click: actions.show },
          { label: words.lock, enabled: state.isUnlocked, click: actions.lock },
          { type: 'separator' },
          { label: words.quit, click: actions.quit },
        ]),
      );
    },
    destroy: () => tray.destroy(),
  };
}

import { Notification } from 'electron';
import { hourMs } from '../../../shared/model/time.ts';
import type { App } from '../../services/app.ts';
import { expiryNotice } from './expiry-notices.ts';

/** Tells about tokens that end soon: after an unlock and every hour. A click shows the token, and does nothing else. */
export function notifyExpiry(
  services: App,
  isUnlocked: () => boolean,
  showToken: (tokenId: string) => void,
): void {
  const seen = new Set<string>();
  const look = async (): Promise<void> => {
    if (!isUnlocked() || !Notification.isSupported()) return;
    const { rows } = await services.handlers.tokens.list({
      search: '',
      ids: [],
      holderIds: [],
      states: ['expiring'],
      teamIds: [],
      environmentIds: [],
      channelIds: [],
      sort: 'expires',
      descending: false,
      offset: 0,
      limit: 1000,
    });
    const notice = expiryNotice(rows, Date.now(), seen);
    if (notice === undefined) return;
    const notification = new Notification({ title: notice.title, body: notice.body });
    notification.on('click', () => showToken(notice.tokenId));
    notification.show();
  };
  const lookAndSay = (): void => {
    look().catch((error: unknown) =>
      console.error('latchkey: no look at expiring tokens:', (error as Error).name),
    );
  };
  services.on('session.changed', (view) => {
    if (view.vault === 'unlocked') lookAndSay();
  });
  setInterval(lookAndSay, hourMs).unref();
}

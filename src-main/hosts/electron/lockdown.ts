/**
 * What a page may not do, whoever wrote it: leave our origin, open a window, get a permission or a device, attach a
 * webview, reach the network, download. Set for every session and every web contents that will ever exist in this
 * process, before the first window. Each rule is refused here and tested in a real Electron (docs/electron-security.md).
 */
import { app } from 'electron';
import type { Session, WebContents } from 'electron';
import { isAppUrl } from './app-url.ts';
import { openExternal } from './external-links.ts';

/** Applies the rules to all web contents and sessions to come. Call before any window is made. */
export function lockDown(options: { readonly allowDevTools: boolean }): void {
  app.on('web-contents-created', (_event, contents) => lockContents(contents));
  app.on('session-created', (session) => lockSession(session, options));
  // A client certificate or a proxy's password is never asked for: the page has no network to need one.
  app.on('select-client-certificate', (event, _contents, _url, _list, callback) => {
    event.preventDefault();
    callback();
  });
  app.on('login', (event) => event.preventDefault());
}

function lockContents(contents: WebContents): void {
  const stay = (event: { preventDefault: () => void }, url: string): void => {
    if (!isAppUrl(url)) event.preventDefault();
  };
  contents.on('will-navigate', (event, url) => stay(event, url));
  contents.on('will-redirect', (event, url) => stay(event, url));
  contents.on('will-attach-webview', (event) => event.preventDefault());
  contents.setWindowOpenHandler(({ url }) => {
    openExternal(url);
    return { action: 'deny' };
  });
}

/** Refuses everything that a page could ask of its session. Also called for the default session, which exists early. */
export function lockSession(session: Session, options: { readonly allowDevTools: boolean }): void {
  // The one exception: putting plain text on the clipboard. Reading it is refused like all else.
  const isAllowed = (permission: string, origin: string): boolean =>
    permission === 'clipboard-sanitized-write' && isAppUrl(origin);
  session.setPermissionRequestHandler((_contents, permission, callback, details) =>
    callback(isAllowed(permission, details.requestingUrl)),
  );
  session.setPermissionCheckHandler((_contents, permission, origin) => isAllowed(permission, origin));
  session.setDevicePermissionHandler(() => false);
  // Without a handler this is refused already; said here so that no later default changes it. Not in old Electrons.
  (session as Partial<Session>).setDisplayMediaRequestHandler?.((_request, callback) => callback({}));
  session.on('will-download', (event) => event.preventDefault());
  session.setSpellCheckerEnabled(false);
  session.webRequest.onBeforeRequest((details, callback) => {
    const isDevTools = options.allowDevTools && details.url.startsWith('devtools://');
    callback({ cancel: !(isAppUrl(details.url) || isDevTools) });
  });
}

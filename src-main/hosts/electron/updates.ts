/**
 * Updates, off until a feed is set: without one, the updater is not even loaded and nothing is asked of any server.
 * With one, the operator is told and decides twice (download, restart); nothing installs by itself. What is installed is
 * checked by the updater: the SHA-512 of the feed's metadata everywhere, and the publisher's signature on macOS and
 * Windows. Older versions are refused (docs/updates.md).
 */
import { dialog } from 'electron';
import type { BrowserWindow, Certificate } from 'electron';
import type { AppUpdater } from 'electron-updater';
import { escapeText } from '../../../shared/model/text.ts';
import type { Settings } from '../../../shared/contract/settings-views.ts';
import { texts } from '../../../shared/texts/texts.ts';
import { isTrustedByFile } from '../../network/certificate-chain.ts';
import type { NetworkConfig } from '../../network/network-config.ts';

const words = texts.updates;

export type UpdateCheck = 'off' | 'none' | 'offered' | 'failed';

/**
 * Looks for a newer version at the feed of the settings, and asks the operator about it. Never throws.
 * @param isAsked by a person, who is told what came of it too
 */
export async function checkForUpdates(
  feed: Settings['updates'],
  network: () => NetworkConfig,
  window: () => BrowserWindow | undefined,
  isAsked = false,
): Promise<UpdateCheck> {
  if (feed.feedUrl === '') return 'off';
  try {
    const { autoUpdater } = await import('electron-updater');
    autoUpdater.autoDownload = false;
    autoUpdater.autoInstallOnAppQuit = false;
    autoUpdater.allowDowngrade = false;
    autoUpdater.channel = feed.channel;
    // Setting the channel turns this on; off again, so that a feed cannot roll an app back to a hole.
    autoUpdater.allowDowngrade = false;
    autoUpdater.logger = null;
    await applyNetwork(autoUpdater, network(), new URL(feed.feedUrl).origin);
    autoUpdater.setFeedURL({ provider: 'generic', url: feed.feedUrl, channel: feed.channel });
    const found = await autoUpdater.checkForUpdates();
    if (found === null || !found.isUpdateAvailable) {
      if (isAsked) await tell(window(), found === null ? texts.updates.notHere : texts.updates.none);
      return 'none';
    }
    const version = found.updateInfo.version;
    if (!(await ask(window(), words.available(version), words.download))) return 'offered';
    await autoUpdater.downloadUpdate();
    if (await ask(window(), words.ready(version), words.restart)) {
      autoUpdater.quitAndInstall();
    }
    return 'offered';
  } catch (error) {
    const why = escapeText((error as Error).message.split('\n')[0] ?? '').slice(0, maxReasonChars);
    console.error('latchkey: no update:', why);
    if (isAsked) await tell(window(), texts.updates.failed, failureDetail(feed.feedUrl, why));
    return 'failed';
  }
}

/** Chromium's own stack fetches updates: it always trusts the system's store, and is told of the rest. */
async function applyNetwork(
  updater: AppUpdater,
  { problem, proxy, caPem }: NetworkConfig,
  feedOrigin: string,
): Promise<void> {
  if (problem !== undefined) throw new Error(problem);
  const session = updater.netSession;
  // A session of Chromium fetches dictionaries of its own accord, from a server of Google's.
  session.setSpellCheckerEnabled(false);
  session.setSpellCheckerLanguages([]);
  // In the place of the rule that every session has, which is no network at all (lockdown.ts): the feed's server alone.
  session.webRequest.onBeforeRequest(({ url }, answer) =>
    answer({ cancel: !URL.canParse(url) || new URL(url).origin !== feedOrigin }),
  );
  await session.setProxy(
    proxy === undefined
      ? { mode: 'direct' }
      : {
          mode: 'fixed_servers',
          proxyRules: proxy.url,
          proxyBypassRules: ['<local>', ...proxy.noProxy].join(','),
        },
  );
  updater.removeAllListeners('login');
  updater.on('login', ({ isProxy }, answer) => {
    // Nobody else is told who we are: an empty answer ends the request.
    const isOurs = isProxy && proxy?.username !== undefined;
    answer(isOurs ? proxy.username : '', isOurs ? (proxy.password ?? '') : '');
  });
  session.setCertificateVerifyProc(
    caPem === undefined
      ? null
      : ({ certificate, errorCode, hostname }, answer) => {
          // -3: what Chromium found out itself. Only an unknown authority is looked up in the file.
          const isUnknown = errorCode === unknownAuthority;
          answer(isUnknown && isTrustedByFile(caPem, chainOf(certificate), hostname, Date.now()) ? 0 : -3);
        },
  );
}

/** net::ERR_CERT_AUTHORITY_INVALID */
const unknownAuthority = -202;

function chainOf(certificate: Certificate): readonly string[] {
  const chain: string[] = [];
  let at: Certificate | undefined = certificate;
  while (at !== undefined && at !== null && chain.length < 8 && !chain.includes(at.data)) {
    chain.push(at.data);
    at = at.issuerCert as Certificate | undefined;
  }
  return chain;
}

/** The updater quotes whole answers. */
const maxReasonChars = 200;

/** Chromium's code, and what to do about those of a company's network. */
function failureDetail(feedUrl: string, why: string): string {
  const host = URL.canParse(feedUrl) ? new URL(feedUrl).host : feedUrl;
  if (/ERR_CERT|ERR_SSL/.test(why)) return texts.updates.certificate(host, why);
  return /PROXY|TUNNEL/.test(why) ? texts.updates.proxy(why) : why;
}

async function tell(window: BrowserWindow | undefined, message: string, detail?: string): Promise<void> {
  const options = { type: 'info' as const, message, ...(detail === undefined ? {} : { detail }) };
  if (window === undefined) await dialog.showMessageBox(options);
  else await dialog.showMessageBox(window, options);
}

async function ask(window: BrowserWindow | undefined, message: string, accept: string): Promise<boolean> {
  const options = {
    type: 'info' as const,
    message,
    buttons: [words.later, accept],
    defaultId: 0,
    cancelId: 0,
  };
  const answer =
    window === undefined
      ? await dialog.showMessageBox(options)
      : await dialog.showMessageBox(window, options);
  return answer.response === 1;
}

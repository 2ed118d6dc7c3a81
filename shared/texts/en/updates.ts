/** What "Check for Updates…" says. */
export const updates = {
  none: 'Latchkey is up to date.',
  notHere: 'This installation doesn’t update itself. Ask whoever installed it.',
  failed: 'Latchkey could not check for updates.',
  certificate: (host: string, code: string): string =>
    `The certificate of ${host} is not trusted here (${code}). If it comes from your company, name the certificate of its authority as CA file in Settings → Network.`,
  proxy: (code: string): string =>
    `The proxy did not let it through (${code}). Check the proxy in Settings → Network.`,
  available: (version: string | number): string => `Latchkey ${version} is available.`,
  download: 'Download',
  ready: (version: string | number): string => `Latchkey ${version} is ready to install.`,
  restart: 'Restart now',
  later: 'Later',
};

/**
 * Fuses keep Node's inspector and environment variables out of a packaged app, but not Chromium's own remote debugging:
 * with it any program of the same user could drive the unlocked window. A packaged app therefore refuses to start with
 * such a switch, and with those that take Chromium's own protections away. The packaging tests build their own package whose package.json says `latchkeyTestBuild`; that file is
 * inside app.asar, so changing it is changing the app.
 */
import { readFileSync } from 'node:fs';
import path from 'node:path';

const refused = [
  'remote-debugging-port',
  'remote-debugging-pipe',
  'remote-debugging-address',
  'inspect',
  'inspect-brk',
  // The usual bad advice for an AppImage whose sandbox is blocked (docs/packaging.md says what to do instead).
  'no-sandbox',
  'disable-web-security',
];

type AppLike = {
  readonly isPackaged: boolean;
  getAppPath(): string;
  readonly commandLine: { hasSwitch(name: string): boolean };
};

/** The first switch of the command line that a packaged app must not be started with. */
export function refusedSwitch(app: AppLike): string | undefined {
  if (!app.isPackaged || isTestBuild(app.getAppPath())) return undefined;
  return refused.find((name) => app.commandLine.hasSwitch(name));
}

function isTestBuild(appPath: string): boolean {
  const text = readFileSync(path.join(appPath, 'package.json'), 'utf8');
  return (JSON.parse(text) as { latchkeyTestBuild?: unknown }).latchkeyTestBuild === true;
}

/**
 * Opens the app in a browser. Invariant: the launch address never stands in a command line, which every user of the
 * computer can read: a page in a file for this user alone sends the browser there.
 */
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export type RedirectFile = {
  /** Sends whoever opens the file to an address, and opens it with the system's browser. */
  readonly open: (url: string) => void;
  /** The address was opened, or is worth nothing any more. */
  readonly remove: () => void;
};

/** Runs a program apart from this one. @param onFailure told when there is no such program */
export type Launch = (command: string, args: readonly string[], onFailure: () => void) => void;

const launchDetached: Launch = (command, args, onFailure) => {
  const child = spawn(command, args, { detached: true, stdio: 'ignore' });
  child.once('error', onFailure);
  child.unref();
};

/** A browser that is packed apart (a snap) may not see the file: the address is printed besides. */
export function redirectFile(
  platform: NodeJS.Platform = process.platform,
  launch: Launch = launchDetached,
): RedirectFile {
  let dir: string | undefined;
  const remove = (): void => {
    if (dir !== undefined) rmSync(dir, { recursive: true, force: true });
    dir = undefined;
  };
  return {
    open: (url) => {
      remove();
      // 0700 and a name that nobody guesses.
      dir = mkdtempSync(join(tmpdir(), 'latchkey-open-'));
      const file = join(dir, 'open-latchkey.html');
      writeFileSync(file, pageTo(url), { mode: 0o600, flag: 'wx' });
      const [command, ...args] = openerOf(platform, file);
      // No browser here: the printed address is left.
      launch(command, args, remove);
    },
    remove,
  };
}

/** The address is made of digits, letters, `-` and `_` behind a fixed beginning: nothing in it needs escaping. */
export function pageTo(url: string): string {
  if (!/^http:\/\/127\.0\.0\.1:\d{1,5}\/#launch=[A-Za-z0-9_-]{43}$/.test(url))
    throw new Error('not a launch address');
  return `<!doctype html><meta charset="utf-8"><meta name="referrer" content="no-referrer"><meta http-equiv="refresh" content="0; url=${url}"><title>Latchkey</title>\n`;
}

function openerOf(platform: NodeJS.Platform, file: string): readonly [string, ...string[]] {
  if (platform === 'darwin') return ['open', file];
  if (platform === 'win32') return ['explorer.exe', file];
  return ['xdg-open', file];
}

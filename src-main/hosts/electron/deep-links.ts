/**
 * `latchkey://` links and `.latchkey` files, as handed over by the operating system. Any web page or mail can make
 * one, so a link only ever shows something; it is never the reason for a change, and nothing of it is put into a path,
 * a query or a message unless it matched here in full.
 */
import path from 'node:path';
import { tokenId } from '../../../shared/model/ids.ts';
import type { DesktopRequest } from '../../../shared/contract/desktop-views.ts';

/** `latchkey://token/<8 characters>` → what to show; undefined for everything else. */
export function parseDeepLink(candidate: string): DesktopRequest | undefined {
  const match = /^latchkey:\/\/token\/([0-9A-Za-z]{8})\/?$/.exec(candidate);
  const id = tokenId.safeParse(match?.[1]);
  return id.success ? { type: 'show-token', tokenId: id.data } : undefined;
}

/** What a start of the app was asked to open. */
export type Opened =
  | { readonly type: 'link'; readonly request: DesktopRequest }
  | { readonly type: 'file'; readonly path: string };

/**
 * The first link or backup file among the arguments of a start. Switches and everything unknown are skipped: the
 * arguments come from another process.
 * @param workingDirectory against which a relative file name is resolved.
 */
export function findOpened(argv: readonly string[], workingDirectory: string): Opened | undefined {
  for (const argument of argv.slice(1)) {
    if (argument.startsWith('-')) continue;
    const request = parseDeepLink(argument);
    if (request !== undefined) return { type: 'link', request };
    if (isBackupFileName(argument)) return { type: 'file', path: path.resolve(workingDirectory, argument) };
  }
  return undefined;
}

/** Whether a file's name says that it is a Latchkey backup; no scheme, no NUL. */
export function isBackupFileName(candidate: string): boolean {
  return (
    candidate.toLowerCase().endsWith('.latchkey') &&
    !candidate.includes('\0') &&
    !/^[a-z][a-z0-9+.-]+:\/\//i.test(candidate)
  );
}

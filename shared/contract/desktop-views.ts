/** What the desktop host adds to the contract: the keychain's state, and what the app was asked to show from outside. */
import { z } from 'zod';
import { tokenId } from '../model/ids.ts';
import { screens } from '../model/screens.ts';

export const keychainView = z.object({
  /**
   * `unsupported`: this host has no keychain. `unavailable`: none is running. `plain-text`: only one that does not
   * encrypt. `off`: could be set up. `on`: ready to unlock. `due`: set up, but the passphrase is due once more.
   */
  state: z.enum(['unsupported', 'unavailable', 'plain-text', 'off', 'on', 'due']),
  /** One sentence for the operator: what it means and what to do. */
  message: z.string(),
  /** e.g. `gnome_libsecret`, `kwallet5`, `keychain`, `dpapi`. */
  backend: z.string(),
});
export type KeychainView = z.infer<typeof keychainView>;

/** Menu entries that the page carries out. */
export const desktopCommand = z.enum([
  'new',
  'new-token',
  'search',
  'search-list',
  'shortcuts',
  'help',
  ...screens,
]);
export type DesktopCommand = z.infer<typeof desktopCommand>;

/** Something to show. Never something to do: a link from outside cannot change anything without a click. */
export const desktopRequest = z.discriminatedUnion('type', [
  z.object({ type: z.literal('show-token'), tokenId }),
  z.object({ type: z.literal('command'), command: desktopCommand }),
]);
export type DesktopRequest = z.infer<typeof desktopRequest>;

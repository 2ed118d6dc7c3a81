/** What the app says on its own: banners, notices after an unlock, why it asks for the passphrase. */
import { formatCount } from '../format.ts';
import { plural } from './grammar.ts';

export const alarms = {
  vault: {
    lostLines: (seen: number, found: number): string =>
      `This computer has read ${plural(seen, 'line')} of the log, but only ${formatCount(found)} ${found === 1 ? 'is' : 'are'} there. What the lost lines changed is gone.`,
    voidLines: (
      count: number,
      example: { readonly line: number; readonly why: string } | undefined,
    ): string =>
      `${plural(count, 'line')} of the log ${count === 1 ? 'has' : 'have'} no effect, because the signer was not allowed to write ${count === 1 ? 'it' : 'them'} or the content doesn’t fit${example === undefined ? '' : ` (line ${example.line}: ${example.why})`}.`,
    gone: 'The log (vault.log) is no longer where it was. Put it back.',
    shorter:
      'The last lines of the log were cut off while it was open: changes are missing. Restore the newest backup, or find out what replaced the file.',
    replaced:
      'Another log has replaced the one in use. Restore the newest backup, or find out what replaced the file.',
    unreadable: 'The disk can’t read the log (vault.log). Check the disk.',
    keyFileRestored:
      'vault.json was damaged, so its verified copy was used. The damaged file was kept next to it.',
    contentUnreadable: (seq: string | number, why: string | number): string =>
      `Line ${seq} of the log counts only by its unencrypted part; its content can’t be read (${why}).`,
    notAnchored:
      'The last change is saved, but the mark that would show its loss could not be written. Check the disk.',
    headCopyFailed: (why: string | number): string =>
      `This computer can’t remember how far the log went (${why}), so it would not notice lost lines.`,
    checkpointNewer:
      'A newer version of Latchkey left a checkpoint. This version reads the whole log instead.',
    tornTail: (bytes: string | number): string =>
      `The last write did not finish (${bytes} bytes of an incomplete line were dropped). Its change did not happen: check what you did last.`,
    completedLastLine: 'The last write was interrupted after its change was complete. The change counts.',
    checkpointFailed: (why: string | number): string =>
      `The checkpoint could not be written (${why}). The next unlock takes longer.`,
  },
  stepUp: {
    issueMore: 'to issue more tokens',
    revokeMany: (count: string | number): string => `to revoke ${count} tokens`,
    revokeMore: 'to revoke more tokens',
    importMany: (count: string | number): string => `to import ${count} tokens`,
    narrowMore: 'to take more rights from tokens',
    widenMore: 'to give more tokens more rights',
    pointElsewhere: 'to send a channel’s stored credentials to another address',
    secretIntoFile: 'to write a secret into a file',
    secretsIntoFile: 'to write secrets into a file',
    keepOtherwise: 'to change how long request logs are kept',
    gatewayAddress: 'to change the gateway’s address',
    network: 'to change the proxy or certificates, which see what is sent',
    updateFeed: 'to change where updates come from',
  },
  ownGateway: {
    nothingAnswers: (url: string | number): string =>
      `Nothing answers at ${url} now. Start the gateway before you use this.`,
    notChecked: (url: string | number): string =>
      `Latchkey could not check from this computer whether your gateway answers at ${url}.`,
  },
  follow: {
    waiting: (count: number): string =>
      `${count === 1 ? 'One change was' : `${formatCount(count)} changes were`} made elsewhere since the lock. What was revoked or removed is already enforced. New tokens and changed scopes wait until someone unlocks.`,
    notEnforced: 'Until someone unlocks, revocations made elsewhere are not enforced here.',
    gone: 'The log (vault.log) is not where it was.',
    shorter: 'The last lines of the log were cut off.',
    replaced: 'Another log has replaced the one in use.',
    unreadable: 'The disk can’t read the log (vault.log).',
    newer:
      'A newer Latchkey has upgraded the vault, so the gateway serves nothing now. Install the newer version.',
    cannotFollow: (message: string | number, unlock: string | number): string =>
      `The log can’t be followed any further: ${message} ${unlock}`,
  },
  gateway: {
    behind:
      'The gateway did not take the last change and still enforces an older state. Latchkey keeps trying. If this stays, restart the gateway.',
    /** Stands in the head of an answer: ASCII. */
    credentialsClosed: "The stored credentials for its upstream can't be opened.",
    ended: (how: string | number): string => `The gateway ended unexpectedly (${how})`,
    inARow: (deaths: string | number): string => `, ${deaths} times in a row`,
    startingAgain: 'It is starting again.',
    startsAgainIn: (waitMs: string | number): string => `It starts again in ${waitMs} seconds.`,
    couldNotStartBecause: 'The gateway could not start',
    couldNotStart: 'The gateway could not start.',
  },
  vaultService: {
    putAside: (aside: string | number): string =>
      `An organization that was never finished, or had lost its keys, was moved to ${aside}.`,
    bug: 'Something went wrong inside Latchkey.',
    headWrong:
      'The head (vault.head) names another line than the last one, or its signature is not valid. Restore it together with vault.log from a backup.',
  },
  commit: {
    notConfirmed: 'Saved, but the gateway has not confirmed it yet.',
    notAnchored:
      'Saved, but the disk did not take the mark that would show a loss of the last change. Check the disk.',
  },
  restored: {
    reason: 'Revoked again: the log was restored from an older backup',
  },
};

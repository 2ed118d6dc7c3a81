/** What errors of the vault and of files say: what is wrong, and what to do. Each is a sentence of facts, nothing more. */

const newest =
  'Nothing was changed. Restore the newest vault.log and vault.head, or let an admin accept that the later lines are lost.';
const restore = 'Restore vault.log from a backup.';
const lines = (count: number): string => `${count} ${count === 1 ? 'line' : 'lines'}`;

/** What a disk refuses. By the system's code. */
const diskReasons: Readonly<Record<string, string>> = {
  ENOSPC: 'The disk is full. Free some space, then try again.',
  EDQUOT: 'Your quota on this disk is used up. Free some space, then try again.',
  EFBIG: 'A limit on the size of files was reached. Raise the limit (`ulimit -f`), then try again.',
  EIO: 'The disk reported an input/output error. Check the disk before you go on.',
  EROFS: 'The disk is read-only. Mount it writable, then try again.',
  EACCES: 'You have no permission. Check the owner and mode of the file and its folder.',
  EPERM: 'You have no permission. Check the owner and mode of the file and its folder.',
  ENOENT: 'The file or its folder does not exist.',
  ENOTDIR: 'A part of the path is not a folder.',
  EISDIR: 'It is a folder.',
  ELOOP: 'It is a symbolic link, which is not followed here.',
  ENAMETOOLONG: 'The name is too long for this disk.',
  EMFILE: 'This program has too many files open.',
  ENFILE: 'The system has too many files open.',
  EBUSY: 'Another program keeps it open. Close that program, then try again.',
  ESTALE: 'The network drive is gone. Connect it again, then try again.',
  ETIMEDOUT: 'The network drive does not answer. Check the connection, then try again.',
  ENXIO: 'It is a socket or a device, not a file.',
  SHORT_WRITE: 'The disk took only a part of it. Free some space, then try again.',
  CHANGED: 'The disk does not give back what was written. Check the disk before you go on.',
};

const reasonOf = (reason: string): string => diskReasons[reason] ?? `The system says: ${reason}.`;

/** What was tried, by name; `path` is the file or folder. */
const diskActs = {
  read: (path: string): string => `${path} cannot be read.`,
  write: (path: string): string => `${path} could not be written.`,
  'write-unknown': (path: string): string =>
    `It is not known whether ${path} was written: look at it before you go on.`,
  'write-unchanged': (path: string): string => `${path} could not be written; nothing was changed.`,
  'folder-write': (path: string): string => `The folder ${path} cannot be written.`,
  'folder-make': (path: string): string => `The folder ${path} could not be created.`,
  remove: (path: string): string => `${path} could not be removed.`,
  'set-aside': (path: string): string => `${path} could not be put aside.`,
  'lock-open': (path: string): string => `The lock file ${path} cannot be opened.`,
  settings: (): string => 'The settings could not be saved.',
  'log-read': (): string => 'vault.log cannot be read.',
  'log-mend': (): string => 'vault.log could not be mended.',
  change: (): string => 'The change could not be written, and was not made.',
  'change-unknown': (): string =>
    'It is not known whether the change was written. Lock and unlock the organization to see.',
};
export type DiskAct = keyof typeof diskActs;

export const saidOfVault = {
  disk: (act: DiskAct, path: string, reason: string): string => `${diskActs[act](path)} ${reasonOf(reason)}`,
  writeUnconfirmed: (path: string, reason: string): string =>
    `${path} was written, but the disk did not confirm that it would survive a power cut. ${reasonOf(reason)}`,
  notRegular: (path: string, kind: string): string =>
    `${path} is a ${kind}, not a file. Choose a regular file.`,
  fileTooLarge: (path: string, maxBytes: number): string =>
    `${path} is larger than such a file ever is (${maxBytes} bytes).`,
  fileExists: (path: string): string => `${path} already exists. Replace it, or choose another name.`,
  locksMissing: (system: string): string =>
    `File locks are not available on this system (${system}), so nothing was changed. Use the app or the command line on Linux with glibc, macOS or Windows, on x64 or arm64.`,
  noFileLocks: (path: string): string =>
    `The file system of ${path} has no locks that hold between programs, so two of them could damage the vault. Nothing was changed. Move the data folder to a local disk.`,
  busy: (program?: string, pid?: number, host?: string): string =>
    `${program ?? 'Another program'}${pid === undefined ? '' : ` (process ${pid}${host === undefined ? '' : ` on ${host}`})`} is writing to this vault. Wait for it or end it, then try again.`,

  locked: (): string => 'The organization is locked. Unlock it and try again.',
  noVault: (): string => 'There is no organization in this folder yet. Create one first.',
  vaultExists: (): string =>
    'There is already an organization in this folder. Unlock it, or choose another folder.',
  logExists: (): string =>
    'This folder already holds a vault.log without its keys. Choose another folder, or put its vault.json back.',
  wrongPassphrase: (): string =>
    'That passphrase does not open this vault. Check Caps Lock and the keyboard layout, then try again.',
  conflict: (): string =>
    'Someone else changed this at the same time. Look at it again, then repeat your change.',
  logGone: (): string =>
    'vault.log is gone. Put it back, or connect its disk again, then unlock the organization.',
  cannotCut: (): string =>
    'The change was not made: an unfinished write at the end of vault.log could not be removed. Check the disk, then try again.',
  cannotLock: (dir: string): string => `${dir} cannot be locked for writing.`,
  noSlot: (): string => 'Your key slot is no longer in vault.json. Restore vault.json from a backup.',
  keyFileGone: (): string => 'vault.json is gone. Restore it from a backup.',

  lineDamaged: (line: number, why: string): string =>
    `Line ${line} of the log is damaged: ${why}. Nothing was changed. ${restore}`,
  lineTooLong: (line: number): string =>
    `Line ${line} of the log is longer than a line may be. Nothing was changed. ${restore}`,
  lineMissing: (line: number): string =>
    `Line ${line} of the log is missing: the log became shorter since it was opened. ${restore}`,
  lineClosed: (line: number): string => `Line ${line} of the log no longer opens.`,
  endTooLong: (): string =>
    `The end of vault.log is damaged: it is longer than a line may be. Nothing was changed. ${restore}`,
  logEmpty: (): string => 'vault.log is missing or empty. Restore it from a backup.',
  logShorter: (): string =>
    'Lines at the end of vault.log are gone since it was read. Put the newest vault.log back, then unlock again.',
  logReplaced: (): string =>
    'vault.log is another file since it was read. Put the newest vault.log back, then unlock again.',
  otherLog: (): string => 'Another log has replaced the one that was followed.',
  otherKeys: (): string => 'vault.json belongs to another vault than its keys do. Restore it from a backup.',
  keyFilesDamaged: (): string =>
    'vault.json is damaged, and so is its copy vault.backup.json. Nothing was changed. Restore one of them from a backup of your own.',
  denialsDamaged: (path: string): string =>
    `${path} is damaged, so what lost lines revoked is no longer known. Delete it to go on, then check what must stay revoked.`,
  headCopyDamaged: (path: string): string =>
    `${path} is damaged, so this computer no longer knows how far it has read the log. Make sure that vault.log is the newest one, then delete that file.`,
  credentialsDamaged: (): string =>
    'Stored credentials do not open for this channel and its address. Enter them again.',
  rolledBack: (seenLines: number, foundLines: number): string =>
    foundLines < seenLines
      ? `This computer has already read ${lines(seenLines)} of this vault; the one here now ${foundLines === 0 ? 'is empty' : `ends after ${lines(foundLines)}`}. An older copy stands in its place, or lines were cut off. ${newest}`
      : `This computer has already read this vault up to line ${seenLines}; the one here now goes another way. ${newest}`,
  newerLog: (format: number, supported: number): string =>
    `A newer Latchkey has written to this vault (format ${format}; this one reads up to ${supported}). Nothing is wrong with it, and nothing was changed. Update Latchkey on this computer, then unlock again.`,
  newerKeyFile: (format: number, supported: number): string =>
    `vault.json has format ${format}; this Latchkey reads up to ${supported}. Update Latchkey on this computer, then unlock again.`,
  keyNotHeld: (key: string): string =>
    `You do not hold the organization’s key “${key}”. Ask an admin to grant it to you again.`,
  noKeyForYou: (): string =>
    'The log holds no key that opens it for you. Ask an admin to grant you the organization’s keys again.',
  writesStopped: (reason: string): string =>
    `Nothing was changed: ${reason}. The vault can be read, but not written. Lock it, restore vault.log from a backup, and unlock again.`,
  kdfOutOfBounds: (parameter: string, value: number, min: number, max: number): string =>
    `vault.json asks for ${parameter} = ${value} to derive the key; ${min} to ${max} is accepted. Someone else changed the file: restore it from a backup.`,
  mayNotWrite: (why: string): string => `You may not make this change: ${why}.`,
  unstorable: (why: string): string => `The change cannot be stored: ${why}.`,
  changeTooLarge: (): string => 'The change is too large for one step. Make it in several smaller ones.',
  acceptNeedsAdmin: (): string =>
    'Only an admin can accept that lines of the log are lost. Ask an admin to unlock here first.',
  credentialsNeedAdmin: (): string =>
    'Only admins hold the key to upstream credentials. Ask an admin to do this.',
  newestFormat: (supported: number): string =>
    `The log already has the newest format that this version knows (${supported}).`,
  checkCancelled: (): string => 'The check was cancelled before it was done.',
};

import path from 'node:path';
import { app, dialog } from 'electron';
import type { BrowserWindow, MessageBoxOptions } from 'electron';
import { texts } from '../../../shared/texts/texts.ts';
import { escapeText } from '../../../shared/model/text.ts';
import type { BackupFileReport } from './backup-file.ts';

const words = texts.desktop.dialogs;

/**
 * The system's save dialog. The suggested name comes from the page's choice of export, so only its last part is used.
 * Returns the chosen path, or undefined when the operator cancelled. The system asks before it overwrites.
 */
export async function chooseSavePath(
  window: BrowserWindow | undefined,
  suggestedName: string,
): Promise<string | undefined> {
  const options = {
    title: words.save,
    defaultPath: path.join(app.getPath('documents'), path.basename(suggestedName)),
    properties: [
      'createDirectory' as const,
      'showOverwriteConfirmation' as const,
      'showHiddenFiles' as const,
    ],
  };
  const answer = await (window === undefined
    ? dialog.showSaveDialog(options)
    : dialog.showSaveDialog(window, options));
  return answer.canceled || answer.filePath === '' ? undefined : answer.filePath;
}

/** The system's dialog for a folder or a file that there is. Returns its path, or undefined when the operator cancelled. */
export async function choosePath(
  window: BrowserWindow | undefined,
  what: 'folder' | 'file',
): Promise<string | undefined> {
  const options = {
    properties: [
      what === 'folder' ? ('openDirectory' as const) : ('openFile' as const),
      'showHiddenFiles' as const,
      'dontAddToRecent' as const,
    ],
  };
  const answer = await (window === undefined
    ? dialog.showOpenDialog(options)
    : dialog.showOpenDialog(window, options));
  return answer.canceled ? undefined : answer.filePaths[0];
}

/** Whether edits on the page may be lost. Closing the question keeps them. */
export async function askToDiscard(window: BrowserWindow): Promise<boolean> {
  const { title, text, keep, discard } = texts.parts.discard;
  const { response } = await dialog.showMessageBox(window, {
    type: 'warning',
    message: title,
    detail: text,
    buttons: [keep, discard],
    defaultId: 0,
    cancelId: 0,
  });
  return response === 1;
}

/** Tells what a `.latchkey` file is. Nothing is restored from it. */
export async function showBackupFile(
  window: BrowserWindow | undefined,
  report: BackupFileReport,
): Promise<void> {
  const options: MessageBoxOptions = { ...backupFileText(report), buttons: ['OK'] };
  await (window === undefined ? dialog.showMessageBox(options) : dialog.showMessageBox(window, options));
}

/** The words for a backup file, apart from the dialog so that they can be tested. */
export function backupFileText(
  report: BackupFileReport,
): Pick<MessageBoxOptions, 'type' | 'message' | 'detail'> {
  switch (report.kind) {
    case 'backup':
      return {
        type: 'info',
        message: words.backup(report.name),
        detail: words.backupText(report.organization ?? words.unknown, report.madeAt ?? words.unknown),
      };
    case 'unknown':
      return {
        type: 'warning',
        message: words.notBackup(report.name),
        detail: words.notBackupText,
      };
    case 'unreadable':
      return {
        type: 'warning',
        message: words.unreadable(report.name),
        detail: words.unreadableText,
      };
  }
}

/** Start-up failed: says why and what to do, then the process ends. Works before the app is ready too. */
export function showStartFailure(error: unknown): void {
  const reason = error instanceof Error ? error.message : String(error);
  console.error('latchkey: could not start:', escapeText(reason));
  dialog.showErrorBox(words.noStart, words.noStartText(reason));
}

/** The About window of the system, with the versions that a bug report needs. */
export function showAbout(version: string): void {
  const { electron, chrome, node } = process.versions;
  app.setAboutPanelOptions({
    applicationName: 'Latchkey',
    applicationVersion: version,
    version: `Electron ${electron}, Chromium ${chrome}, Node.js ${node}`,
    copyright: words.copyright,
  });
  app.showAboutPanel();
}

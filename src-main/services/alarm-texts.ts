/** The words for what a vault says about itself: banners that stay, and sentences that are shown once. */
import { assertNever } from '../../shared/assert-never.ts';
import type { VaultAlarmView } from '../../shared/contract/session-views.ts';
import type { OpenReport, VaultAlarm, VoidLines } from '../vault/vault-api.ts';

const restore = 'Restore the newest backup, or find out what replaced the file.';
const lostBy: Readonly<
  Record<Extract<VaultAlarm, { kind: 'log-lost' }>['how'], Pick<VaultAlarmView, 'code' | 'message'>>
> = {
  gone: {
    code: 'log-gone',
    message: 'The log (vault.log) is no longer where it was. Put it back.',
  },
  shorter: {
    code: 'lines-lost',
    message: `The last lines of the log were cut off while it was open: changes are missing. ${restore}`,
  },
  replaced: {
    code: 'log-replaced',
    message: `Another log has replaced the one that was followed. ${restore}`,
  },
  unreadable: {
    code: 'log-gone',
    message: 'The disk does not hand out the log (vault.log). Check the disk.',
  },
};

/** Banners, each once however often it was raised. */
export function alarmViews(
  alarms: readonly VaultAlarm[],
  voidLines: VoidLines,
  report: OpenReport | undefined,
): VaultAlarmView[] {
  const views = alarms.flatMap((alarm) => viewOf(alarm) ?? []);
  if (voidLines.count > 0) views.push(voidView(voidLines));
  if (report?.restoredKeyFile === true) {
    views.push({
      code: 'key-file-restored',
      message: 'vault.json was damaged, so its verified copy was used. The damaged file was kept beside it.',
      stopsWrites: false,
    });
  }
  return [...new Map(views.map((view) => [`${view.code} ${view.message}`, view])).values()];
}

/** What stays until it is mended; undefined for what is said once, or has a banner of its own. */
function viewOf(alarm: VaultAlarm): VaultAlarmView | undefined {
  switch (alarm.kind) {
    case 'lost-lines':
      return {
        code: 'lines-lost',
        message: `This computer has read ${alarm.seenSeq + 1} lines of the log, and ${alarm.foundSeq + 1} are there. What the lost lines changed is gone.`,
        stopsWrites: false,
      };
    case 'log-lost':
      return { ...lostBy[alarm.how], stopsWrites: true };
    case 'damaged-line':
      return {
        code: 'earlier-line-damaged',
        message: alarm.why,
        stopsWrites: true,
      };
    case 'unreadable-content':
      return {
        code: 'void-lines',
        message: `Line ${alarm.seq + 1} of the log counts only by its unencrypted part; its content cannot be read (${alarm.why}).`,
        stopsWrites: false,
      };
    case 'not-anchored':
      return {
        code: 'not-anchored',
        message:
          'The last change is saved, but the mark that protects it from being lost unnoticed could not be written. Check the disk.',
        stopsWrites: false,
      };
    case 'head-copy-failed':
      return {
        code: 'state-folder-unusable',
        message: `This computer cannot remember how far the log went (${alarm.why}), so it would not notice lost lines.`,
        stopsWrites: false,
      };
    case 'checkpoint-newer':
      return {
        code: 'checkpoint-newer',
        message: 'A newer version of Latchkey left a checkpoint; this one reads the whole log instead.',
        stopsWrites: false,
      };
    // Counted over all of them.
    case 'void-line':
    case 'log-found':
    case 'torn-tail':
    case 'completed-last-line':
    case 'head-repaired':
    case 'checkpoint-failed':
    case 'key-file':
      return undefined;
    default:
      return assertNever(alarm);
  }
}

function voidView({ count, lines }: VoidLines): VaultAlarmView {
  const [first] = lines;
  const example = first === undefined ? '' : `, for example line ${first.seq + 1}: ${first.why}`;
  return {
    code: 'void-lines',
    message: `${count} line${count === 1 ? '' : 's'} of the log ${count === 1 ? 'has' : 'have'} no effect, because the signer might not write ${count === 1 ? 'it' : 'them'} or the content does not fit${example}.`,
    stopsWrites: false,
  };
}

/** What is said once after an unlock. */
export function noticesOf(alarms: readonly VaultAlarm[]): string[] {
  return alarms.flatMap((alarm) => noticeOf(alarm) ?? []);
}

function noticeOf(alarm: VaultAlarm): string | undefined {
  if (alarm.kind === 'torn-tail') {
    return `The last write did not finish (${alarm.bytes} bytes of an incomplete line were dropped). The change it was for did not happen: check your last action.`;
  }
  if (alarm.kind === 'completed-last-line') {
    return 'The last write was interrupted after its change was complete. The change counts.';
  }
  if (alarm.kind === 'key-file') return alarm.why;
  return alarm.kind === 'checkpoint-failed'
    ? `The checkpoint could not be written (${alarm.why}); the next unlock takes longer.`
    : undefined;
}

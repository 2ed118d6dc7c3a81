/** The words for what a vault says about itself: banners that stay, and sentences that are shown once. */
import { assertNever } from '../../shared/assert-never.ts';
import type { VaultAlarmView } from '../../shared/contract/session-views.ts';
import type { OpenReport, VaultAlarm, VoidLines } from '../vault/vault-api.ts';
import { texts } from '../../shared/texts/texts.ts';

const words = texts.alarms.vault;

const lostBy: Readonly<
  Record<Extract<VaultAlarm, { kind: 'log-lost' }>['how'], Pick<VaultAlarmView, 'code' | 'message'>>
> = {
  gone: {
    code: 'log-gone',
    message: words.gone,
  },
  shorter: {
    code: 'lines-lost',
    message: words.shorter,
  },
  replaced: {
    code: 'log-replaced',
    message: words.replaced,
  },
  unreadable: {
    code: 'log-gone',
    message: words.unreadable,
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
      message: words.keyFileRestored,
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
        message: words.lostLines(alarm.seenSeq + 1, alarm.foundSeq + 1),
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
        message: words.contentUnreadable(alarm.seq + 1, alarm.why),
        stopsWrites: false,
      };
    case 'not-anchored':
      return {
        code: 'not-anchored',
        message: words.notAnchored,
        stopsWrites: false,
      };
    case 'head-copy-failed':
      return {
        code: 'state-folder-unusable',
        message: words.headCopyFailed(alarm.why),
        stopsWrites: false,
      };
    case 'checkpoint-newer':
      return {
        code: 'checkpoint-newer',
        message: words.checkpointNewer,
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
  return {
    code: 'void-lines',
    message: words.voidLines(count, first && { line: first.seq + 1, why: first.why }),
    stopsWrites: false,
  };
}

/** What is said once after an unlock. */
export function noticesOf(alarms: readonly VaultAlarm[]): string[] {
  return alarms.flatMap((alarm) => noticeOf(alarm) ?? []);
}

function noticeOf(alarm: VaultAlarm): string | undefined {
  if (alarm.kind === 'torn-tail') {
    return words.tornTail(alarm.bytes);
  }
  if (alarm.kind === 'completed-last-line') {
    return words.completedLastLine;
  }
  if (alarm.kind === 'key-file') return alarm.why;
  return alarm.kind === 'checkpoint-failed' ? words.checkpointFailed(alarm.why) : undefined;
}

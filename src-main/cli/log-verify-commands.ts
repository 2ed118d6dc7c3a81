/** `latchkey log verify` and `latchkey log prune`. */
import type { Command } from 'commander';
import type { LogPruned, LogVerifyView } from '../../shared/contract/log-views.ts';
import { texts } from '../../shared/texts/texts.ts';
import { formatTable, print, printNotice } from './output.ts';
import { runCheck } from './run-check.ts';
import { globalOptionsOf, withUnlocked } from './session.ts';
import { sizeText } from './size-text.ts';

const words = texts.logCommands;

export function addLogVerify(log: Command): void {
  log
    .command('verify')
    .description(words.verify)
    .action((_own: object, command: Command) =>
      withUnlocked(globalOptionsOf(command), async ({ client, options }) => {
        const view = await runCheck({
          start: client.log.verify,
          status: client.log.verifyStatus,
          cancel: client.log.cancelVerify,
          onProgress: ({ checked, total }) => {
            if (!options.json && checked > 0) printNotice(words.checkedSegments(checked, total));
          },
        });
        print(options.json, view, view.problem ?? verdictOf(view));
        if (view.state !== 'done' || wrongOf(view).length > 0) process.exitCode = 1;
      }),
    );
}

export function addLogPrune(log: Command): void {
  log
    .command('prune')
    .description(words.prune)
    .option('--yes', words.yes, false)
    .action((own: { yes: boolean }, command: Command) =>
      withUnlocked(globalOptionsOf(command), async ({ client, options }) => {
        const done = own.yes ? await client.log.prune() : await client.log.planPrune();
        const { segments, bytes, persons, forRoom, doubtedClock } = done;
        const isNothing = segments === 0 && persons === 0;
        const say = own.yes ? words.pruned : words.wouldPrune;
        const lines = [
          isNothing ? words.nothingToPrune : say(segments, sizeText(bytes), persons),
          ...(forRoom === undefined
            ? []
            : [words.forRoom(forRoom.segments, sizeText(forRoom.bytes), forRoom.toMs)]),
          ...doubtLines(doubtedClock),
        ];
        print(options.json, { ...done, isDone: own.yes }, lines.join('\n'));
      }),
    );
}

export const doubtLines = (clock: LogPruned['doubtedClock']): readonly string[] =>
  clock === undefined ? [] : [texts.requestLog.clockDoubted(clock.clockMs, clock.daysLeft)];

/** How many of what is not as written. */
const wrongOf = ({ counts }: LogVerifyView): readonly string[] =>
  (['tampered', 'missing', 'damaged'] as const).flatMap((state) =>
    counts[state] === 0 ? [] : [`${counts[state]} ${words.states[state]}`],
  );

function verdictOf(view: LogVerifyView): string {
  const { total, rows, counts, macsChecked, unknownSigner, problems, problemCount } = view;
  const wrong = wrongOf(view);
  if (total === 0 && wrong.length === 0) return words.noSegments;
  const macs =
    macsChecked === 0 ? words.macsNone : macsChecked === total ? words.macsAll : words.macsSome(macsChecked);
  const lines = [
    words.verified(total, rows, counts.open, counts.retired),
    macs,
    ...(unknownSigner === 0 ? [] : [words.unknownSigner(unknownSigner)]),
    wrong.length === 0 ? words.asWritten : words.wrong(wrong),
  ];
  if (problems.length === 0) return lines.join('\n');
  const rowsOf = problems.map(({ segment, state, what }) => [segment, words.states[state], what.join(' ')]);
  const more = problemCount > problems.length ? [words.moreProblems(problemCount - problems.length)] : [];
  return [...lines, '', formatTable(words.head.problems, rowsOf), ...more].join('\n');
}

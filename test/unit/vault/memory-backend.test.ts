import { MemoryLog } from '../../support/memory-backend.ts';
import { describeBackend } from './backend-conformance.ts';

describeBackend('the log in memory, for tests', () => {
  const log = new MemoryLog();
  let kept: string[] = [];
  return {
    open: log.open,
    moveAway: () => {
      kept = log.lines;
      log.lose('gone', []);
    },
    putBack: () => log.comeBack(kept),
    shortenTo: (lines) => log.lose('shorter', log.lines.slice(0, lines)),
  };
});

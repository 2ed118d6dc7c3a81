let isDone = false;

/**
 * Makes a write beyond a limit on the size of files (`ulimit -f`) fail like any other, with EFBIG. Without this the
 * system ends the program in the middle of it. A call more does nothing.
 */
export function surviveFileSizeLimit(): void {
  if (isDone || process.platform === 'win32') return;
  isDone = true;
  process.on('SIGXFSZ', () => undefined);
}

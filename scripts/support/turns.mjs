/**
 * Output of several steps that run side by side, each of them whole: the first one's is shown as it comes, and those
 * behind it wait until it has ended.
 * @param {(text: string | Uint8Array) => void} show
 */
export function takeTurns(show) {
  const waiting = [];

  /** Shows what the first one has, and of those that ended the next one's too. */
  function flush() {
    while (waiting.length > 0) {
      const [first] = waiting;
      for (const text of first.kept.splice(0)) show(text);
      if (!first.hasEnded) return;
      waiting.shift();
    }
  }

  /** A step's own place in the row: what it writes, and that nothing more comes. */
  return function join() {
    const own = { kept: [], hasEnded: false };
    waiting.push(own);
    return {
      write: (text) => {
        own.kept.push(text);
        flush();
      },
      end: () => {
        own.hasEnded = true;
        flush();
      },
    };
  };
}

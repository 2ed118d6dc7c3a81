/** What runs inside the page: each function is sent there as its text, and refers to nothing outside of itself. */

/** Since the unlock screen is gone, and since the page began: until rows are painted. Started before either. */
export function rowsPainted(): Promise<{ readonly sinceOpenMs: number; readonly sinceStartMs: number }> {
  return new Promise((resolve) => {
    let openedAtMs: number | undefined;
    const look = () => {
      // Hidden is gone too: it stays in the document while what follows is loaded.
      const field = document.querySelector<HTMLElement>('input[type=password]');
      if (field === null || field.offsetParent === null) openedAtMs ??= performance.now();
      if (document.querySelector('tr[data-row-id]') === null) return;
      observer.disconnect();
      // A task that a frame asks for runs when that frame is done.
      requestAnimationFrame(() =>
        setTimeout(() => {
          const sinceStartMs = performance.now();
          resolve({ sinceStartMs, sinceOpenMs: sinceStartMs - (openedAtMs ?? 0) });
        }),
      );
    };
    const observer = new MutationObserver(look);
    observer.observe(document, { childList: true, subtree: true, attributes: true });
    look();
  });
}

export type Answer = { readonly ms: number; readonly longestMs: number };
type Awaiting = { answer?: Promise<Answer> };

/** Waits for the next press of a key or button, and from there until the list shows something else, painted. */
export function awaitAnswer(event: 'keydown' | 'click'): void {
  const seen = () =>
    Array.from(document.querySelectorAll('tr[data-row-id]'), (row) => row.getAttribute('data-row-id'))
      .slice(0, 12)
      .join(' ') + (document.querySelector('[role=search] [role=status]')?.textContent ?? '');
  (globalThis as Awaiting).answer = new Promise((resolve) => {
    let begunAtMs: number | undefined;
    let longestMs = 0;
    let before = '';
    const tasks = new PerformanceObserver((list) => {
      for (const { duration } of list.getEntries()) longestMs = Math.max(longestMs, duration);
    });
    const look = () => {
      if (begunAtMs === undefined || seen() === before) return;
      observer.disconnect();
      requestAnimationFrame(() =>
        setTimeout(() => {
          const ms = performance.now() - (begunAtMs ?? 0);
          // Long tasks are told of a moment later.
          setTimeout(() => {
            tasks.disconnect();
            resolve({ ms, longestMs });
          }, 60);
        }),
      );
    };
    const observer = new MutationObserver(look);
    addEventListener(
      event,
      ({ timeStamp }) => {
        begunAtMs = timeStamp;
        before = seen();
        tasks.observe({ type: 'longtask' });
        observer.observe(document, { childList: true, subtree: true, characterData: true, attributes: true });
      },
      { once: true, capture: true },
    );
  });
}

export function takeAnswer(): Promise<Answer> {
  const { answer } = globalThis as Awaiting;
  if (answer === undefined) throw new Error('nobody waits for an answer');
  return answer;
}

export type Frames = {
  readonly frames: number;
  readonly over50: number;
  readonly worstMs: number;
  /** The page's own work without a break; 0 where all was shorter than 50 ms. The rest of a frame is drawing. */
  readonly longestTaskMs: number;
  /** Frames in which some row in sight was not loaded yet. */
  readonly loading: number;
};
type Watching = { watched?: () => Frames };

/** Begins to watch frames; `stopFrames` ends it. */
export function watchFrames(): void {
  const gaps: number[] = [];
  let loading = 0;
  let longestTaskMs = 0;
  const tasks = new PerformanceObserver((list) => {
    for (const { duration } of list.getEntries()) longestTaskMs = Math.max(longestTaskMs, duration);
  });
  tasks.observe({ type: 'longtask' });
  let lastMs = performance.now();
  let isOver = false;
  const tick = () => {
    const nowMs = performance.now();
    gaps.push(nowMs - lastMs);
    lastMs = nowMs;
    if (document.querySelector('tr[aria-busy=true]') !== null) loading += 1;
    if (!isOver) requestAnimationFrame(tick);
  };
  requestAnimationFrame(tick);
  (globalThis as Watching).watched = () => {
    isOver = true;
    tasks.disconnect();
    const [, ...whole] = gaps;
    return {
      frames: whole.length,
      over50: whole.filter((ms) => ms > 50).length,
      worstMs: Math.max(0, ...whole),
      longestTaskMs,
      loading,
    };
  };
}

export function stopFrames(): Frames {
  const { watched } = globalThis as Watching;
  if (watched === undefined) throw new Error('nobody watches the frames');
  return watched();
}

/** Drags the scrollbar from the first row to the last, and says how long rows then take to be there. */
export function dragThrough(durationMs: number): Promise<number> {
  const scroller = document.querySelector('[role=table]')?.parentElement;
  if (!scroller) throw new Error('there is no table');
  const startedAtMs = performance.now();
  return new Promise((resolve) => {
    const step = () => {
      const part = Math.min(1, (performance.now() - startedAtMs) / durationMs);
      scroller.scrollTop = part * (scroller.scrollHeight - scroller.clientHeight);
      if (part < 1) requestAnimationFrame(step);
      else rest(performance.now());
    };
    const rest = (restedAtMs: number) => {
      const isThere =
        document.querySelector('tr[aria-busy=true]') === null &&
        document.querySelector('tr[data-row-id]') !== null;
      if (isThere) resolve(performance.now() - restedAtMs);
      else requestAnimationFrame(() => rest(restedAtMs));
    };
    requestAnimationFrame(step);
  });
}

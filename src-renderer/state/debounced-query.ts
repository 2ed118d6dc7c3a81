/** A question that waits until its input rests; an answer that a newer question overtook is dropped. */
export type DebouncedQuery<I> = {
  readonly ask: (input: I) => void;
  readonly cancel: () => void;
};

export function createDebouncedQuery<I, O>(options: {
  readonly delayMs: number;
  readonly read: (input: I) => Promise<O>;
  readonly onAnswer: (answer: O) => void;
  readonly onProblem: (problem: unknown) => void;
}): DebouncedQuery<I> {
  let current = 0;
  let timer: ReturnType<typeof setTimeout> | undefined;
  const cancel = () => {
    current += 1;
    clearTimeout(timer);
  };
  return {
    cancel,
    ask: (input) => {
      cancel();
      const mine = current;
      timer = setTimeout(() => {
        options.read(input).then(
          (answer) => mine === current && options.onAnswer(answer),
          (problem: unknown) => mine === current && options.onProblem(problem),
        );
      }, options.delayMs);
    },
  };
}

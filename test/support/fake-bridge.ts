/** The desktop's bridge for parts that ask the host. Import those after `fakeBridge`: they look for it when they load. */
export type Asked = { readonly method: string; readonly input: unknown };

/** @param answers by method; what is not among them is answered with an empty list */
export function fakeBridge(answers: Record<string, (input: never) => unknown>) {
  const asked: Asked[] = [];
  const never = () => () => undefined;
  Object.defineProperty(window, 'latchkey', {
    configurable: true,
    value: {
      invoke: async (method: string, input: unknown) => {
        asked.push({ method, input });
        return { ok: true, value: await (answers[method] ?? (() => []))(input as never) };
      },
      on: never,
    },
  });
  return {
    answers,
    /** The inputs of a method, oldest first. */
    inputsOf: (method: string): readonly unknown[] =>
      asked.filter((one) => one.method === method).map(({ input }) => input),
  };
}

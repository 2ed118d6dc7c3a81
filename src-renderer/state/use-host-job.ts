import { useCallback, useEffect, useRef, useState } from 'react';
import type { HostEvent, HostEventName } from '../../shared/contract/contract.ts';
import { onHostEvent } from '../client/api.ts';

/** A job of the host as the contract has it: an event tells how far it is. */
export type HostJob<N extends HostEventName> = {
  readonly event: N;
  readonly status: () => Promise<HostEvent<N>>;
  readonly start: () => Promise<HostEvent<N>>;
  readonly cancel: () => Promise<HostEvent<N>>;
};

/** A job of the host, which goes on while other screens are shown. @param job the same one at each turn */
export function useHostJob<N extends HostEventName>(
  job: HostJob<N>,
): {
  readonly view: HostEvent<N> | undefined;
  readonly problem: unknown;
  readonly start: () => void;
  readonly cancel: () => void;
} {
  const [view, setView] = useState<HostEvent<N>>();
  const [problem, setProblem] = useState<unknown>();
  /** What was told while an answer was on its way is newer than the answer. */
  const told = useRef(0);
  const ask = useCallback((call: () => Promise<HostEvent<N>>) => {
    const before = told.current;
    setProblem(undefined);
    call().then((answer) => {
      if (told.current === before) setView(answer);
    }, setProblem);
  }, []);
  useEffect(() => {
    const end = onHostEvent(job.event, (next) => {
      told.current += 1;
      setView(next);
    });
    ask(job.status);
    return end;
  }, [ask, job]);
  return {
    view,
    problem,
    start: useCallback(() => ask(job.start), [ask, job]),
    cancel: useCallback(() => ask(job.cancel), [ask, job]),
  };
}

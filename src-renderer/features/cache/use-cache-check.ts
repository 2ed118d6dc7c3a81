import { useCallback, useEffect, useRef, useState } from 'react';
import type { CacheVerifyView } from '../../../shared/contract/cache-views.ts';
import { api, onHostEvent } from '../../client/api.ts';

/** The check of every kept file: a job of the host, which goes on while other screens are shown. */
export function useCacheCheck(): {
  readonly check: CacheVerifyView | undefined;
  readonly problem: unknown;
  readonly start: () => void;
  readonly cancel: () => void;
} {
  const [check, setCheck] = useState<CacheVerifyView>();
  const [problem, setProblem] = useState<unknown>();
  /** What was told while an answer was on its way is newer than the answer. */
  const told = useRef(0);
  const ask = useCallback((call: () => Promise<CacheVerifyView>) => {
    const before = told.current;
    setProblem(undefined);
    call().then((answer) => {
      if (told.current === before) setCheck(answer);
    }, setProblem);
  }, []);
  useEffect(() => {
    const end = onHostEvent('cache.verifying', (view) => {
      told.current += 1;
      setCheck(view);
    });
    ask(api.cache.verifyStatus);
    return end;
  }, [ask]);
  return {
    check,
    problem,
    start: useCallback(() => ask(api.cache.verify), [ask]),
    cancel: useCallback(() => ask(api.cache.cancelVerify), [ask]),
  };
}

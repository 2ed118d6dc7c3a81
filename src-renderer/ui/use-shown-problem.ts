import type { RefObject } from 'react';
import { useEffect, useRef } from 'react';

/**
 * Scrolls to the first thing that is said to be wrong, after each refusal: a long form may have it out of sight.
 * @returns the ref for the form
 */
export function useShownProblem(error: unknown): RefObject<HTMLFormElement | null> {
  const form = useRef<HTMLFormElement>(null);
  useEffect(() => {
    if (error === undefined) return;
    form.current
      ?.querySelector('.lk-field-error, .mantine-InputWrapper-error, [role="alert"]')
      ?.scrollIntoView({ block: 'nearest' });
  }, [error]);
  return form;
}

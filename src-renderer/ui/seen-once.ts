import { useEffect, useState } from 'react';

/**
 * A box for what is seen once. React keeps the props and closures of the drawing before this one, also of what is no longer
 * shown: a secret among them would stay in memory until something else is drawn. So the box is handed on, and emptied.
 */
export type SeenOnce<T> = { value: T | undefined };

export const seenOnce = <T>(value: T): SeenOnce<T> => ({ value });

/**
 * What is in a box; empties it when the component that asks is gone.
 * @throws Error when it was emptied before: a box is for one showing
 */
export function useSeenOnce<T>(box: SeenOnce<T>): T {
  const [value] = useState(box.value);
  useEffect(
    () => () => {
      box.value = undefined;
    },
    [box],
  );
  if (value === undefined) throw new Error('This was shown already.');
  return value;
}

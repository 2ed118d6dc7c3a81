import { useEffect, useId } from 'react';
import { create } from 'zustand';

const useLayers = create<{ readonly open: readonly string[] }>()(() => ({ open: [] }));

/** Whether this layer is the topmost: Escape closes one layer, not all that are open. */
export function useIsTop(): boolean {
  const id = useId();
  useEffect(() => {
    useLayers.setState(({ open }) => ({ open: [...open, id] }));
    return () => useLayers.setState(({ open }) => ({ open: open.filter((entry) => entry !== id) }));
  }, [id]);
  return useLayers(({ open }) => open.at(-1) === id);
}

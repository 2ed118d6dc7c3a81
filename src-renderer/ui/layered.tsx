import { useEffect, useId } from 'react';
import { Drawer, Modal } from '@mantine/core';
import type { DrawerProps, ModalProps } from '@mantine/core';
import { create } from 'zustand';

const useLayers = create<{ readonly open: readonly string[] }>()(() => ({ open: [] }));

/** Whether this layer is the topmost: Escape closes one layer, not all that are open. */
function useIsTop(): boolean {
  const id = useId();
  useEffect(() => {
    useLayers.setState(({ open }) => ({ open: [...open, id] }));
    return () => useLayers.setState(({ open }) => ({ open: open.filter((entry) => entry !== id) }));
  }, [id]);
  return useLayers(({ open }) => open.at(-1) === id);
}

/** A dialog that may lie over others. */
export function LayerModal(props: ModalProps) {
  return <Modal {...props} closeOnEscape={useIsTop()} />;
}

/** A drawer under which dialogs may open. */
export function LayerDrawer(props: DrawerProps) {
  return <Drawer {...props} closeOnEscape={useIsTop()} />;
}

import { create } from 'zustand';

/** Whether the host still answers. What the page knows of its state is old while it does not. */
export const useConnection = create<{ readonly isReachable: boolean }>()(() => ({ isReachable: true }));

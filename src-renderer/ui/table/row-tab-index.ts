import { createContext, use } from 'react';

/** Whether the controls of a row are in the order of Tab; those of one row are. */
export const RowTabIndex = createContext<0 | -1>(0);

/** For controls in the cells of a row. */
export const useRowTabIndex = (): 0 | -1 => use(RowTabIndex);

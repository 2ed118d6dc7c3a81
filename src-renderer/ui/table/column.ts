import type { ReactNode } from 'react';

export type CellValue = string | number | boolean | null;

/** One column of a table. */
export type Column<T> = {
  /** Stands in addresses, settings and files. */
  readonly id: string;
  readonly title: string;
  /** 0 is the name, which never goes. Of the others the highest number folds into the second line first. */
  readonly priority: number;
  /** What it needs, rem. */
  readonly width: number;
  /** Its share of the room that is left; 1 unless given. */
  readonly grow?: number;
  /** Numbers stand to the right. */
  readonly isNumber?: boolean;
  /** @param opener for the name: what opens the row, as a link */
  readonly cell: (row: T, opener: ReactNode) => ReactNode;
  /** What it is searched, sorted and written into files by. */
  readonly value: (row: T) => CellValue;
  /** Whether it can be sorted by, and in which direction at first. */
  readonly sort?: 'ascending' | 'descending';
  /** Shown once somebody chooses it. */
  readonly isExtra?: boolean;
};

export type Sort = { readonly id: string; readonly descending: boolean };

/** Rows by their place: a whole list, or what is loaded of a longer one. */
export type RowSource<T> = {
  readonly total: number;
  /** Undefined while it is loaded. */
  readonly at: (index: number) => T | undefined;
  /** The rows in sight, both ends included. */
  readonly onVisible?: (first: number, last: number) => void;
};

/** Rows that can be picked, and what the box above them picks. */
export type RowSelection<T> = {
  readonly isSelected: (row: T) => boolean;
  /** @param isRange from the row that was picked before up to this one */
  readonly onSelect: (index: number, on: boolean, isRange: boolean) => void;
  readonly page: 'none' | 'some' | 'all';
  /** What the box above says to those who cannot see it, as in "Select 200 tokens on this page". */
  readonly pageLabel: string;
  readonly onSelectPage: (on: boolean) => void;
};

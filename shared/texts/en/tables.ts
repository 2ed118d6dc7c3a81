/** Tables: what every list has. */
import { formatCount } from '../format.ts';

/** Lists are named in the plural. */
const oneOf = (many: string): string => (many.endsWith('ies') ? `${many.slice(0, -3)}y` : many.slice(0, -1));

export const tables = {
  actions: 'Actions',
  select: (name: string): string => `Select ${name}`,
  selectPage: (count: number, many: string): string => `Select ${formatCount(count)} ${many} on this page`,
  selected: (count: number): string => `${formatCount(count)} selected`,
  pageSelected: (count: number): string => `${formatCount(count)} on this page selected`,
  selectAll: (count: number, many: string): string => `Select all ${formatCount(count)} matching ${many}`,
  allSelected: (count: number): string => `All ${formatCount(count)} matching selected`,
  allButSelected: (count: number, except: number): string =>
    `${formatCount(count)} selected: all matching but ${formatCount(except)}`,
  clearSelection: 'Clear selection',
  selectedRows: (many: string): string => `Selected ${many}`,
  searchIn: (many: string): string => `Search ${many}`,
  clearFilters: 'Clear filters',
  clear: (name: string): string => `Clear ${name}`,
  nothingFound: 'Nothing with this name.',
  noneMatching: (many: string): string => `No matching ${many}`,
  tryOther: 'Change the search or the filters.',
  /** `1 policy`, `5 policies`, `1 of 5 policies`. */
  count: (shown: string, total: string | undefined, many: string): string =>
    total === undefined || total === shown
      ? `${shown} ${shown === '1' ? oneOf(many) : many}`
      : `${shown} of ${total} ${many}`,
  view: {
    button: 'Columns',
    title: 'Columns and density',
    columns: 'Columns',
    alwaysShown: 'Always shown',
    up: (name: string): string => `Move ${name} up`,
    down: (name: string): string => `Move ${name} down`,
    density: 'Density',
    comfortable: 'Comfortable',
    compact: 'Compact',
    sortBy: 'Sort by',
    notSorted: 'As it comes',
    ascending: 'Ascending',
    descending: 'Descending',
    reset: 'Use the standard arrangement',
  },
  views: {
    button: 'Views',
    title: 'Saved views',
    none: 'No saved views yet. Search, filter or sort, then save the view under a name.',
    name: 'Name',
    save: 'Save this view',
    replace: 'Replace this view',
    remove: (name: string): string => `Remove the view ${name}`,
    rename: (name: string): string => `Rename the view ${name}`,
    taken: 'Another view has this name.',
    full: 'There are 50 views. Remove one first.',
  },
  file: {
    button: 'Export',
    csv: 'CSV…',
    json: 'JSON…',
    title: (many: string): string => `Save ${many} as a file`,
    whole: (count: number, many: string): string => `${formatCount(count)} ${many}, as the table shows them.`,
    path: 'Path',
    pathHint: 'Inside your home folder. Only you will be able to read the file.',
    save: 'Save',
    replace: 'Replace file',
    exists: 'This file exists already',
    existsText: 'Replacing it cannot be undone.',
    done: (rows: number, path: string): string => `Saved ${formatCount(rows)} rows as ${path}.`,
  },
};

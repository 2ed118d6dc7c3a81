/** What is selected: rows that were picked, or all that match but some. It says what it covers, loaded or not. */
export type Selection =
  | { readonly by: 'rows'; readonly ids: ReadonlySet<string> }
  | { readonly by: 'all'; readonly except: ReadonlySet<string> };

export const noSelection: Selection = { by: 'rows', ids: new Set() };
export const allMatching: Selection = { by: 'all', except: new Set() };

export const isSelected = (selection: Selection, id: string): boolean =>
  selection.by === 'rows' ? selection.ids.has(id) : !selection.except.has(id);

/** @param total of all that match */
export const selectedCount = (selection: Selection, total: number): number =>
  selection.by === 'rows' ? selection.ids.size : Math.max(0, total - selection.except.size);

/** Picks rows, or takes them out again. */
export function select(selection: Selection, ids: Iterable<string>, on: boolean): Selection {
  const changed = new Set(selection.by === 'rows' ? selection.ids : selection.except);
  const isAdded = selection.by === 'rows' ? on : !on;
  for (const id of ids) {
    if (isAdded) changed.add(id);
    else changed.delete(id);
  }
  return selection.by === 'rows' ? { by: 'rows', ids: changed } : { by: 'all', except: changed };
}

/** What the box above all rows shows. */
export function stateOfPage(selection: Selection, page: readonly string[]): 'none' | 'some' | 'all' {
  const count = page.filter((id) => isSelected(selection, id)).length;
  if (page.length > 0 && count === page.length) return 'all';
  return count > 0 || (selection.by === 'rows' && selection.ids.size > 0) ? 'some' : 'none';
}

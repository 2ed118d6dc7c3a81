/** Holders in the order of their names, kept from commits as the tokens are. */
import type { Holder } from '../../shared/model/domain.ts';
import type { HolderId } from '../../shared/model/ids.ts';
import type { DomainEvent } from '../organization/events.ts';
import type { OrganizationState } from '../organization/state.ts';
import type { Change } from '../vault/vault-api.ts';
import { SortedList } from './sorted.ts';

/** Taken in within a few milliseconds. */
const rowsPerStep = 4096;

type Row = { readonly holder: Holder; readonly name: string; readonly text: string };

export class HolderIndex {
  readonly #rows: Map<HolderId, Row>;
  readonly #byName: SortedList<Row>;

  private constructor(rows: Map<HolderId, Row>, byName: SortedList<Row>) {
    this.#rows = rows;
    this.#byName = byName;
  }

  /** The index of a state, a few milliseconds at a time. What is committed meanwhile is to be applied afterwards. */
  static *inSteps(state: OrganizationState): Generator<void, HolderIndex> {
    const rows = new Map<HolderId, Row>();
    for (const holder of state.holders.values()) {
      rows.set(holder.id, rowOf(holder));
      if (rows.size % rowsPerStep === 0) yield;
    }
    return new HolderIndex(rows, yield* SortedList.inSteps([...rows.values()], compare));
  }

  apply({ entries, state }: Pick<Change<OrganizationState, DomainEvent>, 'entries' | 'state'>): void {
    const touched = new Set<HolderId>();
    for (const { event } of entries) {
      if (event.type === 'holder.created' || event.type === 'holder.changed') touched.add(event.holder.id);
    }
    const removed: Row[] = [];
    const added: Row[] = [];
    for (const id of touched) {
      const before = this.#rows.get(id);
      const holder = state.holders.get(id);
      if (before !== undefined) removed.push(before);
      if (holder === undefined) continue;
      const row = rowOf(holder);
      added.push(row);
      this.#rows.set(id, row);
    }
    this.#byName.update(removed, added);
  }

  /** By name; with a search those whose name, kind or note has every word. */
  find(search: string): readonly Holder[] {
    const words = search
      .toLowerCase()
      .split(/\s+/)
      .filter((word) => word !== '');
    const rows = this.#byName.items;
    const found =
      words.length === 0 ? rows : rows.filter(({ text }) => words.every((word) => text.includes(word)));
    return found.map(({ holder }) => holder);
  }
}

function rowOf(holder: Holder): Row {
  const name = holder.name.toLowerCase();
  return { holder, name, text: `${name}\n${holder.kind}\n${holder.note.toLowerCase()}` };
}

const byText = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
const compare = (a: Row, b: Row): number =>
  byText(a.name, b.name) || byText(a.holder.kind, b.holder.kind) || byText(a.holder.id, b.holder.id);

/**
 * Which lists are read again, and when. Invariant: a list is read only while the screen shows something of it that has
 * changed, at most once at a time, and never for a line of the log that was taken in already. What is not on the screen
 * is remembered as stale and read when it is shown.
 */
import type { HostEvent, Topic } from '../../shared/contract/contract.ts';
import type { Screen } from './route.ts';

/** Why something on the screen may be out of date: a topic of the vault, or the usage that the gateway counts. */
export type Cause = Topic | 'usage';

/** One line of the table: on these screens the list shows what these causes change. */
export type Shows<L extends string> = {
  readonly list: L;
  readonly causes: readonly Cause[];
  readonly on: readonly Screen[] | 'every';
};

export type Reloader<L extends string> = {
  /** The vault is open: everything is stale. @param seq up to which line the vault was known before any list is read */
  readonly begin: (seq: number | undefined) => void;
  /** The vault was locked. */
  readonly end: () => void;
  /** The host said that the vault changed. */
  readonly change: (event: HostEvent<'vault.changed'>) => void;
  /** Something outside the log changed. */
  readonly touch: (cause: Cause) => void;
  /** The list dropped what it had. */
  readonly renew: (list: L) => void;
  /** After a gap in the host's events: if the vault went on meanwhile, everything is stale. */
  readonly compare: (seq: number) => void;
  /** Another screen is shown. */
  readonly show: () => void;
};

export function createReloader<L extends string>(options: {
  readonly table: readonly Shows<L>[];
  /** Must not reject: a list keeps its own problem. */
  readonly read: (list: L) => Promise<void>;
  readonly screen: () => Screen;
  /** Hears every cause once, with the line that brought it: for what is read by components. */
  readonly onCauses: (causes: readonly Cause[], seq: number | undefined) => void;
}): Reloader<L> {
  const { table, read, screen, onCauses } = options;
  const lists = [...new Set(table.map((row) => row.list))];
  const all = [...new Set(table.flatMap((row) => row.causes))];
  const stale = new Map<L, Set<Cause>>();
  const reading = new Set<L>();
  let isOpen = false;
  let seen: number | undefined;
  /** Answers to what an earlier session asked start nothing. */
  let session = 0;

  const causesOf = (list: L, shown: Screen | undefined) =>
    table.flatMap(({ list: of, causes, on }) =>
      of === list && (shown === undefined || on === 'every' || on.includes(shown)) ? causes : [],
    );

  const flush = () => {
    if (!isOpen) return;
    for (const list of lists) {
      const pending = stale.get(list);
      if (pending === undefined || reading.has(list)) continue;
      if (causesOf(list, screen()).some((cause) => pending.has(cause))) start(list);
    }
  };
  const start = (list: L) => {
    const mine = session;
    stale.delete(list);
    reading.add(list);
    void read(list).finally(() => {
      if (mine !== session) return;
      reading.delete(list);
      flush();
    });
  };
  const mark = (causes: readonly Cause[]) => {
    for (const list of lists) {
      const own = causesOf(list, undefined).filter((cause) => causes.includes(cause));
      if (own.length > 0) stale.set(list, new Set([...(stale.get(list) ?? []), ...own]));
    }
  };
  const note = (causes: readonly Cause[]) => {
    mark(causes);
    onCauses(causes, seen);
    flush();
  };

  return {
    begin: (seq) => {
      session += 1;
      isOpen = true;
      seen = seq;
      reading.clear();
      stale.clear();
      mark(all);
      onCauses([], seen);
      flush();
    },
    end: () => {
      session += 1;
      isOpen = false;
      seen = undefined;
      reading.clear();
      stale.clear();
    },
    change: ({ seq, topics }) => {
      if (!isOpen || (seen !== undefined && seq <= seen)) return;
      seen = seq;
      note(topics);
    },
    touch: (cause) => {
      if (isOpen) note([cause]);
    },
    renew: (list) => {
      stale.set(list, new Set(causesOf(list, undefined)));
      flush();
    },
    compare: (seq) => {
      if (!isOpen || seq === seen) return;
      seen = seq;
      note(all);
    },
    show: flush,
  };
}

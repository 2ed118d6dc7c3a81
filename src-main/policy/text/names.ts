/** What names in a text mean. */
import type { PolicyRule } from '../../../shared/model/policy-rules.ts';

export type NamedKind = 'team' | 'environment' | 'channel';
export type Names = {
  /** The id of a name; undefined: there is none. */
  idOf(kind: NamedKind, name: string): string | undefined;
  /** The name of an id; the id itself where that is gone. */
  nameOf(kind: NamedKind, id: string): string;
  /** All names, to guess what was meant. */
  all(kind: NamedKind): readonly string[];
};

type Table = { values(): Iterable<{ readonly id: string; readonly name: string }> };

/** Those of an organization. */
export function namesIn(state: {
  readonly teams: Table;
  readonly environments: Table;
  readonly channels: Table;
}): Names {
  const tables = { team: state.teams, environment: state.environments, channel: state.channels };
  const made = new Map<NamedKind, { ids: Map<string, string>; names: Map<string, string> }>();
  const of = (kind: NamedKind) => {
    let known = made.get(kind);
    if (known === undefined) {
      const entries = [...tables[kind].values()];
      known = {
        ids: new Map(entries.map(({ id, name }) => [name, id])),
        names: new Map(entries.map(({ id, name }) => [id, name])),
      };
      made.set(kind, known);
    }
    return known;
  };
  return {
    idOf: (kind, name) => of(kind).ids.get(name),
    nameOf: (kind, id) => of(kind).names.get(id) ?? id,
    all: (kind) => [...of(kind).ids.keys()],
  };
}

/** Any name is one: for texts that are looked at without an organization, as a CI job does. */
export function anyNames(): Names {
  const ids = new Map<string, string>();
  const names = new Map<string, string>();
  return {
    idOf(kind, name) {
      const key = `${kind} ${name}`;
      const known = ids.get(key);
      if (known !== undefined) return known;
      // A name may have characters that an id may not.
      const id = `${kind}-${ids.size}`;
      ids.set(key, id);
      names.set(id, name);
      return id;
    },
    nameOf: (_kind, id) => names.get(id) ?? id,
    all: (kind) =>
      [...ids.keys()].filter((key) => key.startsWith(`${kind} `)).map((key) => key.slice(kind.length + 1)),
  };
}

/** Which members a rule of each type has in a text, in the order in which they are written. */
export const ruleMembers: { readonly [T in PolicyRule['type']]: readonly string[] } = {
  tokens: ['maxTtlDays', 'networksRequired'],
  channels: ['channels'],
  packages: ['list', 'specs'],
  vulnerabilities: [
    'atLeast',
    'unknown',
    'exploitedOnly',
    'epssAtLeast',
    'liftedBy',
    'fixedOnly',
    'graceDays',
    'noFacts',
  ],
  malware: ['noFacts'],
  licenses: ['list', 'ids', 'unknown'],
  age: ['minDays', 'unknown'],
  status: ['denied', 'supersededAfterDays', 'silentYears'],
  platform: ['subdirs', 'wheelTags', 'sdists'],
  labels: ['required', 'denied'],
  namespace: ['names', 'channels'],
  satisfiable: [],
};

/** What the screens of teams, environments, channels and policies have in common. */
import { capital, listed } from './grammar.ts';

type Use = { readonly kind: string; readonly name: string };

const manyOf: Readonly<Record<string, string>> = {
  team: 'teams',
  environment: 'environments',
  channel: 'channels',
  policy: 'policies',
};

/** `policies a and b, channel main`. */
const uses = (all: readonly Use[]): string =>
  [...new Set(all.map(({ kind }) => kind))]
    .map((kind) => {
      const names = all.filter((use) => use.kind === kind).map(({ name }) => name);
      return `${names.length === 1 ? kind : (manyOf[kind] ?? kind)} ${listed(names)}`;
    })
    .join(', ');

const of = (one: string, many: string) => ({
  many,
  new: `New ${one}`,
  remove: {
    title: `Remove ${one}`,
    removed: (name: string): string => `Removed ${one} ${name}.`,
    removedFrom: (name: string, from: readonly Use[]): string =>
      `Removed ${one} ${name}, and took it out of ${uses(from)}.`,
    /** Before and after the name, which is set apart. */
    ask: [`Remove ${one} `, '? The audit log keeps its history.'] as const,
    /** What goes on without it. */
    takenOut: (from: readonly Use[]): string => `This also takes it out of ${uses(from)}.`,
    /** What names nothing else, and so stands in the way. */
    inTheWay: (by: readonly Use[]): string =>
      by.length === 1
        ? `${capital(uses(by))} is for this ${one} only. Give it another ${one}, or remove it first.`
        : `${capital(uses(by))} are for this ${one} only. Give them another ${one}, or remove them first.`,
  },
});

export const lists = {
  of: {
    teams: of('team', 'teams'),
    environments: of('environment', 'environments'),
    channels: of('channel', 'channels'),
    policies: of('policy', 'policies'),
  },
  uses,
  remove: 'Remove',
};

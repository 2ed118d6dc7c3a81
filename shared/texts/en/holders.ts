/** Holders: who or what uses tokens. */
import { plural } from './grammar.ts';

export const holders = {
  title: 'Holders',
  lead: 'People, services, and agents that use tokens. A holder is added with its first token.',
  many: 'holders',
  search: 'Name, note…',
  name: 'Name',
  kind: 'Kind',
  kinds: { person: 'Person', service: 'Service', agent: 'Agent' },
  tokens: 'Active tokens',
  note: 'Note',
  created: 'Added',
  empty: 'No holders yet',
  emptyText: 'Issue a token: its holder is added with it.',
  issue: 'Issue token',
  rename: 'Rename…',
  renameName: (name: string): string => `Rename ${name}`,
  renameDialog: {
    title: { person: 'Rename person', service: 'Rename service', agent: 'Rename agent' },
    save: 'Save',
    saved: (name: string): string => `Saved ${name}.`,
    effect: (activeTokens: number): string =>
      activeTokens === 0
        ? 'The audit log keeps the old name.'
        : `${plural(activeTokens, 'active token')} will show the new name. The audit log keeps the old one.`,
  },
  itsTokens: 'Tokens',
  allTokens: 'Show in Tokens',
  noTokens: 'This holder has no tokens.',
  bad: 'This address does not name a holder.',
};

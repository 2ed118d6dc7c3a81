/** One token, and what can be done with it. */
export const tokenPage = {
  title: 'Token',
  titleOf: (holder: string): string => `Token of ${holder}`,
  /** As in "Copied id." */
  id: 'id',
  copyId: 'Copy id',
  exportConfig: 'Export config…',
  test: 'Test this token…',
  edit: 'Edit…',
  rotate: 'Rotate…',
  revoke: 'Revoke…',
  usage: {
    title: 'Usage',
    none: 'Not used yet. Clients and addresses appear here after the first install.',
    lastUsed: 'Last used',
    /** Before the address, which is set apart; without both where only the request log knows it. */
    lastBy: (when: string, client: string): string => (client === '' ? when : `${when} by ${client}`),
    from: ' from ',
    firstUsed: 'First used',
    requests: 'Requests',
    counts: (allowed: string, denied: string, bytes: string): string =>
      `${allowed} allowed, ${denied} denied, ${bytes} sent`,
    clients: 'Clients',
    client: 'Client',
    address: 'Address',
    lastSeen: 'Last seen',
  },
  changeHolder: 'Change the holder',
  editNote: 'Edit the note',
  where: 'Where it is used',
  noAddress: 'The gateway has no address yet',
  allRequests: (count: number): string =>
    count === 1 ? 'Show the recent request' : `Show the ${count} recent requests`,
};

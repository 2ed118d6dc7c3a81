/** One token, and what can be done with it. */
export const tokenPage = {
  changeHolder: 'Change the holder',
  editNote: 'Edit the note',
  where: 'Where it is used',
  noAddress: 'The gateway has no address yet',
  allRequests: (count: number): string =>
    count === 1 ? 'Show the recent request' : `Show the ${count} recent requests`,
};

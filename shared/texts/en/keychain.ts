/** "Unlock with this computer": what its state means. Refusals are in `said.ts`. */
export const keychain = {
  off: 'This computer can keep what unlocks the organization in its own keychain.',
  on: (days: number): string =>
    `Unlocks with this computer; asks for the passphrase every ${days} ${days === 1 ? 'day' : 'days'}.`,
};

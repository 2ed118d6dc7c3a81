/** By what tokens are told apart and sorted: for the contract, and for a command line that starts without its schemas. */
export const tokenStates = ['requested', 'active', 'expiring', 'expired', 'revoked'] as const;
export const tokenSortKeys = [
  'holder',
  'team',
  'environment',
  'state',
  'issued',
  'expires',
  'last-used',
  'issued-by',
  'note',
  'id',
] as const;

/** What policies said to requests, of one token or of all. */
export const policyUses = {
  title: 'What policies said',
  policy: 'Policy',
  what: 'Effect',
  whats: { blocked: 'Blocked', observed: 'Observed only', hidden: 'Newer version hidden' },
  rule: 'Rule',
  packages: 'Last packages',
  count: 'Requests',
  last: 'Last',
  none: 'No policy spoke about its requests.',
  /** A line of a terminal. */
  line: (use: {
    readonly what: 'blocked' | 'observed' | 'hidden';
    readonly policyName: string;
    readonly count: number;
    readonly packages: readonly string[];
  }): string => `${use.policyName}: ${counted[use.what](use.count)} (${use.packages.join(', ')})`,
};

const counted = {
  blocked: (count: number): string => `blocked ${count}`,
  observed: (count: number): string => `would have blocked ${count}, observed only`,
  hidden: (count: number): string => `hid a newer version ${count} times`,
};

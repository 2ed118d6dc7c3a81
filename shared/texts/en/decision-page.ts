/** The gateway's page about one decision, for a developer who has only its id. */
export const decisionPage = {
  unknown: 'No such decision: it was too long ago, or the gateway was restarted since',
  title: (name: string, version: string): string => `${name} ${version} is blocked by policy`,
  nearest: (version: string): string => `Version ${version} is allowed.`,
  madeAt: (when: string, id: string): string =>
    `Decision ${id} of ${when}. Whoever looks after your policies can say more with this id.`,
};

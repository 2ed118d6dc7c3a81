/** The screens of the app, in the order of the navigation: for addresses, menus and the palette. */
export const screens = [
  'overview',
  'tokens',
  'holders',
  'channels',
  'teams',
  'environments',
  'policies',
  'packages',
  'advisories',
  'facts',
  'gateway',
  'activity',
  'cache',
  'settings',
] as const;
export type Screen = (typeof screens)[number];

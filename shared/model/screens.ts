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
  'settings',
] as const;
export type Screen = (typeof screens)[number];

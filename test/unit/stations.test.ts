import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { stations } from '../support/stations/stations.ts';

const features = join(import.meta.dirname, '..', '..', 'src-renderer', 'features');

/** Not reached from the sample organization in a browser; what they are made of is looked at elsewhere. */
const elsewhere: Readonly<Record<string, string>> = {
  'channels/map-folder-dialog': 'only for a channel whose folder this computer does not know',
  'settings/vault-section': 'only for a vault of an older format',
  'settings/keychain': 'only in the desktop app with a keychain',
  'shell/passphrase-dialog': 'only in a session that the keychain opened',
};

/** Files that open a dialog or a drawer. */
function openers(): string[] {
  return readdirSync(features, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.tsx'))
    .filter((file) =>
      /<(?:Overlay|FormOverlay|ConfirmDialog)\s/.test(readFileSync(join(features, file), 'utf8')),
    )
    .map((file) => file.replaceAll('\\', '/').replace(/\.tsx$/, ''));
}

describe('the stations of the interface', () => {
  const shown = Object.values(stations)
    .flat()
    .flatMap((station) => station.shows ?? []);

  it('show every dialog and drawer that there is, or it is said why not', () => {
    expect([...new Set([...shown, ...Object.keys(elsewhere)])].sort()).toEqual(openers().sort());
  });

  it('have a name of their own on their screen', () => {
    for (const its of Object.values(stations))
      expect(new Set(its.map(({ name }) => name)).size).toBe(its.length);
  });
});

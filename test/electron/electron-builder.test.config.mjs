// The release configuration, packing the Electron that the tests could obtain. Only what that Electron makes necessary
// differs, and each difference is listed here; packaging.spec.ts checks the release configuration itself.
import { chmodSync, readFileSync } from 'node:fs';
import { path7za } from '7zip-bin';
import { parse } from 'yaml';

// electron-builder makes every archive with a 7-Zip that it downloads at build time. The one in the lock file does as
// well, and needs no network; npm unpacks it without its execute bit.
if (!process.env.ELECTRON_BUILDER_7ZIP_PATH) {
  if (process.platform !== 'win32') chmodSync(path7za, 0o755);
  process.env.ELECTRON_BUILDER_7ZIP_PATH = path7za;
}

const release = parse(readFileSync('electron-builder.yml', 'utf8'));
const { LATCHKEY_TEST_ELECTRON_DIST: dist, LATCHKEY_TEST_ELECTRON_VERSION: version } = process.env;
const isOld = Number(version.split('.')[0]) < 29;
const { grantFileProtocolExtraPrivileges, ...fuses } = release.electronFuses;

// electron-builder reads the default export.
// oxlint-disable-next-line import/no-default-export
export default {
  ...release,
  directories: { ...release.directories, output: process.env.LATCHKEY_PACK_OUTPUT },
  electronDist: dist,
  electronVersion: version,
  // Electron 22 does not have this fuse yet, and electron-builder stops at a fuse that is not there.
  electronFuses: isOld ? fuses : { ...fuses, grantFileProtocolExtraPrivileges },
  files: [
    ...release.files,
    // The boot files bring the old Electron's Node up to date, in the main process and in the gateway's.
    ...(isOld
      ? [
          '!dist/main/{gateway,document-worker,facts-worker,log-worker,log-store-worker}.cjs',
          { from: process.env.LATCHKEY_PACK_BOOT, to: 'dist/main', filter: ['*.cjs'] },
        ]
      : []),
  ],
  extraMetadata: {
    ...(isOld ? { main: 'dist/main/boot.cjs' } : {}),
    // Allows the DevTools port by which the packaged app is driven (hosts/electron/debug-switches.ts).
    ...(process.env.LATCHKEY_PACK_DRIVABLE === '1' ? { latchkeyTestBuild: true } : {}),
  },
};

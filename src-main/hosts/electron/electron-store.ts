import ElectronStore from 'electron-store';
import type { OpenJsonFile } from '../../services/settings-store.ts';

/** electron-store on `<dataDir>/<name>.json`: the same file that the command line opens with conf. */
export const openElectronStore: OpenJsonFile = (dataDir, name) =>
  new ElectronStore({
    cwd: dataDir,
    name,
    // Never: it replaces a file that does not validate by defaults, without a copy.
    clearInvalidConfig: false,
    configFileMode: 0o600,
  });

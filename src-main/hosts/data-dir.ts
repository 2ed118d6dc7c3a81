import { homedir } from 'node:os';
import { join } from 'node:path';

/** Where the app keeps its data: the folder that Electron calls `userData`, so that all three hosts share one vault. */
export function defaultDataDir(
  env: NodeJS.ProcessEnv = process.env,
  platform: string = process.platform,
): string {
  const given = env['LATCHKEY_DATA_DIR'];
  if (given !== undefined && given !== '') return given;
  if (platform === 'win32') return join(env['APPDATA'] ?? join(homedir(), 'AppData', 'Roaming'), 'Latchkey');
  if (platform === 'darwin') return join(homedir(), 'Library', 'Application Support', 'Latchkey');
  return join(env['XDG_CONFIG_HOME'] ?? join(homedir(), '.config'), 'Latchkey');
}

declare const __LATCHKEY_VERSION__: string | undefined;

/** The version that the build put in; `dev` when run from source. */
export const appVersion: string = typeof __LATCHKEY_VERSION__ === 'string' ? __LATCHKEY_VERSION__ : 'dev';

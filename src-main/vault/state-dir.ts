import { homedir } from 'node:os';
import { isAbsolute, join } from 'node:path';

/**
 * Where this computer remembers what it has seen, for this user: outside the data folder, so that neither a restored
 * backup of it nor whoever may write the vault brings the memory back to an earlier day.
 */
export function defaultStateDir(
  env: NodeJS.ProcessEnv = process.env,
  platform: string = process.platform,
): string {
  const given = env['LATCHKEY_STATE_DIR'];
  if (given !== undefined && given !== '') return given;
  if (platform === 'win32')
    return join(env['LOCALAPPDATA'] || join(homedir(), 'AppData', 'Local'), 'Latchkey', 'State');
  if (platform === 'darwin') return join(homedir(), 'Library', 'Application Support', 'Latchkey State');
  // A relative path there is to be ignored, says the XDG specification.
  const stateHome = env['XDG_STATE_HOME'] ?? '';
  return join(isAbsolute(stateHome) ? stateHome : join(homedir(), '.local', 'state'), 'latchkey');
}

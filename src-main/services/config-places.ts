/** Where a client looks for configurations on this computer, from the most general place on, and what stands there. */
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { ConfigKind } from '../../shared/contract/doctor-views.ts';
import { LatchkeyError } from '../../shared/errors.ts';
import { readRegularFile } from '../disk/read-file.ts';
import { maxConfigChars } from '../doctor/examine.ts';
import { fromVariables } from '../doctor/variables.ts';
import type { OtherConfig } from '../doctor/types.ts';

export type Computer = {
  readonly platform: NodeJS.Platform;
  readonly home: string;
  readonly env: Readonly<Record<string, string | undefined>>;
};

/** Paths by the documented rules of pip 26, conda 26 and uv 0.13. */
export function configPlaces(kind: ConfigKind, computer: Computer): readonly string[] {
  const { home, env, platform } = computer;
  const isWindows = platform === 'win32';
  const systemDirs = (env['XDG_CONFIG_DIRS'] ?? '/etc/xdg').split(':').filter((dir) => dir !== '');
  const programData = env['PROGRAMDATA'] ?? String.raw`C:\ProgramData`;
  const userDir = isWindows
    ? (env['APPDATA'] ?? join(home, 'AppData', 'Roaming'))
    : (env['XDG_CONFIG_HOME'] ?? join(home, '.config'));
  const named = (name: string) => (env[name] === undefined || env[name] === '' ? [] : [env[name]]);
  switch (kind) {
    case 'pip-conf': {
      const file = isWindows ? 'pip.ini' : 'pip.conf';
      return [
        ...(isWindows
          ? [join(programData, 'pip', file)]
          : platform === 'darwin'
            ? [join('/Library/Application Support/pip', file)]
            : [...systemDirs.map((dir) => join(dir, 'pip', file)), '/etc/pip.conf']),
        join(home, isWindows ? 'pip' : '.pip', file),
        ...(platform === 'darwin' ? [join(home, 'Library/Application Support/pip', file)] : []),
        join(userDir, 'pip', file),
        ...named('VIRTUAL_ENV').map((dir) => join(dir, file)),
        ...named('PIP_CONFIG_FILE'),
      ];
    }
    case 'condarc':
      return [
        ...(isWindows ? [join(programData, 'conda')] : ['/etc/conda', '/var/lib/conda'])
          .concat(named('CONDA_ROOT'))
          .concat([join(userDir, 'conda'), join(home, '.config', 'conda'), join(home, '.conda')])
          .flatMap((dir) => [join(dir, '.condarc'), join(dir, 'condarc'), join(dir, 'condarc.d')]),
        join(home, '.condarc'),
        ...named('CONDA_PREFIX').flatMap((dir) => [
          join(dir, '.condarc'),
          join(dir, 'condarc'),
          join(dir, 'condarc.d'),
        ]),
        ...named('CONDARC'),
      ];
    case 'uv-toml':
      return [
        ...(isWindows
          ? [join(programData, 'uv', 'uv.toml')]
          : [...systemDirs.map((dir) => join(dir, 'uv', 'uv.toml')), '/etc/uv/uv.toml']),
        join(userDir, 'uv', 'uv.toml'),
        ...named('UV_CONFIG_FILE'),
      ];
    case 'netrc':
      return [...(isWindows ? [join(home, '_netrc')] : []), join(home, '.netrc'), ...named('NETRC')];
  }
}

/** What stands in those places, the given file left out; a folder (`condarc.d`) is read file by file. */
export async function otherConfigs(
  kind: ConfigKind,
  computer: Computer,
  own: string,
): Promise<readonly OtherConfig[]> {
  const found: OtherConfig[] = [];
  const places = new Set(configPlaces(kind, computer));
  places.delete(own);
  for (const place of places) {
    for (const path of place.endsWith('condarc.d') ? await filesIn(place) : [place]) {
      const content = await textOf(path);
      if (content !== undefined) found.push({ path, content });
    }
  }
  return [...found, ...fromVariables(kind, computer, own)];
}

async function filesIn(dir: string): Promise<readonly string[]> {
  try {
    const names = await readdir(dir);
    return names
      .filter((name) => /\.ya?ml$/.test(name))
      .toSorted()
      .map((name) => join(dir, name));
  } catch {
    // Most of these folders are not there.
    return [];
  }
}

async function textOf(path: string): Promise<string | undefined> {
  try {
    return (await readRegularFile(path, { maxBytes: maxConfigChars })).toString('utf8');
  } catch (error) {
    if (error instanceof LatchkeyError) return undefined;
    throw error;
  }
}

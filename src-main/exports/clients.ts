/** The versions with which exports were tried; docs/clients.md says what was run. */
import type { Tried } from './types.ts';
import { texts } from '../../shared/texts/texts.ts';

const says = texts.exportFormats.tried;

export const clients = {
  conda: { client: 'conda', version: '26.8' },
  hatch: { client: 'hatch', version: '1.18.2' },
  jupyterhub: { client: 'jupyterhub', version: '6.1.1' },
  keyring: { client: 'keyring', version: '25.7.0' },
  pdm: { client: 'pdm', version: '2.29.4' },
  pip: { client: 'pip', version: '26.3' },
  oldPip: { client: 'pip', version: '22.3.1' },
  pipTools: { client: 'pip-tools', version: '7.6.2' },
  pipenv: { client: 'pipenv', version: '2026.10.3' },
  poetry: { client: 'poetry', version: '2.5.1' },
  rattler: { client: 'py-rattler', version: '0.28.0' },
  uv: { client: 'uv', version: '0.13.9' },
} as const;

export const notRun = 'not run: parsed by its documented rules';

/** One line for a header or a screen. */
export function triedText(tried: Tried): string {
  return tried === notRun
    ? says.notRunHere
    : says.triedWith(tried.map(({ client, version }) => `${client} ${version}`).join(', '));
}

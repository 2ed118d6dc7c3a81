/**
 * Environment variables for CI: the same settings for pip, uv, conda and rattler, as a file to source in a shell and
 * as a `.env` file, whose readers (docker, GitLab, dotenv) take everything after the `=` as it is.
 */
import { condaChannelEntry } from './condarc.ts';
import {
  channelNames,
  commonNotes,
  condaAlias,
  condaUrlWithToken,
  headerComment,
  simpleUrl,
  simpleUrlWithToken,
} from './parts.ts';
import { pipTrustedHost } from './pip.ts';
import { rattlerAuthFileName } from './rattler.ts';
import type { ExportInput, RenderedExport } from './types.ts';
import { uvCredentialVariables } from './uv.ts';

/** The variables by name. uv's indexes carry no token: uv takes it from UV_INDEX_<NAME>_PASSWORD, out of its messages. */
export function ciVariables(input: ExportInput): ReadonlyMap<string, string> {
  const variables = new Map<string, string>();
  const pypi = channelNames(input, 'pypi');
  const conda = channelNames(input, 'conda');
  const [first, ...others] = pypi;
  const last = pypi.at(-1);
  if (first !== undefined && last !== undefined) {
    variables.set('PIP_INDEX_URL', simpleUrlWithToken(input, first));
    if (others.length > 0) {
      variables.set('PIP_EXTRA_INDEX_URL', others.map((name) => simpleUrlWithToken(input, name)).join(' '));
    }
    // A refused token must fail the job, not stop it at a prompt for a password.
    variables.set('PIP_NO_INPUT', '1');
    const trusted = pipTrustedHost(input);
    if (trusted !== undefined) variables.set('PIP_TRUSTED_HOST', trusted);
    // As in uv.toml: the default index is asked last, so the order is kept.
    const named = (name: string) => `${name}=${simpleUrl(input, name)}`;
    variables.set('UV_DEFAULT_INDEX', named(last));
    if (pypi.length > 1) variables.set('UV_INDEX', pypi.slice(0, -1).map(named).join(' '));
    for (const [name, value] of uvCredentialVariables(input)) variables.set(name, value);
  }
  if (conda.length > 0) {
    variables.set('CONDA_CHANNEL_ALIAS', condaAlias(input));
    variables.set('CONDA_CHANNELS', conda.map((name) => condaChannelEntry(input, name)).join(','));
    variables.set('CONDA_DEFAULT_CHANNELS', conda.map((name) => condaUrlWithToken(input, name)).join(','));
  }
  return variables;
}

/** A word of the POSIX shell that means exactly this text: single quotes, and `'\''` for each of them inside. */
export function shellQuote(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}

export function renderCiEnv(input: ExportInput): RenderedExport {
  const variables = [...ciVariables(input)];
  const hasConda = channelNames(input, 'conda').length > 0;
  const hasPypi = channelNames(input, 'pypi').length > 0;
  const header = headerComment(input, 'Variables', ['pip', 'uv']);
  const hint = hasConda
    ? `# rattler and pixi take the token from a file (see their export): export RATTLER_AUTH_FILE=/path/to/${rattlerAuthFileName}\n`
    : '';
  const containsSecret = input.secret !== undefined;
  const place = {
    linux: 'the secret store of the CI system, or a file that only the job can read',
    macos: 'the secret store of the CI system, or a file that only the job can read',
    windows: 'the secret store of the CI system, or a file that only the job can read',
  };
  return {
    format: 'env',
    title: 'CI: environment variables',
    summary: 'Settings for pip, uv and conda without any file in the image.',
    files: [
      {
        name: 'latchkey-env.sh',
        content: `${header}${variables.map(([name, value]) => `export ${name}=${shellQuote(value)}\n`).join('')}${hint}`,
        containsSecret,
        language: 'shell',
      },
      {
        name: 'latchkey.env',
        content: `${header}${variables.map(([name, value]) => `${name}=${value}\n`).join('')}${hint}`,
        containsSecret,
        language: 'text',
      },
    ],
    where: [place, place],
    checkCommand: hasPypi
      ? 'python -m pip install --dry-run --ignore-installed --no-deps PACKAGE'
      : 'conda install --dry-run PACKAGE',
    notes: [
      ...commonNotes(input),
      'Mark the variables as masked or protected: CI systems print the environment when a job is debugged.',
      'latchkey.env is for "docker run --env-file" and dotenv readers; in a shell, source latchkey-env.sh.',
      'These variables win over pip.conf, uv.toml and .condarc.',
    ],
    commands: [{ title: 'Set the variables in a shell', command: '. ./latchkey-env.sh' }],
  };
}

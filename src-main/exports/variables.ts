/** The settings of pip, uv and conda as environment variables, with the token in them or without it. */
import { condaSettings } from './condarc.ts';
import { channelNames, simpleUrl, simpleUrlWithToken } from './parts.ts';
import { pipTrustedHost } from './pip.ts';
import type { ExportInput } from './types.ts';
import { uvCredentialVariables } from './uv.ts';

/**
 * The variables by name; never a line break in a value. uv's indexes carry no token in either form: uv takes it from
 * UV_INDEX_<NAME>_PASSWORD or from .netrc, out of its messages.
 */
export function clientVariables(
  input: ExportInput,
  kind: 'with-token' | 'without-token',
): ReadonlyMap<string, string> {
  return new Map([...pypiVariables(input, kind), ...condaVariables(input, kind)]);
}

function pypiVariables(input: ExportInput, kind: 'with-token' | 'without-token'): [string, string][] {
  const names = channelNames(input, 'pypi');
  const [first, ...others] = names;
  const last = names.at(-1);
  if (first === undefined || last === undefined) return [];
  const url = (name: string) =>
    kind === 'with-token' ? simpleUrlWithToken(input, name) : simpleUrl(input, name);
  const trusted = pipTrustedHost(input);
  // As in uv.toml: the default index is asked last, so the order is kept.
  const named = (name: string) => `${name}=${simpleUrl(input, name)}`;
  return [
    // pip reads no file at all then, so none of the computer's can add an index; no variable can take one back.
    ['PIP_CONFIG_FILE', '/dev/null'],
    ['PIP_INDEX_URL', url(first)],
    // Empty where there are no others: what the image set before must not stay in force.
    ['PIP_EXTRA_INDEX_URL', others.map(url).join(' ')],
    // A refused token must fail the job, not stop it at a prompt for a password.
    ['PIP_NO_INPUT', '1'],
    ...(trusted === undefined ? [] : ([['PIP_TRUSTED_HOST', trusted]] as [string, string][])),
    ['UV_DEFAULT_INDEX', named(last)],
    ['UV_INDEX', names.slice(0, -1).map(named).join(' ')],
    ...(kind === 'with-token' ? uvCredentialVariables(input) : []),
  ];
}

function condaVariables(input: ExportInput, kind: 'with-token' | 'without-token'): [string, string][] {
  if (channelNames(input, 'conda').length === 0) return [];
  return Object.entries(condaSettings(input, kind))
    .filter(([name]) => name !== 'show_channel_urls')
    .map(([name, value]) => [
      `CONDA_${name.toUpperCase()}`,
      typeof value === 'object' ? value.join(',') : String(value),
    ]);
}

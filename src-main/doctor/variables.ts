/** What variables of the computer add to a file; they win over every file. */
import type { ConfigKind } from '../../shared/contract/doctor-views.ts';
import { shownAddress, withoutTokens } from './addresses.ts';
import type { OtherConfig } from './types.ts';
import { texts } from '../../shared/texts/texts.ts';

const says = texts.doctor.variables;

type Env = Readonly<Record<string, string | undefined>>;
type Computer = { readonly env: Env; readonly platform: string };

/** @param own path of the examined file */
export function fromVariables(
  kind: ConfigKind,
  { env, platform }: Computer,
  own: string,
): readonly OtherConfig[] {
  // Windows' own variables are found in any case of letters; the caller's record may be a copy of them.
  const value = (name: string) => env[name] ?? '';
  const adding = (name: string, adds: readonly string[]): OtherConfig[] =>
    adds.length === 0 ? [] : [{ path: says.variable(name), adds }];
  switch (kind) {
    case 'pip-conf':
      return [
        ...adding('PIP_CONFIG_FILE', pipConfigFile(value('PIP_CONFIG_FILE'), platform)),
        ...['PIP_INDEX_URL', 'PIP_EXTRA_INDEX_URL', 'PIP_FIND_LINKS'].flatMap((name) =>
          adding(name, pipSetting(name, value(name))),
        ),
      ];
    case 'uv-toml':
      return [
        ...adding('UV_NO_CONFIG', isOn(value('UV_NO_CONFIG')) ? [says.uvReadsNone] : []),
        ...adding('UV_CONFIG_FILE', uvConfigFile(value('UV_CONFIG_FILE'), own)),
        ...[...uvMeanings].flatMap(([name, meaning]) =>
          adding(
            name,
            words(value(name)).map((word) => `${shownAddress(uvAddress(word))} ${meaning}`),
          ),
        ),
        ...Object.keys(env)
          .filter((name) => /^UV_INDEX_.+_PASSWORD$/.test(name) && value(name) !== '')
          .flatMap((name) => adding(name, [says.credentials])),
      ];
    case 'condarc':
      return [
        ...['CONDA_CHANNELS', 'CONDA_CHANNEL'].flatMap((name) =>
          adding(
            name,
            listed(value(name)).map((channel) => says.channel(shownAddress(channel))),
          ),
        ),
        ...adding(
          'CONDA_CHANNEL_ALIAS',
          listed(value('CONDA_CHANNEL_ALIAS')).map((url) => says.lookedUp(shownAddress(url))),
        ),
        ...adding(
          'CONDA_DEFAULT_CHANNELS',
          listed(value('CONDA_DEFAULT_CHANNELS')).map((channel) => says.asDefaults(shownAddress(channel))),
        ),
      ];
    case 'netrc':
      return [];
  }
}

/** uv's variables of indexes, and when what they name is asked. */
const uvMeanings = new Map([
  ['UV_INDEX', says.before],
  ['UV_EXTRA_INDEX_URL', says.before],
  ['UV_DEFAULT_INDEX', says.last],
  ['UV_INDEX_URL', says.last],
  ['UV_FIND_LINKS', says.page],
]);

function pipSetting(name: string, value: string): readonly string[] {
  const key = name.slice('PIP_'.length).toLowerCase().replaceAll('_', '-');
  const addresses = words(value).map(shownAddress);
  return addresses.length === 0 ? [] : [`${key} = ${addresses.join(' ')}`];
}

/** The null device there means no file at all. */
function pipConfigFile(value: string, platform: string): readonly string[] {
  const isNull = platform === 'win32' ? value.toLowerCase() === 'nul' : value === '/dev/null';
  return isNull ? [says.pipReadsNone] : [];
}

function uvConfigFile(value: string, own: string): readonly string[] {
  return value === '' || value === own ? [] : [says.uvReadsOther(withoutTokens(value))];
}

/** `name=url`, or a URL alone. */
const uvAddress = (word: string): string => word.replace(/^[A-Za-z0-9._-]+=/, '');
const words = (text: string): readonly string[] => text.split(/\s+/).filter((word) => word !== '');
const listed = (text: string): readonly string[] =>
  text
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part !== '');
const isOn = (value: string): boolean => /^(1|true|yes|on)$/i.test(value);

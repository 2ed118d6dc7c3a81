import { describe, expect, it } from 'vitest';
import type { ConfigKind } from '../../../shared/contract/doctor-views.ts';
import { fromVariables } from '../../../src-main/doctor/variables.ts';
import { secret } from '../exports/input.ts';

const added = (kind: ConfigKind, env: Readonly<Record<string, string>>, platform = 'linux') =>
  fromVariables(kind, { env, platform }, '/home/ada/uv.toml').map((other) => [
    other.path.replace('the variable ', ''),
    'adds' in other ? other.adds : [],
  ]);
const token = `https://lk:${secret}@gw.example/pypi/a/simple/`;
const shown = 'https://lk:lk-01234567-****@gw.example/pypi/a/simple/';

describe('variables of the computer', () => {
  it('of pip win over the file, or leave no file at all', () => {
    expect(
      added('pip-conf', {
        PIP_INDEX_URL: token,
        PIP_EXTRA_INDEX_URL: 'https://a.example/  https://b.example/',
      }),
    ).toEqual([
      ['PIP_INDEX_URL', [`index-url = ${shown}`]],
      ['PIP_EXTRA_INDEX_URL', ['extra-index-url = https://a.example/ https://b.example/']],
    ]);
    const none = [['PIP_CONFIG_FILE', ['pip reads no pip.conf, not even this one']]];
    expect(added('pip-conf', { PIP_CONFIG_FILE: '/dev/null' })).toEqual(none);
    expect(added('pip-conf', { PIP_CONFIG_FILE: 'NUL' }, 'win32')).toEqual(none);
    expect(added('pip-conf', { PIP_CONFIG_FILE: '/etc/pip.conf', PIP_INDEX_URL: '' })).toEqual([]);
  });

  it('of uv are asked before the file or in the place of its default, or leave no file at all', () => {
    expect(
      added('uv-toml', {
        UV_INDEX: `a=${token} https://b.example/simple`,
        UV_DEFAULT_INDEX: 'c=https://c.example/simple',
        UV_INDEX_A_PASSWORD: secret,
        UV_NO_CONFIG: '1',
        UV_CONFIG_FILE: '/etc/other.toml',
      }),
    ).toEqual([
      ['UV_NO_CONFIG', ['uv reads no uv.toml, not even this one']],
      ['UV_CONFIG_FILE', ['uv reads /etc/other.toml and no other uv.toml, not even this one']],
      [
        'UV_INDEX',
        [
          `${shown} is asked before the indexes of this file`,
          'https://b.example/simple is asked before the indexes of this file',
        ],
      ],
      ['UV_DEFAULT_INDEX', ['https://c.example/simple is asked last, in place of the default index']],
      ['UV_INDEX_A_PASSWORD', ['credentials of an index, which win over .netrc']],
    ]);
    expect(added('uv-toml', { UV_CONFIG_FILE: '/home/ada/uv.toml', UV_NO_CONFIG: '0' })).toEqual([]);
  });

  it('of conda come before the channels of the files, and look names up elsewhere', () => {
    expect(
      added('condarc', {
        CONDA_CHANNELS: `forge, https://gw.example/conda/t/${secret}/main`,
        CONDA_CHANNEL_ALIAS: `https://gw.example/conda/t/${secret}`,
        CONDA_DEFAULT_CHANNELS: 'https://d.example/x',
      }),
    ).toEqual([
      [
        'CONDA_CHANNELS',
        [
          'the channel forge, before all others',
          'the channel https://gw.example/conda/t/lk-01234567-****/main, before all others',
        ],
      ],
      ['CONDA_CHANNEL_ALIAS', ['names are looked up at https://gw.example/conda/t/lk-01234567-****']],
      ['CONDA_DEFAULT_CHANNELS', ['https://d.example/x as "defaults"']],
    ]);
    expect(added('condarc', { CONDA_CHANNELS: ' , ', CONDA_DEFAULT_CHANNELS: '' })).toEqual([]);
  });
});

import { parse as parseIni } from 'ini';
import { parse as parseToml } from 'smol-toml';
import { describe, expect, it } from 'vitest';
import { parse as parseYaml } from 'yaml';
import { renderExport } from '../../../src-main/exports/render.ts';
import type { ExportInput } from '../../../src-main/exports/types.ts';
import type { ExportFormatId } from '../../../shared/model/export-formats.ts';
import { exportInput, secret } from './input.ts';

const contents = (format: ExportFormatId, changes: Partial<ExportInput> = {}) =>
  Object.fromEntries(
    renderExport(format, exportInput(changes)).files.map((file) => [file.name, file.content]),
  );
const gateway = 'https://packages.acme.example';
const withToken = `https://lk:${secret}@packages.acme.example`;

describe('.condarc', () => {
  it('keeps the order of the channels: none stands in default_channels, which is empty', () => {
    expect(parseYaml(contents('condarc')['.condarc'] ?? '')).toEqual({
      channel_alias: `${gateway}/conda/t/${secret}`,
      channels: ['main', 'bio-tools'],
      // conda labels what stands here `defaults` and of two equal builds takes the last channel's. Empty, it still
      // blocks `defaults` itself.
      default_channels: [],
      show_channel_urls: true,
    });
  });

  it('is the same without a token beside a .netrc, so that no URL of conda holds it', () => {
    const files = contents('conda-netrc');
    expect(parseYaml(files['.condarc'] ?? '')).toEqual({
      channel_alias: `${gateway}/conda`,
      channels: ['main', 'bio-tools'],
      default_channels: [],
      show_channel_urls: true,
    });
    expect(files['.netrc']).toContain(`machine packages.acme.example login lk password ${secret}\n`);
  });

  it('says that conda crashes at an IPv6 address, and only there', () => {
    for (const format of ['condarc', 'conda-netrc', 'env'] as const) {
      const notes = (gatewayUrl: string) => renderExport(format, exportInput({ gatewayUrl })).notes.join(' ');
      expect(notes('http://[::1]:8700')).toContain('IPv6');
      expect(notes(gateway)).not.toContain('IPv6');
    }
  });

  it('writes the URL of a channel whose name means something else to conda', () => {
    const channels = [{ name: 'local', kind: 'conda' as const }];
    expect(parseYaml(contents('condarc', { channels })['.condarc'] ?? '')).toMatchObject({
      channels: [`${gateway}/conda/t/${secret}/local`],
    });
  });

  it.each(['1.0', '0x10', '1e3', 'true', 'null', 'yes', 'no', '123', '2026-01-01', '0o7', '1_000'])(
    'keeps %s a text, under the rules of YAML 1.1 (which conda reads) too',
    (name) => {
      const text = contents('condarc', { channels: [{ name, kind: 'conda' }] })['.condarc'] ?? '';
      for (const version of ['1.1', '1.2'] as const) {
        expect(parseYaml(text, { version })).toMatchObject({ channels: [name] });
      }
    },
  );
});

describe('pip.conf', () => {
  it('has the first channel as index, the others as extra indexes, and asks nothing', () => {
    const indexes = {
      'index-url': `${withToken}/pypi/internal/simple/`,
      'extra-index-url': `${withToken}/pypi/pypi.mirror/simple/`,
      'find-links': '',
    };
    expect(parseIni(contents('pip-conf')['pip.conf'] ?? '')).toEqual({
      global: { ...indexes, 'no-input': true },
      install: indexes,
      download: indexes,
      wheel: indexes,
      lock: indexes,
      index: indexes,
    });
  });

  it('takes back an index of a more general file, in every section that could name one', () => {
    const one = { channels: [{ name: 'internal', kind: 'pypi' as const }] };
    for (const format of ['pip-conf', 'pip-netrc', 'pip-keyring'] as const) {
      const text = contents(format, one)['pip.conf'] ?? '';
      expect(text.match(/^extra-index-url =$/gm)).toHaveLength(6);
      expect(text.match(/^find-links =$/gm)).toHaveLength(6);
      expect(text).toContain('no-input = true');
    }
  });

  it('says where macOS looks for it, and that pip goes on after a 403', () => {
    const rendered = renderExport('pip-netrc', exportInput());
    expect(rendered.where[0]?.macos).toContain('Application Support');
    expect(rendered.where[0]?.macos).toContain('~/.config/pip/pip.conf');
    expect(rendered.notes.join(' ')).toContain(
      'After a 403 from one index, pip silently moves on to the next',
    );
    expect(rendered.notes.join(' ')).toContain('PIP_CONFIG_FILE');
  });

  it('separates several extra indexes by spaces, where pip splits them', () => {
    const channels = ['a', 'b', 'c'].map((name) => ({ name, kind: 'pypi' as const }));
    const parsed = parseIni(contents('pip-conf', { channels })['pip.conf'] ?? '');
    expect(parsed['global']['extra-index-url'].split(' ')).toEqual([
      `${withToken}/pypi/b/simple/`,
      `${withToken}/pypi/c/simple/`,
    ]);
  });

  it.each([
    ['https://packages.acme.example', undefined],
    ['http://127.0.0.1:8700', undefined],
    ['http://127.1.2.3:8700', undefined],
    ['http://localhost:8700', undefined],
    ['http://[::1]:8700', undefined],
    ['http://gateway.lan:8700', 'gateway.lan:8700'],
    ['http://127.0.0.1.evil.example', '127.0.0.1.evil.example'],
    ['http://[fd00::1]:8700', 'fd00::1'],
  ])('for %s trusts the host %s, and warns where it must', (gatewayUrl, host) => {
    const rendered = renderExport('pip-conf', exportInput({ gatewayUrl }));
    expect(parseIni(rendered.files[0]?.content ?? '')['global']['trusted-host']).toBe(host);
    expect(rendered.notes.some((note) => note.includes('plain http'))).toBe(host !== undefined);
  });

  it('leaves the secret to .netrc in the variant without it', () => {
    const files = contents('pip-netrc', { gatewayUrl: 'http://127.0.0.1:8700' });
    expect(parseIni(files['pip.conf'] ?? '')).toMatchObject({
      global: {
        'index-url': 'http://127.0.0.1:8700/pypi/internal/simple/',
        'extra-index-url': 'http://127.0.0.1:8700/pypi/pypi.mirror/simple/',
        'no-input': true,
      },
    });
    // No comment: rattler's reader takes none.
    expect(files['.netrc']).toBe(`machine 127.0.0.1 login lk password ${secret}\n`);
  });

  it('writes both forms of an IPv6 host into .netrc', () => {
    const netrc = contents('pip-netrc', { gatewayUrl: 'http://[::1]:8700' })['.netrc'] ?? '';
    expect([...netrc.matchAll(/^machine (\S+) /gm)].map((match) => match[1])).toEqual(['::1', '[::1]']);
  });
});

describe('uv.toml', () => {
  it('keeps the order of the channels, with the last one in the place of the public index', () => {
    expect(parseToml(contents('uv-toml')['uv.toml'] ?? '')).toEqual({
      index: [
        { name: 'internal', url: `${withToken}/pypi/internal/simple/`, authenticate: 'always' },
        {
          name: 'pypi.mirror',
          url: `${withToken}/pypi/pypi.mirror/simple/`,
          default: true,
          authenticate: 'always',
        },
      ],
    });
  });

  it('has a variant without the token', () => {
    const parsed = parseToml(contents('uv-login')['uv.toml'] ?? '');
    expect(parsed['index']).toMatchObject([
      { url: `${gateway}/pypi/internal/simple/` },
      { url: `${gateway}/pypi/pypi.mirror/simple/`, default: true },
    ]);
  });

  it('offers uv auth login only for addresses for which uv stores credentials', () => {
    const commands = (gatewayUrl: string) =>
      renderExport('uv-login', exportInput({ gatewayUrl })).commands.length;
    expect(commands('https://packages.acme.example')).toBe(2);
    expect(commands('http://localhost:8700')).toBe(2);
    expect(commands('http://gateway.lan:8700')).toBe(0);
  });
});

describe('rattler and pixi', () => {
  it.each([
    ['https://packages.acme.example', 'packages.acme.example'],
    ['http://127.0.0.1:8700', '127.0.0.1'],
    ['http://[::1]:8700', '[::1]'],
  ])('signs in at %s by the host %s', (gatewayUrl, host) => {
    const files = contents('rattler-auth', { gatewayUrl });
    expect(JSON.parse(files['rattler-auth.json'] ?? '')).toEqual({ [host]: { CondaToken: secret } });
    expect(parseToml(files['pixi.toml'] ?? '')).toEqual({
      workspace: { channels: [`${gatewayUrl}/conda/main`, `${gatewayUrl}/conda/bio-tools`] },
    });
  });
});

import { describe, expect, it } from 'vitest';
import { examineConfig, kindOfConfig } from '../../../src-main/doctor/examine.ts';
import { exportFormatIds } from '../../../shared/model/export-formats.ts';
import { renderExport } from '../../../src-main/exports/render.ts';
import { exportInput, secret } from '../exports/input.ts';

const gateway = 'https://packages.acme.example';
const examine = (name: string, content: string, others: { path: string; content: string }[] = []) =>
  examineConfig({ name, content }, { others }).report;
const texts = (report: ReturnType<typeof examine>, level: 'problem' | 'warning' | 'info' = 'problem') =>
  report.findings.filter((finding) => finding.level === level).map((finding) => finding.text);

describe('an exported file', () => {
  const known = exportFormatIds.flatMap((format) =>
    renderExport(format, exportInput()).files.flatMap((file) =>
      /condarc$|^pip\.conf$|^uv\.toml$|netrc$/.test(file.name) ? [[format, file.name, file.content]] : [],
    ),
  ) as [string, string, string][];

  it.each(known)(
    'of %s (%s) has no problem, is asked through the gateway, and shows no secret',
    (_, name, content) => {
      const report = examine(name, content);
      expect(texts(report)).toEqual([]);
      if (!name.endsWith('netrc')) {
        expect(report.gatewayUrl).toBe(gateway);
        expect(report.asks.length).toBe(2);
      }
      for (const ask of report.asks) expect(ask.throughGateway).toBe(true);
      expect(JSON.stringify(report)).not.toContain(secret.slice(12));
      // A file with the token is said to be copied by its client; one without is not.
      expect(report.leaks.length > 0).toBe(content.includes(secret) && !name.endsWith('netrc'));
    },
  );
});

describe('.condarc', () => {
  it('is asked in the order of its channels, names at the alias', () => {
    const report = examine(
      '.condarc',
      `channel_alias: ${gateway}/conda\nchannels: [main, ${gateway}/conda/bio]\ndefault_channels: []\n`,
    );
    expect(report.asks.map((ask) => [ask.name, ask.url])).toEqual([
      ['main', `${gateway}/conda/main`],
      ['bio', `${gateway}/conda/bio`],
    ]);
  });

  it('says that channels of default_channels lose their order', () => {
    const report = examine(
      '.condarc',
      `channel_alias: ${gateway}/conda\nchannels: [defaults]\ndefault_channels: [main, public]\n`,
    );
    expect(texts(report).join(' ')).toMatch(
      /every channel of default_channels "defaults".*default_channels: \[\]/,
    );
    expect(report.asks.map((ask) => ask.url)).toEqual([`${gateway}/conda/main`, `${gateway}/conda/public`]);
  });

  it.each([
    ['channels: [conda-forge]', /public/],
    ['channel_alias: https://gw.example/conda\nchannels: [main]', /no default_channels/],
    ['channel_alias: http://[::1]:8700/conda\nchannels: [main]\ndefault_channels: []', /IPv6/],
    [
      'channel_alias: https://gw.example/conda\nchannels: [linux-64-x]\ndefault_channels: []',
      /as a platform/,
    ],
    ['channels: [', /not YAML/],
    ['- a', /no settings/],
  ])('%j has a problem', (text, message) => {
    expect(texts(examine('.condarc', text)).join(' ')).toMatch(message);
  });

  it('says what other files of the computer add', () => {
    const own = `channel_alias: ${gateway}/conda\nchannels: [main]\ndefault_channels: []\n`;
    const report = examine('.condarc', own, [
      { path: '/etc/conda/.condarc', content: 'channels:\n  - https://elsewhere.example/forge\n' },
      { path: '/root/.condarc', content: 'always_yes: true\n' },
    ]);
    expect(report.others).toEqual([
      { path: '/etc/conda/.condarc', adds: ['the channel https://elsewhere.example/forge'] },
      { path: '/root/.condarc', adds: [] },
    ]);
  });
});

describe('pip.conf', () => {
  it('is read as Python reads it: values on more lines, either separator, comments at the start only', () => {
    const report = examine(
      'pip.ini',
      `\ufeff# c\n[global]\nindex-url: ${gateway}/pypi/a/simple/\nextra_index_url =\n    ${gateway}/pypi/b/simple/\n\t${gateway}/pypi/c/simple/#frag\n`,
    );
    expect(report.asks.map((ask) => ask.url)).toEqual(
      ['a', 'b', 'c'].map((name) => `${gateway}/pypi/${name}/simple/${name === 'c' ? '#frag' : ''}`),
    );
  });

  it('asks what a command’s section says, which wins over [global]', () => {
    const report = examine(
      'pip.conf',
      `[global]\nindex-url = ${gateway}/pypi/a/simple/\n[install]\nextra-index-url = https://elsewhere.example/simple\n`,
    );
    expect(report.asks.map((ask) => ask.throughGateway)).toEqual([true, false]);
    expect(texts(report)[0]).toContain('This request bypasses the gateway: https://elsewhere.example/simple');
  });

  it.each([
    ['[global]\nno-input = true\n', /no index-url/],
    ['index-url = x\n', /line 1/],
    ['[global]\nnonsense\n', /line 2/],
  ])('%j has a problem', (text, message) => {
    expect(texts(examine('pip.conf', text)).join(' ')).toMatch(message);
  });

  it('says what a more general file keeps in force, and what not', () => {
    const general = `[global]\nextra-index-url = https://elsewhere.example/simple/\n[install]\nfind-links = https://l.example/\n`;
    const others = [{ path: '/etc/pip.conf', content: general }];
    const bare = examine('pip.conf', `[global]\nindex-url = ${gateway}/pypi/a/simple/\n`, others);
    expect(bare.others[0]?.adds).toEqual([
      '[global] extra-index-url = https://elsewhere.example/simple/',
      '[install] find-links = https://l.example/',
    ]);
    expect(texts(bare, 'warning').join(' ')).toContain('extra-index-url');
    const [exported] = renderExport('pip-netrc', exportInput()).files;
    expect(examine('pip.conf', exported!.content, others).others[0]?.adds).toEqual([]);
  });
});

describe('uv.toml', () => {
  it('is asked with the default index last, and the public one where none is', () => {
    const index = (name: string, more = '') =>
      `[[index]]\nname = "${name}"\nurl = "${gateway}/pypi/${name}/simple/"\n${more}`;
    const report = examine(
      'uv.toml',
      index('a', 'default = true\n') + index('b') + index('c', 'explicit = true\n'),
    );
    expect(report.asks.map((ask) => ask.name)).toEqual(['b', 'a', 'c']);
    const without = examine('uv.toml', index('a'));
    expect(without.asks.at(-1)?.throughGateway).toBe(false);
    expect(texts(without).join(' ')).toContain('No index is the default');
    expect(texts(examine('uv.toml', '[[index')).join(' ')).toContain('not TOML');
  });
});

describe('.netrc', () => {
  it.each([
    ['machine a login b password c\nmachine a login b password d\n', /more than one entry/],
    ['default login b password c\n', /every host/],
    ['machine a:80 login b password c\n', /without its port/],
    ['machine a login b secret c\n', /its readers don’t know/],
  ])('%j has a problem', (text, message) => {
    expect(texts(examine('.netrc', text)).join(' ')).toMatch(message);
  });

  it('says that rattler reads none with a comment', () => {
    const report = examine('.netrc', '# mine\nmachine a login b password c\n');
    expect(texts(report, 'warning').join(' ')).toContain('rattler');
  });
});

describe('a file', () => {
  it.each([
    ['/x/.condarc', '', 'condarc'],
    ['C:\\x\\pip.ini', '', 'pip-conf'],
    ['uv-without-token.toml', '', 'uv-toml'],
    ['_netrc', '', 'netrc'],
    ['', 'channels:\n- a\n', 'condarc'],
    ['', '[global]\n', 'pip-conf'],
    ['', '[[index]]\n', 'uv-toml'],
    ['', 'machine a login b password c', 'netrc'],
  ])('%j with %j is a %s', (name, content, kind) => {
    expect(kindOfConfig(name, content)).toBe(kind);
  });

  it('of no known kind, or far too long, is refused without repeating it', () => {
    for (const content of ['secret text', 'x'.repeat(300_000)]) {
      expect(() => examine('', content)).toThrow(expect.objectContaining({ code: 'INVALID_INPUT' }));
    }
  });

  it.each([
    [`https://lk:${secret}@gw.example/pypi/a/simple/`],
    [`https://${secret}@gw.example/pypi/a/simple/`],
    [`https://gw.example/conda/t/${secret}/main`],
    [`https://gw.example/t/${secret}/conda/main`],
  ])('shows no secret of an address: %s', (address) => {
    for (const [name, text] of [
      ['.condarc', `channels: ['${address}']\n`],
      ['pip.conf', `[global]\nindex-url = ${address}\n`],
      ['uv.toml', `[[index]]\nurl = '${address}'\ndefault = true\n`],
    ] as const) {
      const shown = JSON.stringify(examine(name, text, [{ path: 'p', content: text }]));
      expect(shown).not.toContain(secret.slice(12));
      expect(shown).toContain('lk-01234567-****');
    }
  });
});

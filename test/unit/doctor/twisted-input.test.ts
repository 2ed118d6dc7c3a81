import { describe, expect, it } from 'vitest';
import { examineConfig, maxConfigChars } from '../../../src-main/doctor/examine.ts';
import { secret } from '../exports/input.ts';

/** Files that nobody wrote by hand: each is read to its end or refused, and shows no secret. */
const long = maxConfigChars - 1;
const names = ['.condarc', 'pip.conf', 'uv.toml', '.netrc'] as const;
const fill = (text: string) => text.repeat(Math.floor(long / text.length));

describe.each(names)('%s', (name) => {
  it.each([
    ['nothing', ''],
    ['a byte-order mark alone', '\ufeff'],
    ['opening brackets', fill('[')],
    ['nested tables', `a = ${'{a='.repeat(20_000)}`],
    ['nested lists', `channels: ${'['.repeat(20_000)}${']'.repeat(20_000)}`],
    ['deep indents', Array.from({ length: 300 }, (_, at) => `${' '.repeat(at)}a:`).join('\n')],
    ['aliases of aliases', `a: &a [x]\n${'b: [*a, *a]\n'.repeat(5_000)}`],
    [
      '`defaults` of many channels, many times',
      `default_channels:\n${'- a\n'.repeat(3_000)}channels:\n${'- defaults\n'.repeat(3_000)}`,
    ],
    ['different keys', Array.from({ length: 6_000 }, (_, at) => `a${at}: 1`).join('\n')],
    ['a value of many lines', `[global]\nindex-url =\n${'  x\n'.repeat(16_000)}`],
    ['one long line', fill('x')],
    ['empty lines', fill('\n')],
    ['entries of a .netrc', fill('machine a login b password c\n')],
    [
      'different hosts',
      Array.from({ length: 1_500 }, (_, at) => `machine h${at} login b password c`).join('\n'),
    ],
    ['sections', fill('[global]\nindex-url = x\n')],
    ['indexes', fill("[[index]]\nurl = 'x'\n")],
    ['binary', String.fromCharCode(...Array.from({ length: 4096 }, (_, at) => (at * 7) % 256))],
    ['what no UTF-8 was', '\ufffd\ufffd[global]\nindex-url = \ufffd'],
    ['names of objects', '__proto__: {channels: [a]}\nconstructor: 1\nchannels: [toString]\n'],
  ])('is read to its end, or said to be broken: %s', (_what, content) => {
    const { report } = examineConfig({ name, content }, { others: [{ path: 'other', content }] });
    expect(report.findings.length).toBeGreaterThan(0);
    expect(({} as Record<string, unknown>)['channels']).toBeUndefined();
  });

  it.each([
    ['no scheme', `lk:${secret}@gw.example/pypi/a/simple/`],
    ['a token alone', secret],
    ['a token as the query', `https://gw.example/pypi/a/simple/?token=${secret}`],
    ['a token as the fragment', `https://gw.example/pypi/a/simple/#${secret}`],
    ['a token as the host', `https://${secret}.example/`],
    ['two tokens in a path', `https://gw.example/t/${secret}/t/${secret}/x`],
    ['another scheme', `ftp://lk:${secret}@gw.example/`],
  ])('shows no secret of a broken address: %s', (_what, address) => {
    const text = {
      '.condarc': `channels: ['${address}', 'linux-64-${address}']\nchannel_alias: '${address}'\n`,
      'pip.conf': `[global]\nindex-url = ${address}\nfind-links = ${address}\n[${address}]\nindex-url = ${address}\n`,
      'uv.toml': `[[index]]\nurl = '${address}'\nname = 'x'\n`,
      '.netrc': `machine ${address} login x password y\nmachine ${address} login x password y\nmachine a:1 ${address}\n`,
    }[name];
    const { report } = examineConfig({ name, content: text }, { others: [{ path: 'other', content: text }] });
    expect(JSON.stringify(report)).not.toContain(secret.slice(12, 40));
  });
});

it.each(['channels: [a]\nchannels: [b]\n', 'channels: []\nproxy_servers: {http: a, http: b}\n'])(
  'conda stops at a key that is there twice: %s',
  (content) => {
    const { report } = examineConfig({ name: '.condarc', content });
    expect(report.findings.map(({ text }) => text)).toContain(
      'conda can’t read the file, because it is not YAML.',
    );
  },
);

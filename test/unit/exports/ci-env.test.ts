import { execFileSync } from 'node:child_process';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { shellQuote } from '../../../src-main/exports/shell-quote.ts';
import { clientVariables } from '../../../src-main/exports/variables.ts';
import { renderExport } from '../../../src-main/exports/render.ts';
import type { ExportInput } from '../../../src-main/exports/types.ts';
import { exportInput, secret } from './input.ts';

/** What a shell exports after it has read the text, without what it sets itself. */
function sourced(shellText: string): Record<string, string> {
  const printed = execFileSync('/bin/sh', ['-c', `${shellText}\nexec env -0`], {
    env: { PATH: '/usr/bin:/bin' },
  });
  const pairs = printed.toString().split('\0').filter(Boolean);
  return Object.fromEntries(
    pairs
      .map((pair): [string, string] => [pair.slice(0, pair.indexOf('=')), pair.slice(pair.indexOf('=') + 1)])
      .filter(([name]) => !['PATH', 'PWD', '_', 'OLDPWD', 'SHLVL'].includes(name)),
  );
}
const ciVariables = (input: ExportInput) => clientVariables(input, 'with-token');
const file = (input: ExportInput, name: string) =>
  renderExport('env', input).files.find((entry) => entry.name === name)?.content ?? '';

describe('variables for CI', () => {
  it('are the same in a real shell, in the .env file and in the list', () => {
    const input = exportInput({
      token: { ...exportInput().token, holderName: `'; touch /nowhere/x; echo "$(id)" \`id\` #` },
    });
    const expected = Object.fromEntries(ciVariables(input));
    expect(sourced(file(input, 'latchkey-env.sh'))).toEqual(expected);
    const lines = file(input, 'latchkey.env').trimEnd().split('\n');
    expect(
      Object.fromEntries(
        lines.map((line) => [line.slice(0, line.indexOf('=')), line.slice(line.indexOf('=') + 1)]),
      ),
    ).toEqual(expected);
  });

  it('point pip, uv and conda at the gateway', () => {
    const base = 'packages.acme.example';
    expect(Object.fromEntries(ciVariables(exportInput()))).toEqual({
      PIP_CONFIG_FILE: '/dev/null',
      PIP_INDEX_URL: `https://lk:${secret}@${base}/pypi/internal/simple/`,
      PIP_EXTRA_INDEX_URL: `https://lk:${secret}@${base}/pypi/pypi.mirror/simple/`,
      PIP_NO_INPUT: '1',
      UV_DEFAULT_INDEX: `pypi.mirror=https://${base}/pypi/pypi.mirror/simple/`,
      UV_INDEX: `internal=https://${base}/pypi/internal/simple/`,
      UV_INDEX_INTERNAL_USERNAME: 'lk',
      UV_INDEX_INTERNAL_PASSWORD: secret,
      UV_INDEX_PYPI_MIRROR_USERNAME: 'lk',
      UV_INDEX_PYPI_MIRROR_PASSWORD: secret,
      CONDA_CHANNEL_ALIAS: `https://${base}/conda/t/${secret}`,
      CONDA_CHANNELS: 'main,bio-tools',
      CONDA_DEFAULT_CHANNELS: '',
    });
  });

  it.each([
    ['conda', /^CONDA_/],
    ['pypi', /^(PIP|UV)_/],
  ] as const)('of a token for %s channels alone leave the other clients alone', (kind, names) => {
    const variables = ciVariables(exportInput({ channels: [{ name: 'one', kind }] }));
    for (const name of variables.keys()) expect(name).toMatch(names);
    // Empty rather than absent: what an image set before does not stay in force.
    for (const name of ['UV_INDEX', 'PIP_EXTRA_INDEX_URL', 'CONDA_DEFAULT_CHANNELS']) {
      expect(variables.get(name) ?? '').toBe('');
    }
  });

  it('are only NAME=value lines in latchkey.env, as GitLab’s dotenv wants them, also without the secret', () => {
    for (const given of [secret, undefined]) {
      const text = file(exportInput({ secret: given, gatewayUrl: 'http://gw.lan:8700' }), 'latchkey.env');
      for (const line of text.trimEnd().split('\n')) expect(line).toMatch(/^[A-Z][A-Z0-9_]*=[^\n#]*$/);
    }
  });

  it('carry no secret in the form that has none', () => {
    const text = JSON.stringify([...clientVariables(exportInput(), 'without-token')]);
    expect(text).not.toContain(secret.slice(12));
    expect(text).toContain('/conda"');
  });

  it('trust a plain http host for pip', () => {
    expect(ciVariables(exportInput({ gatewayUrl: 'http://gw.lan:8700' })).get('PIP_TRUSTED_HOST')).toBe(
      'gw.lan:8700',
    );
  });
});

it('quotes any text so that a real shell gives it back', () => {
  const text = fc.string({
    unit: fc.constantFrom(...Array.from(`'"\\$\`!#%&*;|<>(){}[]~ \t\naé=`)),
    maxLength: 20,
  });
  fc.assert(
    fc.property(fc.array(text, { minLength: 1, maxLength: 30 }), (texts) => {
      const words = texts.map(shellQuote).join(' ');
      const printed = execFileSync('/bin/sh', ['-c', `printf '%s\\0' ${words}`]).toString();
      expect(printed.split('\0').slice(0, -1)).toEqual(texts);
    }),
    { numRuns: 30 },
  );
});

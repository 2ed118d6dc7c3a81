import fc from 'fast-check';
import { parse as parseIni } from 'ini';
import { parse as parseToml } from 'smol-toml';
import { describe, expect, it } from 'vitest';
import { parse as parseYaml } from 'yaml';
import { renderedExport } from '../../../shared/contract/export-views.ts';
import { displayName } from '../../../shared/model/domain.ts';
import { parseToken } from '../../../src-main/tokens/format.ts';
import { placeholder } from '../../../src-main/exports/parts.ts';
import { exportFormatIds, exportFormats } from '../../../shared/model/export-formats.ts';
import { renderExport } from '../../../src-main/exports/render.ts';
import { exportInput, secret } from './input.ts';

const formats = exportFormatIds;
/** Everything but the files. */
const around = (rendered: ReturnType<typeof renderExport>) => JSON.stringify({ ...rendered, files: [] });
const comments = (content: string) => content.split('\n').filter((line) => /^(#|\/\/)/.test(line));

describe.each(formats)('the export %s', (format) => {
  it('fits the contract, and has a place for each file', () => {
    const rendered = renderExport(format, exportInput());
    expect(() => renderedExport.parse({ ...rendered, warnings: [] })).not.toThrow();
    expect(rendered.format).toBe(format);
    expect(rendered.where).toHaveLength(rendered.files.length);
    expect(new Set(rendered.files.map((file) => file.name)).size).toBe(rendered.files.length);
    expect(rendered.checkCommand).toContain('PACKAGE');
  });

  it('marks exactly the files that hold the secret, and has it nowhere else', () => {
    const rendered = renderExport(format, exportInput());
    for (const file of rendered.files) {
      expect(file.content.includes(secret)).toBe(file.containsSecret);
      for (const line of comments(file.content)) expect(line).not.toContain(secret.slice(12));
    }
    // Without a file that holds it there is a way to hand it over, said in a command or a note.
    if (!rendered.files.some((file) => file.containsSecret)) {
      expect(JSON.stringify([rendered.commands, rendered.notes])).toMatch(/token/i);
    }
    expect(around(rendered)).not.toContain(secret.slice(12));
  });

  it('has a placeholder that is no token where the secret is gone, and says so', () => {
    const rendered = renderExport(format, exportInput({ secret: undefined }));
    expect(rendered.files.every((file) => !file.containsSecret)).toBe(true);
    const hasPlaceholder = rendered.files.some((file) => file.content.includes(placeholder));
    const holdsSecret = renderExport(format, exportInput()).files.some((file) => file.containsSecret);
    expect(hasPlaceholder).toBe(holdsSecret);
    expect(rendered.notes.join(' ').includes(placeholder)).toBe(hasPlaceholder);
    expect(parseToken(placeholder).ok).toBe(false);
  });

  it('says for whom it is, until when, and what it was tried with', () => {
    for (const file of renderExport(format, exportInput()).files) {
      // JSON has no comments; some readers of NAME=value lines, and rattler's reader of .netrc, take none.
      if (['json', 'env', 'text'].includes(file.language)) continue;
      const text = comments(file.content).join('\n');
      for (const part of ['Grace Hopper', 'science', 'prod', 'Acme', 'lk-01234567', '2027-02-03']) {
        expect(text).toContain(part);
      }
      expect(text).toMatch(/Tried with \w|Not run with this system/);
    }
    expect(renderExport(format, exportInput()).notes.join(' ')).toContain('2027-02-03');
  });

  it('says where the token turns up, how to keep a proxy out of it, and whether it was run', () => {
    const rendered = renderExport(format, exportInput());
    expect(rendered.notes.join(' ')).toContain('NO_PROXY=packages.acme.example');
    expect(rendered.tried).not.toEqual([]);
    expect(exportFormats[format].group !== 'recommended' || rendered.leaks.length === 0).toBe(true);
  });

  it('means the same whatever the names of organization and holder are', () => {
    const hostile = fc
      .string({
        unit: fc.constantFrom(...Array.from(`a"'%#:;=[]{}&*!|>\\$\`-~é\u0085\u2028\u2029\u202e\ufeff`)),
        minLength: 1,
        maxLength: 40,
      })
      .filter((name) => displayName.safeParse(name).success);
    const plain = renderExport(format, exportInput());
    fc.assert(
      fc.property(hostile, hostile, (holderName, organizationName) => {
        const token = { ...exportInput().token, holderName };
        const rendered = renderExport(format, exportInput({ organizationName, token }));
        for (const [at, file] of rendered.files.entries()) {
          // ASCII: clients decode their files with the code page of the system.
          expect(file.content).toMatch(/^[\n\u0020-\u007e]*$/);
          expect(meaning(file)).toEqual(meaning(plain.files[at]!));
        }
      }),
    );
  });

  it('has the path of the gateway’s address in every URL', () => {
    const at = (gatewayUrl: string) =>
      renderExport(format, exportInput({ gatewayUrl }))
        .files.map((file) => file.content)
        .join('');
    const urls = (text: string) => text.match(/https:\/\/[^\s"',\]]+/g) ?? [];
    const below = at('https://acme.example/pkgs/latchkey/');
    for (const url of urls(below)) {
      expect(url).toMatch(/^https:\/\/(?:[^@/]+@)?acme\.example\/pkgs\/latchkey\/(?:conda|pypi)(?:\/|$)/);
    }
    expect(urls(below).length).toBe(urls(at('https://acme.example')).length);
  });

  it('is refused for a token without a channel of its kind', () => {
    const kinds: readonly string[] = exportFormats[format].kinds;
    const others = (['conda', 'pypi'] as const).filter((kind) => !kinds.includes(kind));
    const channels = others.map((kind) => ({ name: 'other', kind }));
    expect(() => renderExport(format, exportInput({ channels }))).toThrow(
      expect.objectContaining({ code: 'EXPORT_UNSUPPORTED' }),
    );
  });

  it.each([
    '',
    'gateway',
    'ftp://gw',
    "https://gw/pa'th",
    'https://gw/$(id)',
    'https://gw/a b',
    'https://gw/../a',
    'https://gw/conda',
    'https://lk:pass@gw',
    'https://gw?x',
    'https://gw#x',
    "https://gw';id;'",
    'https://gw$(id)',
    'https://gw"x',
    'https://gw\nx',
  ])('is refused for the gateway %j, without repeating it', (gatewayUrl) => {
    let error: unknown;
    try {
      renderExport(format, exportInput({ gatewayUrl }));
    } catch (thrown) {
      error = thrown;
    }
    expect(error).toMatchObject({ code: 'INVALID_INPUT' });
    expect(String(error)).not.toContain('pass@');
  });
});

describe('a name in a header', () => {
  const named = (holderName: string) => exportInput({ token: { ...exportInput().token, holderName } });

  it('chooses no encoding for Python', () => {
    const [file] = renderExport('jupyterhub', named("coding:utf-7 +AAo-print('run')#")).files;
    const [cookie] = (file?.content ?? '')
      .split('\n')
      .slice(0, 2)
      // As PEP 263 has it; the first of both lines counts.
      .flatMap((line) => /^[ \t\f]*#.*?coding[:=][ \t]*([-_.a-zA-Z0-9]+)/.exec(line)?.[1] ?? []);
    expect(cookie).toBe('utf-8');
  });

  it('is no line break for Groovy, which reads escapes in comments', () => {
    const [file] = renderExport('jenkins', named(String.raw`ACME\ann \u000a sh "run" //`)).files;
    expect(file?.content).toContain('ACME/ann /u000a sh "run" //');
    expect(file?.content).not.toMatch(/\\u/);
  });
});

function meaning(file: { readonly language: string; readonly content: string }): unknown {
  switch (file.language) {
    case 'yaml':
      return parseYaml(file.content, { version: '1.1' });
    case 'ini':
      return parseIni(file.content);
    case 'toml':
      return parseToml(file.content);
    case 'json':
      return JSON.parse(file.content);
    default:
      return file.content.split('\n').filter((line) => !/^(#|\/\/)/.test(line));
  }
}

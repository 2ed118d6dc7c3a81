import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ProjectFile, ProjectStatus } from '../../../src-main/gateway/pypi/model.ts';
import { listAsJson, PageWriter } from '../../../src-main/gateway/pypi/page-writer.ts';
import { PageReader } from '../../../src-main/gateway/pypi/read-page.ts';
import { RecordTable } from '../../../src-main/gateway/documents/record-table.ts';
import { readKept } from '../../../src-main/gateway/pypi/kept-file.ts';
import type { HtmlJob } from '../../../src-main/gateway/pypi/write-html.ts';
import { HtmlWriter } from '../../../src-main/gateway/pypi/write-html.ts';
import { cleanText } from '../../../src-main/gateway/pypi/text.ts';

const pageUrl = 'https://gateway.example/pypi/internal/simple/acme/';
const digest = fc.stringMatching(/^[0-9a-f]{64}$/);
const freeText = fc.string({ unit: 'binary', maxLength: 60 }).map((text) => cleanText(text, 60));

const file: fc.Arbitrary<ProjectFile> = fc.record({
  filename: fc
    .tuple(
      fc.integer({ min: 0, max: 99 }),
      fc.constantFrom('.tar.gz', '+cpu.zip', '-py3-none-any.whl', '+a-py3-none-any.whl'),
    )
    .map(([minor, rest]) => `Acme-1!0.${minor}${rest}`),
  version: fc.constant('1'),
  location: fc.constant('https://files.example/secret-place'),
  hashes: fc.option(
    digest.map((sha256) => ({ sha256 })),
    { nil: {} },
  ),
  requiresPython: freeText,
  coreMetadata: fc.oneof(
    fc.boolean(),
    digest.map((sha256) => ({ sha256 })),
  ),
  yanked: fc.oneof(
    fc.boolean(),
    freeText.map((reason) => reason ?? true),
  ),
});
type Page = { readonly files: readonly ProjectFile[]; readonly status: ProjectStatus | undefined };
const page: fc.Arbitrary<Page> = fc.record({
  files: fc.uniqueArray(file, { maxLength: 8, selector: ({ filename }) => filename }),
  status: fc.option(
    fc.record({ status: fc.constantFrom('active', 'archived', 'deprecated'), reason: freeText }),
    { nil: undefined },
  ),
});

function render({ files, status }: Page): { json: Buffer; html: Buffer; digest: string } {
  const writer = new PageWriter('acme');
  for (const one of files) writer.add(one);
  const { pieces, digest } = writer.end(status);
  const json = Buffer.concat(pieces);
  return { json, html: htmlOf(json, { project: 'acme', status }), digest };
}

function htmlOf(json: Uint8Array, what: Omit<HtmlJob, 'type'>): Buffer {
  const writer = new HtmlWriter({ type: 'own-html', ...what });
  const pieces = writer.push(Buffer.from(json));
  return Buffer.concat([...pieces, ...writer.end().pieces]);
}

/** What a gateway behind this one makes of it, and where it would get the files. */
function read(bytes: Buffer, isJson: boolean): { json: unknown; locations: string[] } {
  const reader = new PageReader({ type: 'pypi-page', project: 'acme', pageUrl, isJson, privateHosts: [] });
  const pieces = reader.push(bytes);
  const end = reader.end();
  const json = JSON.parse(Buffer.concat([...pieces, ...end.pieces]).toString()) as {
    files: { filename: string }[];
  };
  const table = new RecordTable(end.result.table);
  return { json, locations: json.files.map(({ filename }) => readKept(table.get(filename) ?? '').location) };
}

const withoutSizes = (json: unknown): unknown =>
  JSON.parse(
    JSON.stringify(json, (key, value: unknown) =>
      key === 'size' || key === 'upload-time' ? undefined : value,
    ),
  );

describe('rendering', () => {
  it('says the same in HTML and in JSON, whatever an upstream wrote', () => {
    fc.assert(
      fc.property(page, (given) => {
        const { json, html } = render(given);
        expect(read(html, false).json).toEqual(withoutSizes(read(json, true).json));
        const { versions: _made, ...rest } = read(json, true).json as { versions: unknown };
        const { versions: _given, ...expected } = JSON.parse(json.toString()) as { versions: unknown };
        expect(rest).toEqual(expected);
      }),
    );
  });

  it('links only to this channel, relatively, and never tells where the gateway gets a file', () => {
    fc.assert(
      fc.property(page, (given) => {
        const { json, html } = render(given);
        expect(`${json.toString()}${html.toString()}`).not.toContain('secret-place');
        const { locations } = read(html, false);
        for (const location of locations) {
          expect(location).toMatch(/^https:\/\/gateway\.example\/pypi\/internal\/files\/acme\/Acme-[^/]+$/);
        }
        expect(locations.length).toBe(given.files.length);
      }),
    );
  });

  it('has one digest for one content', () => {
    const empty = { files: [], status: undefined };
    expect(render(empty).digest).toBe(render(empty).digest);
    expect(render({ files: [], status: { status: 'archived' } }).digest).not.toBe(render(empty).digest);
  });

  it('says metadata under the new key only in JSON and under both in HTML (PEP 714)', () => {
    const given = {
      filename: 'acme-1.0.zip',
      version: '1.0',
      location: '',
      hashes: {},
      coreMetadata: true,
      yanked: 'bad & "old"',
    };
    const { json, html } = render({ files: [given], status: undefined });
    expect(json.toString()).toContain('"core-metadata":true');
    expect(json.toString()).not.toContain('dist-info-metadata');
    expect(html.toString()).toContain('data-core-metadata="true" data-dist-info-metadata="true"');
    expect(html.toString()).toContain('data-yanked="bad &#38; &#34;old&#34;"');
  });

  it('lists projects in both forms', () => {
    const json = Buffer.concat(listAsJson(['a', 'b-b']).pieces);
    expect(JSON.parse(json.toString())).toEqual({
      meta: { 'api-version': '1.4' },
      projects: [{ name: 'a' }, { name: 'b-b' }],
    });
    const html = htmlOf(json, { project: undefined, status: undefined }).toString();
    expect(html).toContain('<a href="b-b/">b-b</a>');
  });

  it('writes HTML while its JSON comes, and never has more of it than one step makes', () => {
    const batchBytes = 256 * 1024;
    const files = 20_000;
    const given = { version: '1', location: '', hashes: {}, coreMetadata: false, yanked: false };
    const pageWriter = new PageWriter('acme');
    for (let index = 0; index < files; index += 1)
      pageWriter.add({ ...given, filename: `acme-1.${index}.zip` });
    const json = Buffer.concat(pageWriter.end(undefined).pieces);
    const writer = new HtmlWriter({ type: 'own-html', project: 'acme', status: undefined });
    const html: Uint8Array[] = [];
    for (let at = 0; at < json.length; at += batchBytes) {
      const step = writer.push(json.subarray(at, at + batchBytes));
      // Its last piece is held back until it is worth a message: no step gives much more than it was given.
      expect(step.reduce((sum, { length }) => sum + length, 0)).toBeLessThan(2 * batchBytes);
      html.push(...step);
    }
    const rest = writer.end().pieces.reduce((sum, { length }) => sum + length, 0);
    expect(rest).toBeLessThan(batchBytes);
    expect(html.length).toBeGreaterThan(files / 5_000);
  });
});

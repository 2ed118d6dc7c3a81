import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { makeProjectPage } from '../../../src-main/gateway/pypi/model.ts';
import type { ProjectFile, ProjectPage } from '../../../src-main/gateway/pypi/model.ts';
import { render } from '../../../src-main/gateway/pypi/render.ts';
import { cleanText } from '../../../src-main/gateway/pypi/text.ts';
import { readHtmlPage } from '../../../src-main/gateway/pypi/upstream-html.ts';
import { readJsonPage } from '../../../src-main/gateway/pypi/upstream-json.ts';

const pageUrl = new URL('https://gateway.example/pypi/internal/simple/acme/');
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
const page: fc.Arbitrary<ProjectPage> = fc
  .tuple(
    fc.array(file, { maxLength: 8 }),
    fc.option(fc.record({ status: fc.constantFrom('active', 'archived', 'deprecated'), reason: freeText }), {
      nil: undefined,
    }),
  )
  .map(([files, status]) => makeProjectPage('acme', files, status));

const textOf = (given: ProjectPage, format: 'html' | 'json') =>
  new TextDecoder().decode(render(given, format).bytes);

describe('rendering', () => {
  it('says the same in HTML and in JSON, whatever an upstream wrote', async () => {
    await fc.assert(
      fc.asyncProperty(page, async (given) => {
        const fromHtml = await readHtmlPage(textOf(given, 'html'), 'acme', pageUrl);
        const fromJson = readJsonPage(textOf(given, 'json'), 'acme', pageUrl);
        expect(fromHtml).toEqual(fromJson);
        expect(
          fromJson.files.map(({ filename, requiresPython, yanked, hashes, coreMetadata }) => [
            filename,
            requiresPython,
            yanked,
            hashes,
            coreMetadata,
          ]),
        ).toEqual(
          given.files.map(({ filename, requiresPython, yanked, hashes, coreMetadata }) => [
            filename,
            requiresPython,
            yanked,
            hashes,
            coreMetadata,
          ]),
        );
        expect(fromJson.status).toEqual(given.status);
      }),
    );
  });

  it('links only to this channel, relatively, and never tells where the gateway gets a file', async () => {
    await fc.assert(
      fc.asyncProperty(page, async (given) => {
        for (const format of ['html', 'json'] as const)
          expect(textOf(given, format)).not.toContain('secret-place');
        const { files } = await readHtmlPage(textOf(given, 'html'), 'acme', pageUrl);
        for (const { location } of files) {
          expect(location).toMatch(/^https:\/\/gateway\.example\/pypi\/internal\/files\/acme\/Acme-[^/]+$/);
        }
        expect(files.length).toBe(given.files.length);
      }),
    );
  });

  it('gives the same bytes for the same page, so that a hit costs nothing', () => {
    const given = makeProjectPage('acme', []);
    expect(render(given, 'json')).toBe(render(given, 'json'));
    expect(render(makeProjectPage('acme', []), 'json').etag).toBe(render(given, 'json').etag);
    expect(render(given, 'html').etag).not.toBe(render(given, 'legacy-html').etag);
  });

  it('says metadata under the new key only in JSON and under both in HTML (PEP 714)', () => {
    const given = makeProjectPage('acme', [
      {
        filename: 'acme-1.0.zip',
        version: '1.0',
        location: '',
        hashes: {},
        coreMetadata: true,
        yanked: 'bad & "old"',
      },
    ]);
    expect(textOf(given, 'json')).toContain('"core-metadata":true');
    expect(textOf(given, 'json')).not.toContain('dist-info-metadata');
    expect(textOf(given, 'html')).toContain('data-core-metadata="true" data-dist-info-metadata="true"');
    expect(textOf(given, 'html')).toContain('data-yanked="bad &#38; &#34;old&#34;"');
  });
});

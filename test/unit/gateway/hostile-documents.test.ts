/** Documents that make far more of a thread's memory than they have bytes. V8 ends the whole process for it. */
import { describe, expect, it } from 'vitest';
import type { DocumentReader } from '../../../src-main/gateway/documents/document-reader.ts';
import { ListReader } from '../../../src-main/gateway/pypi/read-list.ts';
import { PageReader } from '../../../src-main/gateway/pypi/read-page.ts';
import { GatewayScene, channelOf } from './gateway-scene.ts';

const pageUrl = 'https://index.example/simple/acme/';
const page = (isJson: boolean, url = pageUrl) =>
  new PageReader({ type: 'pypi-page', project: 'acme', pageUrl: url, privateHosts: [], isJson });
const list = (isJson: boolean) => new ListReader({ type: 'pypi-list', isJson });
const titled = '<title>Links for acme</title>';
const meta = '{"meta":{"api-version":"1.0"},"name":"acme",';

/** The beginning, then the same over and over. @returns how much was taken before the reader gave up, in MB */
function feed(reader: DocumentReader<object>, begin: string, more: (index: number) => string): number {
  let bytes = 0;
  const push = (text: string) => {
    bytes += text.length;
    reader.push(Buffer.from(text));
  };
  push(begin);
  for (let index = 0; bytes < 128 * 1024 * 1024; index += 1) {
    try {
      push(more(index));
    } catch (error) {
      expect((error as Error).name).toBe('TooLargeError');
      return bytes / 1024 / 1024;
    }
  }
  throw new Error('all of it was taken');
}

/** Of 64 kB. */
const repeated = (unit: string) => {
  const text = unit.repeat(Math.ceil(65_536 / unit.length));
  return () => text;
};
const numbered = (count: number, make: (index: number) => string) => (turn: number) =>
  Array.from({ length: count }, (_, index) => make(turn * count + index)).join('');

describe('a document is refused early', () => {
  it.each<[what: string, reader: DocumentReader<object>, begin: string, more: (index: number) => string]>([
    ['empty objects in a member', page(true), `${meta}"versions":[`, repeated('{},')],
    ['empty lists in a member of a list', list(true), `${meta}"more":[`, repeated('[],')],
    ['an element without end', page(true), `${meta}"files":[{"filename":"`, repeated('x')],
    ['an attribute without end', page(false), `${titled}<a href="`, repeated('x')],
    ['attributes without end', page(false), `${titled}<a `, numbered(1000, (index) => `a${index} `)],
    ['a tag’s name without end', page(false), `${titled}<a`, repeated('x')],
    ['a comment without end', page(false), `${titled}<!--`, repeated('- ')],
    ['a script without end', page(false), `${titled}<script>`, repeated('<')],
    ['ampersands', list(false), titled, repeated('&')],
    ['declarations', list(false), titled, repeated('<!doctype')],
  ])('for %s', (_what, reader, begin, more) => {
    expect(feed(reader, begin, more)).toBeLessThan(4);
  });

  it('for more files than any page has', () => {
    const file = (index: number) => `{"filename":"acme-${index}.zip","url":"${index}"},`;
    expect(feed(page(true), `${meta}"files":[`, numbered(1000, file))).toBeLessThan(16);
  });

  it('for short links that a long base makes long', () => {
    const base = `${titled}<base href="https://index.example/${'x'.repeat(8_000)}/">`;
    const link = (index: number) => `<a href="acme-${index}.zip">acme</a>`;
    expect(feed(page(false), base, numbered(100, link))).toBeLessThan(1);
  });

  it('for more names than any list has', () => {
    const name = (index: number) => `{"name":"${'p'.repeat(90)}${index.toString(36)}"},`;
    expect(
      feed(list(true), '{"meta":{"api-version":"1.0"},"projects":[', numbered(10_000, name)),
    ).toBeLessThan(64);
  });
});

it('links below a base that is too long lead nowhere', () => {
  const reader = page(false);
  reader.push(
    Buffer.from(
      `${titled}<base href="https://index.example/${'x'.repeat(9_000)}/"><a href="acme-1.zip">a</a>`,
    ),
  );
  expect(reader.end().result).toMatchObject({ isAllDropped: true, dropped: { unreadable: 1 } });
});

it('the client of such a page is told, and others are served', async () => {
  const scene = new GatewayScene();
  const json = 'application/vnd.pypi.simple.v1+json';
  const base = await scene.upstream((req, res) => {
    res.writeHead(200, { 'content-type': json });
    if (req.url === '/good/acme/')
      return void res.end(`${meta}"files":[{"filename":"acme-1.zip","url":"x"}]}`);
    const more = repeated('{},')();
    res.write(`${meta}"versions":[`);
    const write = () => {
      while (!res.destroyed && res.write(more));
      if (!res.destroyed) res.once('drain', write);
    };
    write();
  });
  await scene.open();
  for (const name of ['good', 'bad'])
    scene.addChannel(
      channelOf(
        name,
        { type: 'url', url: `${base}/${name}/`, privateHosts: [new URL(base).host] },
        { kind: 'pypi' },
      ),
    );
  const [bad, good] = await Promise.all(
    ['bad', 'good'].map((name) => scene.get(`/pypi/${name}/simple/acme/`, `Accept: ${json}`)),
  );
  expect([bad?.status, bad?.reason]).toEqual([502, 'The upstream sent an index that is too large']);
  expect(good?.status).toBe(200);
  await scene.close();
});

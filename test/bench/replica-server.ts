/** A generated index of 200 packages that depend on each other, one page of 15,000 files, and a conda index of 100,000 packages, behind a slow line. */
import { createHash } from 'node:crypto';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { gzipSync, zstdCompressSync } from 'node:zlib';
import { jsonPageText, repodataText } from '../support/index-pages.ts';
import { startShaper } from './shaper.ts';

const packages = 200;
/** As many as a package of some years has. */
const versions = 40;

const metadataOf = (index: number, version: number) => {
  const depends = [index * 2 + 1, index * 2 + 2]
    .filter((child) => child < packages)
    .map((child) => `Requires-Dist: tree-${child}>=1.${Math.max(0, version - 5)}\n`);
  return `Metadata-Version: 2.1\nName: tree-${index}\nVersion: 1.${version}\nRequires-Python: >=3.8\n${depends.join('')}\n${'A long description of what it is for.\n'.repeat(100)}`;
};
const sha256 = (text: string) => createHash('sha256').update(text).digest('hex');
const fileNameOf = (index: number, version: number) => `tree_${index}-1.${version}-py3-none-any.whl`;

const bodies = new Map<string, { type: string; plain: Buffer; packed: Buffer }>();
function put(path: string, type: string, text: string): void {
  const plain = Buffer.from(text);
  bodies.set(path, { type, plain, packed: gzipSync(plain) });
}
const json = 'application/vnd.pypi.simple.v1+json';
for (let index = 0; index < packages; index += 1) {
  const files = Array.from({ length: versions }, (_, version) => {
    const metadata = metadataOf(index, version);
    put(`/files/${fileNameOf(index, version)}.metadata`, 'text/plain', metadata);
    return {
      filename: fileNameOf(index, version),
      url: `/files/${fileNameOf(index, version)}`,
      hashes: { sha256: sha256(fileNameOf(index, version)) },
      'core-metadata': { sha256: sha256(metadata) },
      'requires-python': '>=3.8',
      size: 10_000,
      'upload-time': '2024-01-02T03:04:05.678901Z',
      yanked: false,
    };
  });
  put(
    `/simple/tree-${index}/`,
    json,
    JSON.stringify({ meta: { 'api-version': '1.4' }, name: `tree-${index}`, files }),
  );
}
put('/simple/pydantic-core/', json, jsonPageText('pydantic-core', 15_057));
// As conda's own servers have it: packed in advance, and no content coding.
const index = zstdCompressSync(repodataText(100_000));
bodies.set('/linux-64/repodata.json.zst', { type: 'application/zstd', plain: index, packed: index });

const server = createServer({ keepAliveTimeout: 60_000 }, (req, res) => {
  const body = bodies.get(req.url ?? '');
  if (body === undefined) return void res.writeHead(404, { 'Content-Length': 0 }).end();
  const wantsGzip = String(req.headers['accept-encoding']).includes('gzip') && body.packed !== body.plain;
  const bytes = wantsGzip ? body.packed : body.plain;
  const etag = `"${sha256(req.url ?? '').slice(0, 16)}"`;
  if (req.headers['if-none-match'] === etag) return void res.writeHead(304, { ETag: etag }).end();
  res.writeHead(200, {
    'Content-Type': body.type,
    'Content-Length': bytes.length,
    ETag: etag,
    'Cache-Control': 'max-age=0',
    ...(wantsGzip ? { 'Content-Encoding': 'gzip' } : {}),
  });
  res.end(bytes);
});
server.listen(0, '127.0.0.1', () => {
  const { port } = server.address() as AddressInfo;
  void startShaper(port).then((shaped) => process.send?.({ port: shaped }));
});

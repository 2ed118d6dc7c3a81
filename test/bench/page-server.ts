/** A PyPI index that has every project, each with the same page of so many files, in its own process. */
import { createHash } from 'node:crypto';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

const count = Number(process.argv[2]);
const perRelease = 15;

const page = (project: string): string => {
  const files = Array.from({ length: count }, (_, index) => {
    const release = Math.floor(index / perRelease);
    const version = `${1 + Math.floor(release / 100)}.${release % 100}`;
    const digest = createHash('sha256').update(String(index)).digest('hex');
    const tag = `cp3${index % perRelease}-cp3${index % perRelease}-manylinux_2_17_x86_64`;
    const filename = `${project}-${version}-${tag}.whl`;
    return {
      filename,
      url: `/packages/${digest.slice(0, 2)}/${digest.slice(2, 4)}/${digest.slice(4)}/${filename}`,
      hashes: { sha256: digest },
      'requires-python': '>=3.9',
      size: 1_000_000 + index,
      'upload-time': new Date(Date.UTC(2020, 0, 1) + release * 86_400_000).toISOString(),
      yanked: false,
      'core-metadata': { sha256: digest },
      'data-dist-info-metadata': { sha256: digest },
      provenance: null,
    };
  });
  return JSON.stringify({ meta: { 'api-version': '1.4' }, name: project, files, versions: [] });
};
const pieces = page('benchproject').split('benchproject');

const server = createServer((req, res) => {
  const project = /^\/([a-z0-9-]+)\/$/.exec(req.url ?? '')?.[1] ?? 'none';
  res.writeHead(200, { 'Content-Type': 'application/vnd.pypi.simple.v1+json' });
  res.end(pieces.join(project));
});
server.listen(0, '127.0.0.1', () => process.send?.({ port: (server.address() as AddressInfo).port }));

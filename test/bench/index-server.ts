/** An upstream of wheels and conda packages that lie in a folder, in its own process. */
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';

const [root = ''] = process.argv.slice(2);
const wheels = join(root, 'wheels');

function pageOf(project: string): string {
  const names = readdirSync(wheels).filter((name) => name.startsWith(`${project.replaceAll('-', '_')}-`));
  const files = names.map((filename) => ({
    filename,
    url: `/wheels/${filename}`,
    hashes: {
      sha256: createHash('sha256')
        .update(readFileSync(join(wheels, filename)))
        .digest('hex'),
    },
  }));
  return JSON.stringify({ meta: { 'api-version': '1.0' }, name: project, files });
}

const server = createServer((req, res) => {
  const { pathname } = new URL(req.url ?? '/', 'http://x');
  const [, project] = /^\/simple\/([^/]+)\/$/.exec(pathname) ?? [];
  const type = project === undefined ? 'application/octet-stream' : 'application/vnd.pypi.simple.v1+json';
  try {
    const body = project === undefined ? readFileSync(join(root, pathname)) : pageOf(project);
    res.writeHead(200, { 'content-type': type, 'content-length': Buffer.byteLength(body) }).end(body);
  } catch {
    res.writeHead(404).end();
  }
});
server.listen(0, '127.0.0.1', () => process.send?.({ port: (server.address() as AddressInfo).port }));

/** An upstream in its own process that has one index. Argument: its file. */
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { zstdCompressSync } from 'node:zlib';
import { benchSubdir } from './repodata.ts';

const packed = zstdCompressSync(readFileSync(process.argv[2] ?? ''));
const server = createServer((req, res) => {
  if (req.url?.endsWith(`/${benchSubdir}/repodata.json.zst`) !== true) return void res.writeHead(404).end();
  res.writeHead(200, { 'Content-Type': 'application/zstd' });
  res.end(packed);
});
server.listen(0, '127.0.0.1', () => process.send?.({ port: (server.address() as AddressInfo).port }));

/** An index in its own process with one of the inputs, packed as clients ask for it. */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { gzipSync } from 'node:zlib';
import { inputs } from './inputs.ts';

const input = inputs.find(({ name }) => name === process.argv[2]);
if (input === undefined) throw new Error(`No input ${process.argv[2]}.`);
const plain = Buffer.from(input.text());
const packed = gzipSync(plain, { level: 1 });
const server = createServer((req, res) => {
  if (req.url?.endsWith('.zst') === true) return void res.writeHead(404).end();
  if (req.url?.startsWith('/warm-up/') === true) return void res.writeHead(404).end();
  const wantsGzip = String(req.headers['accept-encoding']).includes('gzip');
  res.writeHead(200, {
    'Content-Type': input.contentType,
    ...(wantsGzip ? { 'Content-Encoding': 'gzip' } : {}),
  });
  res.end(wantsGzip ? packed : plain);
});
server.listen(0, '127.0.0.1', () => process.send?.({ port: (server.address() as AddressInfo).port }));

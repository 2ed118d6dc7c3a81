/** A bare node:http server that answers the same bytes to everything, in its own process: what a gateway is measured against. */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

const bytes = Buffer.from(process.argv[2] ?? '', 'base64');
const type = process.argv[3] ?? '';
const server = createServer((_req, res) => {
  res.writeHead(200, { 'Content-Type': type, 'Content-Length': bytes.length });
  res.end(bytes);
});
server.listen(0, '127.0.0.1', () => process.send?.({ port: (server.address() as AddressInfo).port }));

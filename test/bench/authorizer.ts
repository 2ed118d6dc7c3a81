/** What a team writes itself for nginx's auth_request: looks a token up by its hash and says 204 or 401. */
import { createHash } from 'node:crypto';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

const known = new Set([hashOf(process.argv[2] ?? '')]);
const server = createServer((req, res) => {
  const [scheme, value = ''] = (req.headers.authorization ?? '').split(' ');
  const login = scheme === 'Basic' ? Buffer.from(value, 'base64').toString() : '';
  const isGood = known.has(hashOf(login.slice(login.indexOf(':') + 1)));
  res.writeHead(isGood ? 204 : 401, { 'Content-Length': 0 }).end();
});
server.listen(0, '127.0.0.1', () => process.send?.({ port: (server.address() as AddressInfo).port }));

function hashOf(token: string): string {
  return createHash('sha256').update(token).digest('hex');
}

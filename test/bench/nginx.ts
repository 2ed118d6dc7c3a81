/** nginx that serves the same index after asking a Node authorizer about every request (auth_request). */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { freePort } from '../support/free-port.ts';
import { startCommand, startServer } from './children.ts';
import type { Subject } from './compare.ts';

/** @returns nothing where there is no nginx */
export async function startNginx(
  options: {
    readonly dir: string;
    readonly root: string;
    readonly token: string;
    readonly authorization: string;
    /** Below the root. */
    readonly path?: string;
    /** Nobody is asked. */
    readonly isOpen?: boolean;
  },
  bare?: Subject,
): Promise<readonly Subject[]> {
  const { authorization, path = 'noarch/repodata.json', isOpen = false } = options;
  const authorizer = isOpen ? undefined : await startServer('./authorizer.ts', options.token);
  const port = await freePort();
  const prefix = join(options.dir, `nginx-${port}`);
  mkdirSync(prefix);
  writeFileSync(join(prefix, 'nginx.conf'), configuration(prefix, port, options.root, authorizer?.port));
  const nginx = startCommand('nginx', [
    '-p',
    prefix,
    '-e',
    join(prefix, 'error.log'),
    '-c',
    join(prefix, 'nginx.conf'),
  ]);
  const url = `http://127.0.0.1:${port}/${path}`;
  const isUp = await waitFor(url, () => nginx.exitCode !== null || nginx.pid === undefined);
  if (!isUp) {
    console.log('  (nginx did not start; left out)');
    return [];
  }
  return [
    {
      name: isOpen ? 'nginx, nobody asked' : 'nginx with auth_request, Basic',
      url,
      authorization,
      pids: [nginx.pid, ...(authorizer === undefined ? [] : [authorizer.child.pid])],
      ...(bare === undefined ? {} : { bare }),
    },
  ];
}

/** One process, which can be measured; connections to the authorizer are kept, as they should be. */
function configuration(
  prefix: string,
  port: number,
  root: string,
  authorizerPort: number | undefined,
): string {
  const temporary = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi']
    .map((name) => `${name}_temp_path ${join(prefix, name)};`)
    .join(' ');
  return `daemon off; master_process off; worker_processes 1; pid ${join(prefix, 'pid')};
events { worker_connections 512; }
http {
  access_log off; sendfile on; keepalive_requests 1000000000; ${temporary}
  types { application/json json; }
  ${authorizerPort === undefined ? '' : `upstream authorizer { server 127.0.0.1:${authorizerPort}; keepalive 64; keepalive_requests 1000000000; }`}
  server {
    listen 127.0.0.1:${port};
    root ${root};
    ${authorizerPort === undefined ? '' : askingFirst}
  }
}
`;
}

const askingFirst = `location / { auth_request /auth; }
    location = /auth {
      internal; proxy_pass http://authorizer; proxy_pass_request_body off;
      proxy_http_version 1.1; proxy_set_header Connection ""; proxy_set_header Content-Length "";
    }`;

async function waitFor(url: string, hasEnded: () => boolean): Promise<boolean> {
  for (let tries = 0; tries < 100 && !hasEnded(); tries += 1) {
    try {
      await fetch(url);
      return true;
    } catch {
      // Not listening yet.
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }
  return false;
}

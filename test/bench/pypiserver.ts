import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { freePort } from '../support/free-port.ts';
import { indexesVenv } from '../support/python-clients.ts';
import { run, startCommand } from './children.ts';
import type { Subject } from './compare.ts';

const user = 'bench';
const password = 'bench-password';

/** SHA-1 is what pypiserver's README shows (`htpasswd -s`), the cheapest; apr1 is what `htpasswd` does by itself. */
const schemes = { SHA: 'ldap_sha1', MD5: 'apr_md5_crypt' } as const;

/** pypiserver with an htpasswd file of each scheme; none, with a reason, if it does not start. */
export async function startPypiservers(packages: string, dir: string): Promise<readonly Subject[]> {
  const server = join(indexesVenv, 'bin', 'pypi-server');
  const running: Subject[] = [];
  for (const [scheme, passlibName] of Object.entries(schemes)) {
    const htpasswd = join(dir, `htpasswd-${scheme}`);
    const code = `import sys; from passlib.hash import ${passlibName} as h; print(h.hash(sys.argv[1]))`;
    const hash = await run(join(indexesVenv, 'bin', 'python'), ['-c', code, password]);
    writeFileSync(htpasswd, `${user}:${hash.stdout.trim()}\n`);
    const port = await freePort();
    const args = ['run', '-i', '127.0.0.1', '-p', String(port), '-P', htpasswd, '-a', 'list,download,update'];
    const child = startCommand(server, [...args, '--disable-fallback', packages]);
    const url = `http://127.0.0.1:${port}/simple/acme-many/`;
    const authorization = `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`;
    if (await answers(url, authorization))
      running.push({ name: `pypiserver (${scheme})`, url, authorization, pids: [child.pid], isSlow: true });
    else console.log(`pypiserver (${scheme}) did not start.`);
  }
  return running;
}

async function answers(url: string, authorization: string): Promise<boolean> {
  for (let attempt = 0; attempt < 100; attempt += 1) {
    const answer = await fetch(url, { headers: { authorization } }).catch(() => undefined);
    if (answer?.ok === true) return true;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  return false;
}

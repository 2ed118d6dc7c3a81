/**
 * Ways past a policy that an index of Python packages could open (STANDARDS: holes 7–10), with the real pip and uv: one
 * gateway, one hostile upstream. Invariant: no client ever asks anybody but the gateway, or gets a byte of what is denied.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runClient } from '../support/python-clients.ts';
import { GatewayScene, channelOf, dayMs } from '../unit/gateway/gateway-scene.ts';
import { denyList, policyOf } from '../unit/gateway/policies/policies.ts';
import { metadataText, sha256, wheel } from '../unit/gateway/pypi-scene.ts';

const json = 'application/vnd.pypi.simple.v1+json';
const html = 'text/html';
const scene = new GatewayScene();
/** What somebody else than the gateway asked a server for that no client may reach. */
const strayed: string[] = [];
let evil = '';

const nameOf = (project: string): string => project.replaceAll('-', '_');
const wheelOf = (project: string, version: string): string =>
  `${nameOf(project)}-${version}-py3-none-any.whl`;
/** Made once: a zip tells the time. */
const made = new Map<string, Buffer>();
const bytesOf = (filename: string): Buffer => {
  const [name = '', version = ''] = filename.split('-');
  const bytes = made.get(filename) ?? Buffer.from(wheel(name, version));
  made.set(filename, bytes);
  return bytes;
};
const entry = (project: string, version: string, more: object = {}): Record<string, unknown> => {
  const filename = wheelOf(project, version);
  const hashes = { sha256: sha256(bytesOf(filename)) };
  return { filename, url: `/files/${filename}`, hashes, yanked: false, ...more };
};
const page = (project: string, files: unknown[], more: object = {}): string =>
  JSON.stringify({ meta: { 'api-version': '1.4' }, name: project, files, ...more });
const both = (project: string, more: object = {}): unknown[] =>
  ['1.0', '2.0'].map((version) => entry(project, version, more));
const anchor = (project: string, version: string, href?: string): string => {
  const filename = wheelOf(project, version);
  return `<a href="${href ?? `/files/${filename}`}#sha256=${sha256(bytesOf(filename))}">${filename}</a>`;
};

type Page = readonly [type: string, text: () => string];
/** Of each project 1.0 may be had and 2.0 may not, whatever its page does. */
const pages: Readonly<Record<string, Page>> = {
  'acme-absolute': [
    json,
    () =>
      page(
        'acme-absolute',
        ['1.0', '2.0'].map((version) =>
          entry('acme-absolute', version, { url: `${evil}/files/${wheelOf('acme-absolute', version)}` }),
        ),
      ),
  ],
  'acme-redirect': [
    json,
    () =>
      page(
        'acme-redirect',
        ['1.0', '2.0'].map((version) =>
          entry('acme-redirect', version, { url: `/moved/${wheelOf('acme-redirect', version)}` }),
        ),
      ),
  ],
  'acme-base': [
    html,
    () =>
      `<!DOCTYPE html><html><head><meta name="pypi:repository-version" content="1.0"><base href="${evil}/"></head><body>` +
      `${anchor('acme-base', '1.0', `files/${wheelOf('acme-base', '1.0')}`)} ${anchor('acme-base', '2.0', `files/${wheelOf('acme-base', '2.0')}`)}</body></html>`,
  ],
  'acme-metadata': [
    json,
    () => {
      const metadata = sha256(metadataText('acme_metadata', '2.0'));
      return page(
        'acme-metadata',
        both('acme-metadata', { 'core-metadata': { sha256: metadata } })
          .slice(1)
          .concat(entry('acme-metadata', '1.0')),
      );
    },
  ],
  'acme-signed': [
    json,
    () => page('acme-signed', both('acme-signed', { provenance: `${evil}/provenance`, 'gpg-sig': true })),
  ],
  'acme-spelled': [
    json,
    () =>
      page('Acme.SPELLED', [
        ...both('acme-spelled').slice(0, 1),
        { ...entry('acme-spelled', '2.0'), filename: 'Acme.Spelled-2.0-py3-none-any.whl' },
      ]),
  ],
  'acme-other': [
    json,
    () =>
      page('acme-other', [
        entry('acme-other', '1.0'),
        { ...entry('acme-other', '2.0'), filename: 'acme_free-2.0-py3-none-any.whl' },
        { ...entry('acme-other', '2.0'), filename: 'acme_other-2.0-py3-none-any.whl' },
      ]),
  ],
  'acme-twice': [
    json,
    () =>
      page('acme-twice', [entry('acme-twice', '1.0'), 'TWICE']).replace(
        '"TWICE"',
        `{"filename":"${wheelOf('acme-twice', '1.0')}","url":"/files/${wheelOf('acme-twice', '1.0')}","filename":"${wheelOf('acme-twice', '2.0')}","url":"${evil}/x","hashes":{}}`,
      ),
  ],
  'acme-unknown': [
    json,
    () =>
      page('acme-unknown', both('acme-unknown', { 'x-url': `${evil}/x`, 'data-dist-info-metadata': true }), {
        versions: ['1.0', '2.0', '3.0'],
        'files-v2': both('acme-unknown'),
        'alternate-locations': [`${evil}/simple/acme-unknown/`],
        tracks: [`${evil}/simple/acme-unknown/`],
      }),
  ],
};
const projects = Object.keys(pages);

/** Documents that two readers read differently: nobody gets anything from them. */
const broken: Readonly<Record<string, () => string>> = {
  'bad-files-twice': () =>
    page('bad-files-twice', []).replace(
      '"files":[]',
      `"files":[],"files":${JSON.stringify(both('bad-files-twice'))}`,
    ),
  'bad-escaped-key': () =>
    page('bad-escaped-key', []).replace(
      '"files":[]',
      `"files":[],"\\u0066iles":${JSON.stringify(both('bad-escaped-key'))}`,
    ),
  'bad-end': () => `${page('bad-end', [])}${page('bad-end', both('bad-end'))}`,
  'bad-mark': () => `\ufeff${page('bad-mark', both('bad-mark'))}`,
  'bad-number': () => page('bad-number', both('bad-number', { size: 'NAN' })).replaceAll('"NAN"', 'NaN'),
  'bad-name': () => page('somebody-else', both('bad-name')),
};

beforeAll(async () => {
  evil = await scene.upstream((req, res) => {
    if (!/^latchkey/i.test(req.headers['user-agent'] ?? '')) strayed.push(req.url ?? '');
    const filename = (req.url ?? '').split('/').at(-1) ?? '';
    if (filename.endsWith('.whl')) res.end(bytesOf(filename));
    else res.end('evil');
  });
  const base = await scene.upstream((req, res) => {
    const [, first = '', filename = ''] = (req.url ?? '').split('/');
    const found = pages[first];
    const isHtml =
      found !== undefined && first === 'acme-unknown' && !(req.headers.accept ?? '').includes('json');
    if (isHtml) res.setHeader('Content-Type', html).end(anchor(first, '2.0'));
    else if (found !== undefined) res.setHeader('Content-Type', found[0]).end(found[1]());
    else if (broken[first] !== undefined) res.setHeader('Content-Type', json).end(broken[first]());
    else if (first === 'acme-quarantine')
      res
        .setHeader('Content-Type', json)
        .end(
          page('acme-quarantine', both('acme-quarantine'), { 'project-status': { status: 'quarantined' } }),
        );
    else if (first === 'moved') res.writeHead(302, { Location: `${evil}/files/${filename}` }).end();
    else if (filename.endsWith('.metadata')) res.end(metadataText('acme_metadata', '2.0'));
    else if (filename.endsWith('.whl')) res.end(bytesOf(filename));
    else res.writeHead(404).end();
  });
  await scene.open({ now: Date.now });
  const privateHosts = [new URL(base).host, new URL(evil).host];
  scene.addChannel(channelOf('hostile', { type: 'url', url: `${base}/`, privateHosts }, { kind: 'pypi' }));
  scene.tokens[0] = [scene.token.text, { ...scene.tokens[0]![1], expiresAtMs: Date.now() + dayMs }];
  scene.policies = [policyOf([denyList('pypi', ...projects.map((name) => `${name}>=2`))])];
  scene.update();
});
afterAll(async () => {
  await scene.close();
});

const env = () => ({
  HOME: scene.dir,
  PIP_CONFIG_FILE: '/dev/null',
  PIP_DISABLE_PIP_VERSION_CHECK: '1',
  UV_NO_CONFIG: '1',
  UV_PYTHON_DOWNLOADS: 'never',
});
const index = (): string => `http://any:${scene.token.text}@127.0.0.1:${scene.port}/pypi/hostile/simple/`;
const read = async (project: string, accept = json) =>
  await scene.get(`/pypi/hostile/simple/${project}/`, `Accept: ${accept}`);

describe('a hostile index', () => {
  it('leads pip and uv nowhere but to the gateway, and to the best version that is allowed', async () => {
    const report = join(scene.dir, 'report.json');
    const args = [
      'install',
      '-q',
      '--dry-run',
      '--no-cache-dir',
      '--no-deps',
      '--ignore-installed',
      '--report',
      report,
    ];
    const target = join(scene.dir, 'uv');
    const [pip, uv] = await Promise.all([
      runClient('pip', [...args, ...projects], { ...env(), PIP_INDEX_URL: index() }),
      runClient('uv', ['pip', 'install', '--no-cache', '--no-deps', '--target', target, ...projects], {
        ...env(),
        UV_DEFAULT_INDEX: index(),
      }),
    ]);
    expect([pip.code, pip.code === 0 ? '' : pip.output]).toEqual([0, '']);
    const { install } = JSON.parse(readFileSync(report, 'utf8')) as {
      install: { download_info: { url: string }; metadata: { name: string; version: string } }[];
    };
    expect(install.map(({ metadata }) => metadata.version)).toEqual(projects.map(() => '1.0'));
    for (const { download_info: from } of install)
      expect(new URL(from.url).host).toBe(`127.0.0.1:${scene.port}`);
    expect(uv.code, uv.output).toBe(0);
    for (const project of projects) expect(uv.output).toContain(`${project}==1.0`);
    expect(strayed).toEqual([]);
  });

  it.each(projects)(
    '%s: its page names the gateway alone, and nothing that was not judged',
    async (project) => {
      const asJson = await read(project);
      const asHtml = await read(project, html);
      expect([asJson.status, asHtml.status]).toEqual([200, 200]);
      for (const { body, headers } of [asJson, asHtml]) {
        expect(body).not.toContain(new URL(evil).host);
        expect(headers['cache-control']).toContain('private');
        expect(headers['vary']).toContain('Authorization');
      }
      const document = JSON.parse(asJson.body) as { files: Record<string, unknown>[]; versions: string[] };
      expect(Object.keys(document).toSorted()).toEqual(['files', 'meta', 'name', 'versions']);
      expect(document.versions).toEqual(['1.0']);
      for (const file of document.files) {
        expect(file['url']).toBe(`../../files/${project}/${String(file['filename'])}`);
        expect(Object.keys(file)).not.toEqual(
          expect.arrayContaining(['provenance', 'gpg-sig', 'x-url', 'data-dist-info-metadata']),
        );
        const isDenied = /-2\.0-/.test(String(file['filename']));
        expect([file['filename'], file['yanked'] !== false]).toEqual([file['filename'], isDenied]);
        if (isDenied) expect(file['core-metadata']).toBe(false);
        // HTML says the same.
        expect(asHtml.body).toContain(`>${String(file['filename'])}</a>`);
      }
      expect(asHtml.body.match(/<a /g)).toHaveLength(document.files.length);
    },
  );

  it.each(projects)('%s: what is denied is refused in every way to ask for it', async (project) => {
    const file = `/pypi/hostile/files/${project}/${wheelOf(project, '2.0')}`;
    const refused = {
      status: 403,
      reason: expect.stringMatching(
        /^Blocked by policy House rules: .* \[\w+\](?:; \S+ is allowed)?$/,
      ) as string,
    };
    expect(
      await Promise.all([
        scene.get(file),
        scene.head(file),
        scene.get(`${file}.metadata`),
        scene.head(`${file}.metadata`),
        scene.get(file, 'Range: bytes=0-9'),
        scene.get(file, 'Range: bytes=-65557', 'If-Range: "x"'),
        scene.get(file, 'If-None-Match: *'),
      ]),
    ).toMatchObject(Array.from({ length: 7 }, () => refused));
    const none = await Promise.all(
      ['.asc', '.provenance', '.sha256'].map(async (suffix) => (await scene.get(`${file}${suffix}`)).status),
    );
    expect(none).toEqual([404, 404, 404]);
  });

  it.each(Object.keys(broken))(
    '%s: a document that two readers read differently is none',
    async (project) => {
      expect((await read(project)).status).toBe(502);
      expect((await scene.get(`/pypi/hostile/files/${project}/${wheelOf(project, '2.0')}`)).status).toBe(502);
    },
  );

  it('offers nothing of a project in quarantine', async () => {
    expect(JSON.parse((await read('acme-quarantine')).body)).toMatchObject({
      files: [],
      versions: [],
      'project-status': { status: 'quarantined' },
    });
    expect(
      (await scene.get(`/pypi/hostile/files/acme-quarantine/${wheelOf('acme-quarantine', '1.0')}`)).status,
    ).toBe(404);
  });

  it('is not reached past the policy by a path, a host or a second credential', async () => {
    const name = wheelOf('acme-absolute', '2.0');
    const under = '/pypi/hostile/files';
    const targets = [
      `${under}/Acme_Absolute/${name}`,
      `${under}/acme.absolute/${name}`,
      `${under}/acme-base/${name}`,
      `${under}/acme-absolute//${name}`,
      `${under}//acme-absolute/${name}`,
      `${under}/acme-absolute/./${name}`,
      `${under}/acme-base/../acme-absolute/${name}`,
      `${under}/acme-base/%2e%2e/acme-absolute/${name}`,
      `${under}/acme-base%2f..%2facme-absolute/${name}`,
      `${under}/acme-absolute%2f${name}`,
      `${under}/acme-absolute\\${name}`,
      `${under}/acme-absolute/${name};x=1`,
      `${under}/acme-absolute/${name}%00`,
      `${under}/acme-absolute/%c0%ae%c0%ae/${name}`,
      `${under}/acme-absolute/${name.replace('2.0', '%32.0')}`,
      `${under}/acme-absolute/${name.replace('2.0', '2.0.0')}`,
      `${under}/acme-absolute/${name.toUpperCase()}`,
      `http://127.0.0.1:${scene.port}${under}/acme-absolute/${name}`,
      `${evil}/files/${name}`,
    ];
    const secret = bytesOf(name).toString('latin1').slice(-60);
    const header = `Authorization: ${scene.basic()}`;
    const answers = await Promise.all([
      ...targets.map((target) => scene.get(target)),
      scene.raw(`${under}/acme-absolute/${name}`, { headers: [header, header] }),
      scene.raw(`${under}/acme-absolute/${name}`, {
        headers: [header, `X-Forwarded-Host: ${new URL(evil).host}`],
      }),
      scene.raw(`${under}/acme-absolute/${name}`, {
        bare: true,
        headers: [`Host: ${new URL(evil).host}`, header],
      }),
    ]);
    for (const [at, { status, body }] of answers.entries()) {
      expect([targets[at], [301, 400, 401, 403, 404, 421].includes(status), status]).toEqual([
        targets[at],
        true,
        status,
      ]);
      expect(body).not.toContain(secret);
    }
    expect(strayed).toEqual([]);
  });
});

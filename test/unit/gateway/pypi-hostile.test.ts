import { describe, expect, it } from 'vitest';
import type { ChannelId } from '../../../shared/model/ids.ts';
import { fakeUpstream, htmlAnswer, indexUrl, jsonPage, scene, urlScene } from './pypi-scene.ts';

const acme = `${indexUrl}acme/`;
const whl = 'acme-1.0-py3-none-any.whl';

/** As a link on a page of an HTTPS index; all of these are dropped. */
const badLinks = [
  `javascript:alert(1)//${whl}`,
  `data:text/html,/${whl}`,
  `file:///etc/${whl}`,
  `ftp://files.example/${whl}`,
  `http://files.example/${whl}`,
  `https://user:pw@files.example/${whl}`,
  `https://127.0.0.1/${whl}`,
  `https://[::1]/${whl}`,
  `https://[::ffff:127.0.0.1]/${whl}`,
  `https://2130706433/${whl}`,
  `https://169.254.169.254/${whl}`,
  `https://localhost/${whl}`,
  `https://a.localhost./${whl}`,
  `https://0.0.0.0/${whl}`,
  `https://[bad/${whl}`,
  `https://files.example/${'x'.repeat(9000)}/${whl}`,
];
/** As a file name; all of these are dropped. */
const badNames = [
  'evil-1.0-py3-none-any.whl',
  'acme_evil-1.0-py3-none-any.whl',
  'acme-evil-1.0.tar.gz',
  'acme-1.0.exe',
  'acme-1.0.tar.gz.asc',
  '..%2facme-1.0.zip',
  'acme-1.0%00.zip',
  'acme-1.0%ff.zip',
  'acme-1.0%0a.zip',
  'acme-1.0 .zip',
  'acme-1.0%22onclick=.zip',
  '.acme-1.0.zip',
];

describe('a hostile upstream', () => {
  it.each(badLinks)('cannot send the gateway to %s', async (link) => {
    const pages = [
      htmlAnswer(`<a href="${link}">${whl}</a><a href="acme-2.zip">acme-2.zip</a>`),
      jsonPage('acme', [
        { filename: whl, url: link, hashes: {} },
        { filename: 'acme-2.zip', url: 'acme-2.zip', hashes: {} },
      ]),
    ];
    for (const page of pages) {
      const fake = fakeUpstream({ [acme]: page });
      const { files, get } = urlScene(fake);
      expect((await files('acme')).map(({ filename }) => filename)).toEqual(['acme-2.zip']);
      expect((await get(`files/acme/${whl}`)).status).toBe(404);
      expect(fake.requests.every(({ url }) => url === acme)).toBe(true);
    }
  });

  it.each(badNames)('cannot put a file called %s on the page', async (name) => {
    const pages = [
      htmlAnswer(`<a href="${name}">${name}</a>`),
      jsonPage('acme', [{ filename: name, url: 'https://files.example/x', hashes: {} }]),
      jsonPage('acme', [{ filename: decoded(name), url: 'https://files.example/x', hashes: {} }]),
    ];
    for (const page of pages) {
      const { get } = urlScene(fakeUpstream({ [acme]: page }));
      // No project without files: its page had a link, or was no index at all.
      await expect(get('simple/acme/')).rejects.toMatchObject({
        status: 502,
        reason: expect.stringMatching(
          /^(?:No link of the upstream's page may be followed: 1 of another project|The upstream sent no package index)$/,
        ) as string,
      });
    }
  });

  it.each(['../acme-1.0.zip', 'x/acme-1.0.zip', '//evil.example/acme-1.0.zip', 'acme-1.0\\x.zip'])(
    'cannot put a file called %s beside others: it is counted as a link that is not served',
    async (filename) => {
      const url = 'https://files.example/acme-2.zip';
      const files = [filename, 'acme-2.zip'].map((name) => ({ filename: name, url, hashes: {} }));
      const { text, documents } = urlScene(fakeUpstream({ [acme]: jsonPage('acme', files) }));
      const page = JSON.parse(await text('simple/acme/')) as { files: { filename: string }[] };
      expect(page.files.map((file) => file.filename)).toEqual(['acme-2.zip']);
      expect(documents.health.all()).toMatchObject([{ dropped: { project: 1 } }]);
    },
  );

  it('cannot have a file judged by one name and taken by another, as clients go by the entry or by its link', async () => {
    const entry = (filename: string, end: string) => ({
      filename,
      url: `https://files.example/${end}`,
      hashes: {},
    });
    const files = [
      entry('acme-2-py3-none-any.whl', 'acme-1-py3-none-any.whl'),
      entry('acme-3.zip', 'other-3.zip'),
      entry('acme-4.zip', 'acme-4-py3-none-any.whl'),
      entry('acme-5.zip', 'acme%2D1.zip'),
      entry('acme-6.zip', 'Acme-6.0.zip'),
      entry('acme-6+x.zip', 'acme-6%2Bx.zip'),
      entry('acme-7.zip', 'download?id=7'),
      entry('acme-8.zip', '7f3a.zip'),
    ];
    const { text, documents } = urlScene(fakeUpstream({ [acme]: jsonPage('acme', files) }));
    const page = JSON.parse(await text('simple/acme/')) as { files: { filename: string }[] };
    expect(page.files.map(({ filename }) => filename)).toEqual(['acme-6+x.zip', 'acme-7.zip', 'acme-8.zip']);
    expect(documents.health.all()).toMatchObject([{ dropped: { project: 5 } }]);
  });

  it('cannot move links with a base to another scheme or host less protected', async () => {
    for (const base of ['http://evil.example/', 'javascript:x', 'https://u:p@evil.example/']) {
      const fake = fakeUpstream({ [acme]: htmlAnswer(`<base href="${base}"><a href="${whl}">x</a>`) });
      await expect(urlScene(fake).get('simple/acme/')).rejects.toMatchObject({
        status: 502,
        reason: expect.stringMatching(/^No link of the upstream's page may be followed/) as string,
      });
    }
  });

  it('is followed to addresses that the channel lists, and no others, by port', async () => {
    const fake = fakeUpstream({
      'http://127.0.0.1:1/acme/': htmlAnswer(`<a href="http://127.0.0.1:2/${whl}">x</a>`),
      [`http://127.0.0.1:2/${whl}`]: { body: 'x' },
    });
    const at = (...privateHosts: string[]) =>
      scene({ type: 'url', url: 'http://127.0.0.1:1/', privateHosts }, fake.open).get(`files/acme/${whl}`);
    expect((await at('127.0.0.1:1', '127.0.0.1:2')).status).toBe(200);
    expect((await at('127.0.0.0/8')).status).toBe(200);
    await expect(at('127.0.0.1:1')).rejects.toMatchObject({
      reason:
        "No link of the upstream's page may be followed: 1 to this computer, which the channel does not list",
      hint: expect.stringContaining('private hosts') as string,
    });
  });

  it('has each link that it loses counted by its cause', async () => {
    const file = (filename: string, url: string) => ({ filename, url, hashes: {} });
    const good = file('acme-2.zip', 'acme-2.zip');
    const links = [
      [`https://10.1.2.3/${whl}`, 'host'],
      [`https://169.254.169.254/${whl}`, 'host'],
      [`https://[fd00:ec2::254]/${whl}`, 'host'],
      [`https://localhost/${whl}`, 'this-computer'],
      [`http://files.example/${whl}`, 'insecure'],
      [`https://user:pw@files.example/${whl}`, 'credentials'],
      [`ftp://files.example/${whl}`, 'scheme'],
      [`https://[bad/${whl}`, 'unreadable'],
    ] as const;
    const other = file('other-1.zip', 'other-1.zip');
    const pages = [
      jsonPage('acme', [good, other, 7, ...links.map(([link]) => file(whl, link))]),
      htmlAnswer(
        [good.url, other.url, ...links.map(([link]) => link)].map((url) => `<a href="${url}">x</a>`).join(''),
      ),
    ];
    for (const page of pages) {
      const { files, documents } = urlScene(fakeUpstream({ [acme]: page }));
      expect(await files('acme')).toHaveLength(1);
      const counts = { host: 3, 'this-computer': 1, insecure: 1, credentials: 1, scheme: 1, unreadable: 1 };
      expect(documents.health.of('ch1' as ChannelId)).toMatchObject({
        problems: 0,
        dropped: { ...counts, project: 1, ...(page === pages[0] ? { malformed: 1 } : {}) },
      });
    }
  });

  it('has the first of two files with one name, in both forms', async () => {
    const a = 'aa'.repeat(32);
    const b = 'bb'.repeat(32);
    const pages = [
      htmlAnswer(`<a href="1/${whl}#sha256=${a}">x</a><a href="2/${whl}#sha256=${b}">x</a>`),
      jsonPage('acme', [
        { filename: whl, url: `1/${whl}`, hashes: { sha256: a } },
        { filename: whl, url: `2/${whl}`, hashes: { sha256: b } },
      ]),
    ];
    for (const page of pages) {
      const fake = fakeUpstream({ [acme]: page, [`${acme}1/${whl}`]: { body: '1' } });
      const { files, text, get } = urlScene(fake);
      expect(await files('acme')).toMatchObject([{ filename: whl, hashes: { sha256: a } }]);
      expect(await text('simple/acme/', '*/*')).not.toContain(b);
      expect((await get(`files/acme/${whl}`)).status).toBe(200);
    }
  });

  it('drops a file of the wrong shape and keeps the good one; odd optional fields count as absent', async () => {
    const good = {
      filename: whl,
      url: whl,
      hashes: { sha256: 'short', md5: 7, __proto__: 'x' },
      'requires-python': 3,
      'core-metadata': 'yes',
      size: -1,
      'upload-time': 'yesterday',
      yanked: null,
    };
    const bad = [
      null,
      7,
      'x',
      [],
      {},
      { filename: whl },
      { url: whl },
      { filename: 1, url: whl },
      { filename: whl, url: {} },
    ];
    const { files } = urlScene(fakeUpstream({ [acme]: jsonPage('acme', [...bad, good]) }));
    expect(await files('acme')).toEqual([
      {
        filename: whl,
        url: `../../files/acme/${whl}`,
        hashes: {},
        // The gateway's own: when it saw the file for the first time.
        'upload-time': '2026-11-01T00:00:00.000Z',
        yanked: false,
        'core-metadata': false,
      },
    ]);
  });

  it('takes a yanked flag of an unknown kind as yanked', async () => {
    const { files } = urlScene(
      fakeUpstream({ [acme]: jsonPage('acme', [{ filename: whl, url: whl, hashes: {}, yanked: {} }]) }),
    );
    expect(await files('acme')).toMatchObject([{ yanked: true }]);
  });

  it('cannot offer files of a quarantined project (PEP 792)', async () => {
    const more = { 'project-status': { status: 'quarantined', reason: '<b>haunted</b>' } };
    const fake = fakeUpstream({ [acme]: jsonPage('acme', [{ filename: whl, url: whl, hashes: {} }], more) });
    const { files, text, get } = urlScene(fake);
    expect(await files('acme')).toEqual([]);
    expect(await text('simple/acme/', '*/*')).toContain(
      'name="pypi:project-status-reason" content="&#60;b&#62;haunted&#60;/b&#62;"',
    );
    expect((await get(`files/acme/${whl}`)).status).toBe(404);
  });

  it('cannot break out of an attribute or write a script', async () => {
    const evil = `"><script>alert(1)</script>'\u0000\u001b[31m\ud800&amp;`;
    const file = { filename: whl, url: whl, hashes: {}, 'requires-python': evil, yanked: evil };
    const { text } = urlScene(fakeUpstream({ [acme]: jsonPage('acme', [file]) }));
    const html = await text('simple/acme/', '*/*');
    expect(html).not.toContain('<script');
    expect(html).toMatch(/^[\n\x20-\x7e]*$/);
  });

  it('survives deep nesting and an endless tag', async () => {
    for (const html of [
      '<b>'.repeat(300_000),
      `<a href="${'x'.repeat(1_000_000)}`,
      `<!--${'-'.repeat(1_000_000)}`,
    ]) {
      const page = htmlAnswer(`<title>Links for acme</title><p>${html}`);
      const response = await urlScene(fakeUpstream({ [acme]: page })).get('simple/acme/');
      expect(response.status).toBe(200);
    }
  });
});

describe('a hostile client', () => {
  it.each([
    'files/acme/https:%2f%2fevil.example%2facme-1.0.zip',
    `files/acme/${whl}`,
    `files/https:%2f%2fevil.example/${whl}`,
    'simple/https:%2f%2fevil.example/',
    'simple/acme%2f..%2f..%2fadmin/',
    'simple/%3fq/',
  ])('cannot have %s fetched', async (path) => {
    const fake = fakeUpstream({ [acme]: jsonPage('acme', []) });
    expect((await urlScene(fake).get(path)).status).toBe(404);
    expect(fake.requests.every(({ url }) => url === acme)).toBe(true);
  });
});

function decoded(name: string): string {
  try {
    return decodeURIComponent(name);
  } catch (error) {
    if (error instanceof URIError) return name;
    throw error;
  }
}

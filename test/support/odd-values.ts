/** Values as a careless or hostile program may write them: most would do. */
import fc from 'fast-check';
import { vaultId } from '../vectors/vault-v1-lines.ts';

export const dayMs = 86_400_000;

/** Nine of ten times what would do, else what may not. */
export const mostly = <T>(good: fc.Arbitrary<T>, odd: fc.Arbitrary<T>) =>
  fc.oneof({ weight: 12, arbitrary: good }, { weight: 1, arbitrary: odd });
export const some = (prefix: string, count: number) =>
  fc.nat({ max: count - 1 }).map((number) => `${prefix}${number}`);

const oddSlug = fc.constantFrom(
  'core',
  'data',
  'dev',
  'main',
  'strict',
  'x',
  'a-b',
  't',
  'linux-64-x',
  'noarch',
  '-bad',
  'Bad',
  'x'.repeat(128),
);
export const slug = mostly(some('s-', 40), oddSlug);
const oddName = fc.constantFrom(
  'n',
  'ci',
  'é',
  '\u2028',
  '🔑'.repeat(256),
  '🔑'.repeat(257),
  'a\u0085b',
  'x'.repeat(257),
);
export const name = mostly(some('Name ', 40), oddName);
const oddNote = fc.constantFrom('', 'note', 'ü\u202e', 'a\tb', 'x'.repeat(4096), 'x'.repeat(4097));
export const note = mostly(fc.constantFrom('', 'note', 'ü\u202e'), oddNote);
export const teamId = mostly(fc.constantFrom('core', 'data'), fc.constantFrom('t3', 't4', 'nowhere'));
export const environmentId = mostly(fc.constantFrom('dev', 'prod'), fc.constantFrom('e3', 'e4', 'nowhere'));
export const channelId = mostly(
  fc.constantFrom('main', 'builds'),
  fc.constantFrom('c3', 'c4', 'c5', 'nowhere'),
);
export const holderId = mostly(fc.constantFrom('ci', 'pat', 'bot'), some('h', 5));
export const policyId = fc.constantFrom('strict', 'watching', 'p3');
const knownToken = fc.constantFrom('CoreDev1', 'CoreNew1', 'LastOne1');
export const tokenId = mostly(
  fc.nat({ max: 60 }).map((number) => `Random${10 + number}`),
  knownToken,
);
export const listOf = (id: fc.Arbitrary<string>, least: number) =>
  fc.oneof(
    { weight: 9, arbitrary: fc.uniqueArray(id, { minLength: least, maxLength: 3 }) },
    { weight: 1, arbitrary: fc.array(id, { maxLength: 3 }) },
  );
export const scope = (id: fc.Arbitrary<string>) => fc.oneof(fc.constant('all'), listOf(id, 1));
const block = fc.constantFrom(
  '10.0.0.0/8',
  '10.1.0.0/16',
  '192.0.2.7/32',
  '2001:db8::/32',
  '1:0:0:1::1/128',
  '0.0.0.0/0',
  '::/0',
);
const wrongBlock = fc.constantFrom(
  '10.0.0.1/8',
  '10.0.0.0',
  '::ffff:a00:0/104',
  '2001:DB8::/32',
  '1:0:0:1:0:0:0:1/128',
  '10.0.0.0/08',
  '010.0.0.0/8',
  'fe80::%1/64',
  '10.0.0.0/255.0.0.0',
  '٣.0.0.0/8',
);
export const networks: fc.Arbitrary<unknown> = fc.oneof(
  { weight: 3, arbitrary: fc.constant('anywhere') },
  { weight: 12, arbitrary: fc.uniqueArray(block, { minLength: 1, maxLength: 3 }) },
  fc.array(fc.oneof(block, wrongBlock), { maxLength: 2 }),
);
const goodUrl = fc.constantFrom(
  'https://conda.example.org/main',
  'http://conda.example.org:80/x/',
  'https://CONDA.example.org:443/',
  'https://conda.example.org:8443/',
  'https://[2001:db8::1]/x',
);
const oddUrl = fc.constantFrom(
  'https://conda.example.org/t/token/main',
  'https://conda.example.org/api/%74/token',
  'https://conda.example.org/t/',
  'https://user@conda.example.org/',
  'https://conda.example.org/?q=1',
  'https://conda.example.org/#f',
  'https://conda.example.org:99999/',
  'ftp://conda.example.org/',
  'https:conda.example.org',
);
export const url = mostly(goodUrl, oddUrl);
export const sealed = fc
  .record({
    subject: channelId,
    origin: fc.constantFrom(
      'https://conda.example.org',
      'http://conda.example.org',
      'https://conda.example.org:8443',
      'https://[2001:db8::1]',
    ),
  })
  .map((place) => {
    const { subject, origin } = place;
    const lk = { epoch: 0, key: 'upstream', origin, subject, use: 'secret', vault: vaultId };
    const header = Buffer.from(JSON.stringify({ alg: 'dir', enc: 'A256GCM', lk })).toString('base64url');
    return `${header}..${'A'.repeat(16)}.${'A'.repeat(8)}.${'A'.repeat(22)}`;
  });
/** Days from the line's time. */
export const end = mostly(
  fc.constantFrom(1, 2, 30, 60, 90),
  fc.constantFrom(-1, 0, 0.5, 90 + 1 / dayMs, 365, 3650),
);
export const begin = mostly(fc.constantFrom(-1, 0, 0.5), fc.constantFrom(1, 60));

export const oddPrivateHosts = fc.array(
  mostly(
    fc.constantFrom(
      'store.example:443',
      '10.0.0.0/8',
      '[fd00::5]:8443',
      '10.1.2.3:80',
      'a_b.c-d:1',
      'fd00::/8',
    ),
    fc.constantFrom(
      'Store.example:443',
      'store.example',
      'store.example:0',
      'store.example:080',
      'store.example:65536',
      'store.example.:443',
      '-a.example:443',
      '[FD00::5]:443',
      '[fd00:0::5]:443',
      '[::ffff:10.0.0.1]:443',
      '[::ffff:a00:1]:443',
      '10.0.0.1/8',
      '10.0.0.1',
      '010.0.0.1:80',
      '1.2.3:80',
      'host.0x1f:80',
      `${'a'.repeat(64)}.example:1`,
      ':443',
      '[]:443',
      'é.example:443',
    ),
  ),
  { minLength: 1, maxLength: 2 },
);

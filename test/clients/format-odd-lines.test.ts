/** Lines that may not be: app and independent reader draw the same line. */
import { describe, expect, it } from 'vitest';
import type { Clear } from '../../src-main/vault/domain.ts';
import type { RawLine } from '../support/raw-line.ts';
import { readByBoth } from '../support/read-by-both.ts';
import { cleanTempDirs } from '../support/temp-dir.ts';
import { VectorForge, vectorLines } from '../support/vector-forge.ts';
import { authorityOf, keys, people, startMs } from '../vectors/vault-v1-lines.ts';

cleanTempDirs();
const { ada, lena, otto, aude, mallory } = people;

const renamed = { type: 'organization.renamed', name: 'Again' };
const grant = (name: 'org' | 'upstream', receivers: readonly string[], other: object = {}) => ({
  name,
  epoch: 0,
  commitment: commitments[name],
  grants: receivers.map((operator) => ({ operator, jwe: 'not one' })),
  ...other,
});
/** As line 1 states them. */
const commitments = Object.fromEntries(
  (
    JSON.parse(Buffer.from(vectorLines[0]?.split('.')[1] ?? '', 'base64url').toString('utf8')) as {
      keys: { name: string; commitment: string }[];
    }
  ).keys.map(({ name, commitment }) => [name, commitment]),
);
const clear = (value: unknown) => ({ clear: value as Clear });
const authority = (...of: Parameters<typeof authorityOf>) => clear({ authority: authorityOf(...of) });
const changed = { ...authorityOf(lena, 'lead', ['core']) };

type Fields = Partial<RawLine>;
/** What an admin's line may not be, each with the code under which it is void. */
const adminsLines: readonly (readonly [string, string, Fields])[] = [
  ['another version', 'form', { other: { v: 2 } }],
  ['another epoch', 'form', { other: { epoch: 1 } }],
  ['no time', 'form', { other: { atMs: null } }],
  ['a time before the epoch', 'form', { atMs: -1 }],
  ['a time that no date holds', 'form', { atMs: 8.64e15 + 1 }],
  ['half a millisecond', 'form', { atMs: 0.5 }],
  ['a member more', 'form', { other: { consents: [] } }],
  ['an unknown clear part', 'form', clear({ delegation: {} })],
  ['two clear parts', 'form', clear({ format: { to: 3 }, denies: { tokens: ['CoreDev1'] } })],
  ['an empty denial', 'form', clear({ denies: { tokens: [] } })],
  ['a denial of something unknown', 'form', clear({ denies: { holders: ['ci'] } })],
  ['a denial that its events do not make', 'clear', clear({ denies: { tokens: ['CoreDev1'] } })],
  ['denials without any', 'clear', clear({ denies: {} })],
  ['a removed operator', 'form', clear({ authority: { ...changed, removed: true } })],
  ['a quorum', 'form', clear({ authority: { ...changed, adminQuorum: 2 } })],
  ['another kind of signer', 'form', clear({ authority: { ...changed, kind: 'gateway' } })],
  ['a private key', 'form', clear({ authority: { ...changed, signKey: lena.signKey } })],
  ['a second key of an operator', 'fit', clear({ authority: { ...changed, keyNo: 2 } })],
  [
    'another key of an operator',
    'fit',
    clear({ authority: { ...changed, signKey: authorityOf(otto, 'lead', []).signKey } }),
  ],
  [
    'an operator with a key of another',
    'fit',
    { ...clear({ authority: { ...changed, signer: 'new' } }), keys: [grant('org', ['new'])] },
  ],
  ['a new operator without keys', 'fit', authority(mallory, 'lead', [])],
  [
    'a new operator with too many keys',
    'fit',
    {
      ...authority(mallory, 'lead', []),
      keys: [grant('org', [mallory.id]), grant('upstream', [mallory.id])],
    },
  ],
  [
    'a new operator whose keys are for another',
    'fit',
    { ...authority(mallory, 'lead', []), keys: [grant('org', [aude.id])] },
  ],
  [
    'a known operator with keys again',
    'fit',
    { ...authority(lena, 'lead', []), keys: [grant('org', [lena.id])] },
  ],
  ['no admin left', 'fit', authority(ada, 'lead', [])],
  ['keys in another order', 'fit', { keys: [grant('upstream', [ada.id]), grant('org', [ada.id])] }],
  ['the same key twice', 'fit', { keys: [grant('org', [ada.id]), grant('org', [lena.id])] }],
  ['another commitment', 'fit', { keys: [grant('org', [lena.id], { commitment: 'A'.repeat(43) })] }],
  [
    'a commitment of another form',
    'form',
    { keys: [grant('org', [lena.id], { commitment: 'A'.repeat(42) })] },
  ],
  ['a key to nobody known', 'fit', { keys: [grant('org', ['nobody'])] }],
  ['the key of credentials to a lead', 'fit', { keys: [grant('upstream', [lena.id])] }],
  ['a key twice to one', 'fit', { keys: [grant('org', [lena.id, lena.id])] }],
  ['another key domain', 'form', { keys: [grant('org', [lena.id], { name: 'team/core' })] }],
  ['a later epoch of a key', 'form', { keys: [grant('org', [lena.id], { epoch: 1 })] }],
  ['no grants', 'form', { keys: [grant('org', [])] }],
  [
    'keys and denials',
    'fit',
    { keys: [grant('org', [lena.id])], ...clear({ denies: { tokens: ['CoreDev1'] } }) },
  ],
  ['the format that it has', 'form', clear({ format: { to: 1 } })],
  [
    'lost lines that come after it',
    'fit',
    clear({ restored: { fromSeq: 999, lostSeq: 1000, lostHash: 'A'.repeat(43) } }),
  ],
  [
    'lost lines from the first on',
    'fit',
    clear({ restored: { fromSeq: 0, lostSeq: 9, lostHash: 'A'.repeat(43) } }),
  ],
  [
    'lost lines in the wrong order',
    'fit',
    clear({ restored: { fromSeq: 9, lostSeq: 8, lostHash: 'A'.repeat(43) } }),
  ],
  ['no events', 'form', { content: '{"events":[]}' }],
  ['events in another place', 'form', { content: '{"event":[]}' }],
  ['a list', 'form', { content: '[]' }],
  ['text', 'form', { content: '"events"' }],
  ['no JSON', 'content', { content: 'events' }],
  ['a blank behind its content', 'content', { content: '{"events":[]} ' }],
  [
    'half a character',
    'content',
    { content: String.raw`{"events":[{"name":"\ud800","type":"organization.renamed"}]}` },
  ],
  ['a member twice', 'content', { content: '{"events":[],"events":[]}' }],
  ['no type', 'form', { events: [{ name: 'x' }] }],
  ['a type that every object has', 'form', { events: [{ type: 'constructor' }] }],
  [
    'a prototype',
    'form',
    { content: '{"events":[{"__proto__":{},"name":"x","type":"organization.renamed"}]}' },
  ],
  ['a grant without keys', 'clear', { events: [{ type: 'key.granted', operatorIds: [lena.id] }] }],
  [
    'an operator whom the clear part does not show',
    'clear',
    { events: [{ type: 'operator.changed', operatorId: lena.id, name: 'L', role: 'lead', teamIds: [] }] },
  ],
  ['a format that the clear part does not show', 'clear', { events: [{ type: 'format.raised', to: 2 }] }],
  [
    'the beginning once more',
    'fit',
    {
      events: [
        {
          type: 'organization.created',
          name: 'x',
          operator: { id: 'x', name: 'x', signKey: changed.signKey, receiveKey: changed.receiveKey },
        },
      ],
    },
  ],
];

describe('lines that may not be', () => {
  it('are void for both readers, for the same reason', async () => {
    const forge = new VectorForge();
    const expected = adminsLines.map(([what, code, fields]) => {
      const seq = forge.lines.length;
      forge.append(ada, { events: [renamed], ...fields });
      return { what, seq, code };
    });
    const { app, python } = await readByBoth(forge.lines);
    const codes = new Map(
      (app['void'] as { seq: number; code: string }[]).map(({ seq, code }) => [seq, code]),
    );
    expect(expected.map(({ what, seq }) => ({ what, seq, code: codes.get(seq) }))).toEqual(expected);
    expect(python).toMatchObject(app);
  });

  it('count by their clear part alone where both kinds of readers must agree', async () => {
    const forge = new VectorForge();
    const before = forge.lines.length;
    // Each says in its content what may not be, or nothing that can be read.
    forge.append(ada, { ...authority(lena, 'auditor', ['unknown']), events: [renamed] });
    forge.append(ada, { ...authority(lena, 'lead', ['core', 'core']), events: [], content: 'nothing' });
    forge.append(ada, { keys: [grant('org', [otto.id])], events: [renamed] });
    forge.append(ada, {
      ...clear({ restored: { fromSeq: 1, lostSeq: 99, lostHash: 'A'.repeat(43) } }),
      orgKey: keys.upstream,
      events: [],
    });
    // Lena leads again: her line counts.
    forge.append(lena, {
      events: [{ type: 'holder.created', holder: { id: 'h', kind: 'agent', name: 'h', note: '' } }],
    });
    const { app, python } = await readByBoth(forge.lines);
    expect(python).toMatchObject(app);
    // The first one is the vector's own (state.json).
    expect(app['unreadable']).toEqual([35, before, before + 1, before + 2, before + 3]);
    const { holders } = app['state'] as { holders: { id: string }[] };
    expect(holders.map(({ id }) => id)).toContain('h');
  });

  it('of signers whom a void line named are void too, and stop nobody', async () => {
    const forge = new VectorForge();
    const before = forge.lines.length;
    // Lena may not name anybody; the name is known all the same, by the first key that came with it.
    const nobody = { id: mallory.id, kid: `${mallory.id}.2`, signKey: otto.signKey };
    forge.append(lena, {
      ...clear({
        authority: {
          ...authorityOf(mallory, 'admin', []),
          keyNo: 2,
          signKey: authorityOf(otto, 'lead', []).signKey,
        },
      }),
      events: [],
    });
    forge.append(nobody, { events: [renamed] });
    const { app, python } = await readByBoth(forge.lines);
    expect(python).toMatchObject(app);
    expect((app['void'] as unknown[]).slice(-2)).toEqual([
      { seq: before, signer: lena.id, code: 'right' },
      { seq: before + 1, signer: mallory.id, code: 'signer' },
    ]);
  });

  it('of a time far ahead move the log time, and end no token for good', async () => {
    const forge = new VectorForge();
    forge.append(ada, { events: [renamed], atMs: 8.64e15 });
    forge.append(lena, {
      events: [{ type: 'token.revoked', tokenIds: ['CoreDev1'], reason: 'r' }],
      clear: { denies: { tokens: ['CoreDev1'] } },
    });
    const change = {
      tokenId: 'CoreNew1',
      holderId: 'ci',
      channelIds: ['main'],
      networks: ['192.0.2.7/32'],
      note: '',
    };
    forge.append(lena, { events: [{ type: 'token.changed', ...change, expiresAtMs: 1_772_784_000_000 }] });
    const { app, python } = await readByBoth(forge.lines);
    expect(python).toMatchObject(app);
    expect(app).toMatchObject({ logTimeMs: 8.64e15 });
    expect((app['void'] as { seq: number }[]).some(({ seq }) => seq >= forge.lines.length - 3)).toBe(false);
  });

  it('that extend a token are judged by its whole lifetime', async () => {
    const forge = new VectorForge();
    const limit = {
      id: 'short',
      name: 'short',
      mode: 'enforce',
      style: 'hide',
      teams: 'all',
      environments: 'all',
    };
    const rules = [{ type: 'tokens', maxTtlDays: 61, networksRequired: false }];
    forge.append(ada, { events: [{ type: 'policy.created', policy: { ...limit, rules } }] });
    const change = { tokenId: 'CoreNew1', holderId: 'ci', channelIds: ['main'], note: '' };
    const dayMs = 86_400_000;
    for (const days of [61, 63]) {
      const expiresAtMs = startMs + days * dayMs;
      const changed = { type: 'token.changed', ...change, networks: ['192.0.2.7/32'], expiresAtMs };
      // From the line's own time it is less than the limit in both cases.
      forge.append(lena, { events: [changed], atMs: startMs + 40 * dayMs });
    }
    const { app, python } = await readByBoth(forge.lines);
    expect(python).toMatchObject(app);
    const refused = (app['void'] as { seq: number; code: string }[]).slice(-1);
    expect(refused).toMatchObject([{ seq: forge.lines.length - 1, code: 'fit' }]);
  });
});

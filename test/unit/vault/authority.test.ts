/** Operators, keys and format, as the clear parts of lines say. */
import { beforeAll, describe, expect, it } from 'vitest';
import { commitmentOf } from '../../../src-main/vault/commitment.ts';
import { grantKey } from '../../../src-main/vault/keyring.ts';
import type { LineChanges } from './line-tools.ts';
import { appendBy, kidOfPerson, nextLine, orgKeyOf, payloadOf, plainHeader, putEvent } from './line-tools.ts';
import { tinyDomain } from './tiny-domain.ts';
import type { Person } from './vault-scene.ts';
import { cleanVaults, commit, newPerson, notesOf, operatorEvent, put, Scene } from './vault-scene.ts';

cleanVaults();

type Made = { readonly scene: Scene; readonly ada: Person; readonly lea: Person; readonly otto: Person };
let made: Made;
beforeAll(async () => {
  const scene = new Scene();
  const vault = await scene.create();
  await put(vault, 'a');
  const lea = await scene.add(vault, 'lea', 'lead');
  const otto = await scene.add(vault, 'otto', 'auditor');
  await vault.lock();
  made = { scene, ada: await scene.ada(), lea, otto };
});
const fourLines = async (): Promise<Made> => ({ ...made, scene: await made.scene.copy() });

const authorityOf = (person: Person, changes: Record<string, unknown> = {}) => ({
  signer: person.slot.operatorId,
  kind: 'operator',
  keyNo: 1,
  signKey: { kty: 'OKP', crv: 'Ed25519', x: person.content.signKey.x },
  receiveKey: { kty: 'OKP', crv: 'X25519', x: person.content.receiveKey.x },
  role: 'lead',
  teamIds: [],
  removed: false,
  adminQuorum: 1,
  ...changes,
});
const receiverOf = (person: Person) => ({
  id: person.slot.operatorId,
  receiveKey: { kty: 'OKP', crv: 'X25519', x: person.content.receiveKey.x } as const,
});

describe('operators', () => {
  it('read what was written before they came, and write by their role', async () => {
    const { scene, lea, otto } = await fourLines();
    const { vault: lead } = await scene.openAs(lea);
    expect(lead.operator).toMatchObject({ id: 'lea', role: 'lead' });
    expect(notesOf(lead)).toEqual(['a']);
    await put(lead, 'b');
    const { vault: auditor } = await scene.openAs(otto);
    expect(notesOf(auditor)).toEqual(['a', 'b']);
    await expect(put(auditor, 'c')).rejects.toMatchObject({ code: 'VAULT_UNAUTHORIZED_EVENT' });
    await expect(commit(auditor, { type: 'drop', id: 'a' })).rejects.toMatchObject({
      code: 'VAULT_UNAUTHORIZED_EVENT',
    });
    await expect(commit(lead, operatorEvent(lea, 'admin'))).rejects.toMatchObject({
      code: 'VAULT_UNAUTHORIZED_EVENT',
    });
    expect(scene.lines).toHaveLength(5);
  });

  it('who only look may say what the domain lets them, and nothing that stands in clear', async () => {
    const { scene, ada, lea, otto } = await fourLines();
    const { vault: auditor } = await scene.openAs(otto);
    await commit(auditor, { type: 'put', id: 'c', text: 'looked' });
    await auditor.lock();
    const authority = authorityOf(lea, { role: 'admin' });
    for (const clear of [{ denies: { tokens: ['a'] } }, { format: { to: 2 } }, { authority }])
      await appendBy(scene, otto, {
        events: [{ type: 'put', id: 'd', text: 'looked' }],
        payload: { clear },
      });
    await appendBy(scene, otto, { events: [putEvent('e')] });
    const { vault } = await scene.openAs(ada);
    expect(notesOf(vault)).toEqual(['a', 'c']);
    expect(vault.voidLines().lines.map(({ seq, code }) => [seq, code])).toEqual([
      [5, 'right'],
      [6, 'right'],
      [7, 'right'],
      [8, 'right'],
    ]);
  });

  it('promoted to admin get the key of upstream credentials, and only they', async () => {
    const { scene, ada, lea } = await fourLines();
    const { vault } = await scene.openAs(ada);
    const place = { subject: 'channel', origin: 'https://example.org' };
    const sealed = await vault.sealSecret('hunter2', place);
    const { vault: lead } = await scene.openAs(lea);
    await expect(lead.unsealSecret(sealed, place)).rejects.toMatchObject({ code: 'OPERATION_NOT_ALLOWED' });
    await commit(vault, operatorEvent(lea, 'admin'));
    expect(payloadOf(scene.lines[4] ?? '').keys?.map(({ name }) => name)).toEqual(['upstream']);
    await lead.lock();
    const { vault: admin } = await scene.openAs(lea);
    expect(await admin.unsealSecret(sealed, place)).toBe('hunter2');
    await commit(admin, operatorEvent(ada, 'lead'));
    expect(payloadOf(scene.lines[5] ?? '').keys).toBeUndefined();
    expect(vault.voidLines().count).toBe(0);
  });

  it('may not write any more what their role does not allow any more', async () => {
    const { scene, ada, lea } = await fourLines();
    const { vault } = await scene.openAs(ada);
    await commit(vault, operatorEvent(lea, 'auditor'));
    await vault.lock();
    await appendBy(scene, lea, { events: [putEvent('b')] });
    const { vault: again } = await scene.openAs(ada);
    expect(again.voidLines().lines).toMatchObject([{ code: 'right', signer: 'lea' }]);
  });

  it('cannot leave the organization without an admin', async () => {
    const { scene, ada } = await fourLines();
    const { vault } = await scene.openAs(ada);
    await expect(commit(vault, operatorEvent(ada, 'lead'))).rejects.toMatchObject({ code: 'INVALID_INPUT' });
  });

  const newcomer = async (change: Record<string, unknown>) => {
    const scene = await made.scene.copy();
    const person = await newPerson('new', made.ada);
    const org = await orgKeyOf(scene);
    const keys = [await grantKey(made.ada.content.vaultId, 'org', org, [receiverOf(person)])];
    const authority = authorityOf(person, change);
    await appendBy(scene, made.ada, {
      events: [operatorEvent(person, 'lead')],
      payload: { clear: { authority }, keys },
    });
    return scene;
  };
  const refused: Record<string, Record<string, unknown>> = {
    'another kind': { kind: 'gateway' },
    'another first key number': { keyNo: 2 },
    'a role that nobody knows': { role: 'owner' },
    'a quorum of two': { adminQuorum: 2 },
    'a removed one': { removed: true },
    'an id with a dot': { signer: 'a.b' },
    'a sign key of another curve': { signKey: { kty: 'OKP', crv: 'X25519', x: 'A'.repeat(43) } },
    'a sign key that is no key': { signKey: { kty: 'OKP', crv: 'Ed25519', x: 'A' } },
    'a sign key spelled in another way': { signKey: { kty: 'OKP', crv: 'Ed25519', x: `${'A'.repeat(42)}B` } },
    'a private key': { signKey: { kty: 'OKP', crv: 'Ed25519', x: 'A'.repeat(43), d: 'A'.repeat(43) } },
    'a member more': { mail: 'x@example.org' },
    'the role admin, without the key that belongs to it': { role: 'admin' },
  };
  it.each(Object.entries(refused))('are not added as %s', async (_what, change) => {
    const scene = await newcomer(change);
    const { vault } = await scene.openAs(made.ada);
    expect(vault.voidLines().count).toBe(1);
    expect(vault.state().operators.size).toBe(3);
    await put(vault, 'b');
  });

  it('are not added with a key that somebody has', async () => {
    const scene = await newcomer({
      signKey: { kty: 'OKP', crv: 'Ed25519', x: made.lea.content.signKey.x },
    });
    const { vault } = await scene.openAs(made.ada);
    expect(vault.voidLines().lines).toMatchObject([{ code: 'fit' }]);
  });

  it('keep their keys', async () => {
    const { scene, ada, lea } = await fourLines();
    const other = await newPerson('lea', ada);
    await appendBy(scene, ada, {
      events: [operatorEvent(other, 'lead')],
      payload: { clear: { authority: authorityOf(other) } },
    });
    const { vault } = await scene.openAs(ada);
    expect(vault.voidLines().lines).toMatchObject([{ code: 'fit' }]);
    // What is signed by the key that the void line named is recognised by the key that counts: it fails.
    await vault.lock();
    const before = scene.lines;
    await appendBy(scene, other, { events: [putEvent('b')] });
    await expect(scene.openAs(ada)).rejects.toMatchObject({ code: 'VAULT_CORRUPT', details: { line: 6 } });
    scene.lines = before;
    await appendBy(scene, lea, { events: [putEvent('b')] });
    expect(notesOf((await scene.openAs(ada)).vault)).toEqual(['a', 'b']);
  });

  it('named by a void line are recognised, and all that they write is void', async () => {
    const { scene, ada, lea } = await fourLines();
    const mole = await newPerson('mole', ada);
    await appendBy(scene, lea, {
      events: [operatorEvent(mole, 'admin')],
      payload: { clear: { authority: authorityOf(mole, { role: 'admin' }) } },
    });
    await appendBy(scene, mole, { events: [putEvent('b')] });
    // A signer of a void signer, named however wrongly.
    const second = await newPerson('second', ada);
    await appendBy(scene, mole, {
      payload: { clear: { authority: authorityOf(second, { kind: 'gateway', more: 1 }) }, extra: true },
    });
    await appendBy(scene, second, { content: 'nonsense' });
    const { vault } = await scene.openAs(ada);
    expect(vault.voidLines().lines.map(({ code, signer }) => [code, signer])).toEqual([
      ['right', 'lea'],
      ['signer', 'mole'],
      ['signer', 'mole'],
      ['signer', 'second'],
    ]);
    expect(vault.state().operators.size).toBe(3);
    // An effective line wins, whoever used the id before.
    const real = await newPerson('mole', ada);
    await commit(vault, operatorEvent(real, 'lead'));
    const { vault: theirs } = await scene.openAs(real);
    await put(theirs, 'c');
    await vault.lock();
    expect(notesOf((await scene.openAs(ada)).vault)).toEqual(['a', 'c']);
    // And from then on the void key is nobody's.
    await appendBy(scene, mole, { events: [putEvent('d')] });
    await expect(scene.openAs(ada)).rejects.toMatchObject({ code: 'VAULT_CORRUPT', details: { line: 11 } });
  });

  it('count by the clear part of their line, when its content does not open or says something else', async () => {
    for (const wrong of [
      { contentKey: new Uint8Array(32).fill(9) },
      { content: 'nonsense' },
      { events: [putEvent('smuggled')] },
    ] satisfies LineChanges[]) {
      const scene = await made.scene.copy();
      const person = await newPerson('new', made.ada);
      const org = await orgKeyOf(scene);
      const keys = [await grantKey(made.ada.content.vaultId, 'org', org, [receiverOf(person)])];
      await appendBy(scene, made.ada, {
        events: [operatorEvent(person, 'lead')],
        ...wrong,
        payload: { clear: { authority: authorityOf(person) }, keys },
      });
      const { vault } = await scene.openAs(person);
      expect(vault.voidLines().count).toBe(0);
      expect(vault.alarms()).toMatchObject([
        { kind: 'unreadable-content', seq: 4 },
        { kind: 'head-repaired' },
      ]);
      expect(vault.state().operators.get('new')?.name).toBe('new');
      expect(notesOf(vault)).toEqual(['a']);
      await put(vault, 'b');
      const entries = [];
      for await (const { seq } of vault.entries(3)) entries.push(seq);
      expect(entries).toEqual([3, 5]);
    }
  });
});

describe('keys', () => {
  it('match what TRUST.md says of a commitment', () => {
    // HKDF-SHA256 of 32 bytes 01, by Python's cryptography.
    expect(commitmentOf(new Uint8Array(32).fill(1), 'AAAAAAAAAAAAAAAAAAAAAA', 'org', 0)).toBe(
      'hFatot8q43iNsqPLC-QCT2th6H3yQsbQx0TJFLTyaQA',
    );
  });

  const wrongKeys: Record<string, (person: Person, org: Uint8Array) => Promise<unknown[]>> = {
    'none at all': async () => [],
    'another key than the committed': async (person) => [
      await grantKey(made.ada.content.vaultId, 'org', new Uint8Array(32).fill(3), [receiverOf(person)]),
    ],
    'one more than the role holds': async (person, org) => [
      await grantKey(made.ada.content.vaultId, 'org', org, [receiverOf(person)]),
      {
        ...(await grantKey(made.ada.content.vaultId, 'upstream', org, [receiverOf(person)])),
        commitment: payloadOf(made.scene.lines[0] ?? '').keys?.[1]?.commitment,
      },
    ],
    'a grant for somebody else besides': async (person, org) => [
      await grantKey(made.ada.content.vaultId, 'org', org, [receiverOf(person), receiverOf(made.lea)]),
    ],
    'a grant for somebody else instead': async (_person, org) => [
      await grantKey(made.ada.content.vaultId, 'org', org, [receiverOf(made.lea)]),
    ],
    'the same key twice': async (person, org) => {
      const key = await grantKey(made.ada.content.vaultId, 'org', org, [receiverOf(person)]);
      return [key, key];
    },
    'another epoch': async (person, org) => [
      { ...(await grantKey(made.ada.content.vaultId, 'org', org, [receiverOf(person)])), epoch: 1 },
    ],
    'another name': async (person, org) => [
      { ...(await grantKey(made.ada.content.vaultId, 'org', org, [receiverOf(person)])), name: 'team/core' },
    ],
  };
  it.each(Object.entries(wrongKeys))('void a line that brings %s', async (_what, keysOf) => {
    const scene = await made.scene.copy();
    const person = await newPerson('new', made.ada);
    const keys = await keysOf(person, await orgKeyOf(scene));
    await appendBy(scene, made.ada, {
      events: [operatorEvent(person, 'lead')],
      payload: { clear: { authority: authorityOf(person) }, keys: keys.length === 0 ? undefined : keys },
    });
    const { vault } = await scene.openAs(made.ada);
    expect(vault.voidLines().count).toBe(1);
    expect(vault.state().operators.size).toBe(3);
  });

  /** A newcomer whose grant is rubbish: the line counts, as keys are checked by name and receiver only. */
  async function keyless() {
    const scene = await made.scene.copy();
    const person = await newPerson('new', made.ada);
    const org = await orgKeyOf(scene);
    const key = await grantKey(made.ada.content.vaultId, 'org', org, [receiverOf(made.lea)]);
    const grants = key.grants.map(({ jwe }) => ({ operator: 'new', jwe }));
    await appendBy(scene, made.ada, {
      events: [operatorEvent(person, 'lead')],
      payload: { clear: { authority: authorityOf(person) }, keys: [{ ...key, grants }] },
    });
    return { scene, person };
  }

  it('that are missing are said, and an admin can grant them again', async () => {
    const { scene, person } = await keyless();
    await expect(scene.openAs(person)).rejects.toMatchObject({
      code: 'VAULT_KEY_MISSING',
      details: { key: 'org', epoch: 0, line: 1 },
    });
    const { vault } = await scene.openAs(made.ada);
    await put(vault, 'b');
    await commit(vault, { type: 'granted', to: [person.slot.operatorId] });
    expect(payloadOf(scene.lines.at(-1) ?? '').clear).toEqual({});
    const { vault: theirs } = await scene.openAs(person);
    expect(notesOf(theirs)).toEqual(['a', 'b']);
    await put(theirs, 'c');
    expect(vault.voidLines().count).toBe(0);
  });

  it('are not taken from a lead, nor from a line before the damage is met', async () => {
    const { scene, person } = await keyless();
    const org = await orgKeyOf(scene);
    const keys = [await grantKey(made.ada.content.vaultId, 'org', org, [receiverOf(person)])];
    await appendBy(scene, made.lea, {
      events: [{ type: 'granted', to: [person.slot.operatorId] }],
      payload: { keys },
    });
    await expect(scene.openAs(person)).rejects.toMatchObject({ code: 'VAULT_KEY_MISSING' });
    const good = await nextLine(scene, made.ada, {
      events: [{ type: 'granted', to: [person.slot.operatorId] }],
      payload: { keys },
    });
    scene.lines = [...scene.lines, `${good.slice(0, -8)}AAAAAAAA`];
    await expect(scene.openAs(person)).rejects.toMatchObject({ code: 'VAULT_CORRUPT', details: { line: 7 } });
  });

  it('are granted by nobody to nobody, nor beyond a role', async () => {
    const { scene } = await fourLines();
    const { vault } = await scene.openAs(made.ada);
    await expect(commit(vault, { type: 'granted', to: ['nobody' as never] })).rejects.toMatchObject({
      code: 'INVALID_INPUT',
    });
    const upstream = payloadOf(scene.lines[0] ?? '').keys?.[1];
    await appendBy(scene, made.ada, {
      events: [{ type: 'granted', to: [made.lea.slot.operatorId] }],
      payload: { keys: [{ ...upstream, grants: [{ operator: 'lea', jwe: 'x' }] }] },
    });
    await expect.poll(() => vault.seq()).toBe(4);
    await vault.lock();
    const { vault: again } = await scene.openAs(made.ada);
    expect(again.voidLines().lines).toMatchObject([{ code: 'fit' }]);
  });

  it('seal a secret for one subject and one origin', async () => {
    const { scene, ada } = await fourLines();
    const { vault } = await scene.openAs(ada);
    const place = { subject: 'channel', origin: 'https://example.org' };
    const sealed = await vault.sealSecret('hunter2', place);
    expect(await vault.unsealSecret(sealed, place)).toBe('hunter2');
    for (const other of [
      { ...place, subject: 'other' },
      { ...place, origin: 'https://evil.example' },
    ])
      await expect(vault.unsealSecret(sealed, other)).rejects.toMatchObject({ code: 'VAULT_CORRUPT' });
    await expect(vault.unsealSecret(`${sealed.slice(0, -4)}AAAA`, place)).rejects.toMatchObject({
      code: 'VAULT_CORRUPT',
    });
  });
});

describe('the format', () => {
  it('raised is refused by a program that does not know it, and taken by one that does', async () => {
    const { scene, ada } = await fourLines();
    const { vault } = await scene.openAs(ada, { domain: tinyDomain(2) });
    expect(vault.format()).toEqual({ declared: 1, supported: 2 });
    await commit(vault, { type: 'format', to: 2 });
    expect(vault.format()).toEqual({ declared: 2, supported: 2 });
    await put(vault, 'b');
    await expect(scene.openAs(ada)).rejects.toMatchObject({
      code: 'VAULT_NEEDS_NEWER_VERSION',
      details: { format: 2, supported: 1 },
    });
    await expect(commit(vault, { type: 'format', to: 2 })).rejects.toMatchObject({ code: 'INVALID_INPUT' });
    await expect(commit(vault, { type: 'format', to: 3 })).rejects.toMatchObject({ code: 'INVALID_INPUT' });
  });

  it('stops a program that has the vault open when another raises it', async () => {
    const { scene, ada } = await fourLines();
    const { vault: old } = await scene.openAs(ada);
    const { vault } = await scene.openAs(ada, { domain: tinyDomain(2) });
    await commit(vault, { type: 'format', to: 2 });
    await expect(put(old, 'b')).rejects.toMatchObject({ code: expect.stringMatching(/NEEDS_NEWER|STOPPED/) });
    expect(scene.lines).toHaveLength(5);
  });

  it('is not raised by a line whose clear part says more', async () => {
    const { scene, ada } = await fourLines();
    await appendBy(scene, ada, {
      header: plainHeader(kidOfPerson(ada)),
      events: [{ type: 'format', to: 2 }],
      payload: { clear: { format: { to: 2 }, denies: { tokens: ['a'] } } },
    });
    const { vault } = await scene.openAs(ada);
    expect(vault.voidLines().count).toBe(1);
  });
});

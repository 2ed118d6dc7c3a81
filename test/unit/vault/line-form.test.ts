/** Inauthentic stops the reading with the line's number; void has no effect, and the log goes on behind it. */
import { createPrivateKey, sign } from 'node:crypto';
import { beforeAll, describe, expect, it } from 'vitest';
import { hashLine } from '../../../src-main/vault/line.ts';
import type { LineChanges } from './line-tools.ts';
import {
  appendBy,
  jcs,
  kidOfPerson,
  nextLine,
  partsOf,
  payloadOf,
  plainHeader,
  putEvent,
  signRaw,
} from './line-tools.ts';
import type { Person } from './vault-scene.ts';
import { cleanVaults, commit, newPerson, notesOf, put, Scene } from './vault-scene.ts';

cleanVaults();

const tooMany = Array.from({ length: 1_000_001 }, () => 0);

type Three = { readonly scene: Scene; readonly ada: Person; readonly lea: Person };
let made: Three;
beforeAll(async () => {
  made = await makeThreeLines();
});
const threeLines = async (): Promise<Three> => ({ ...made, scene: await made.scene.copy() });

/** Line 1 begins, line 2 puts `a`, line 3 adds the lead. */
async function makeThreeLines(): Promise<Three> {
  const scene = new Scene();
  const vault = await scene.create();
  await put(vault, 'a');
  const lea = await scene.add(vault, 'lea', 'lead');
  await vault.lock();
  return { scene, ada: await scene.ada(), lea };
}

const failure = async (scene: Scene) => {
  const ada = await scene.ada();
  return scene.openAs(ada).then(
    () => 'opened',
    (error: unknown) => error,
  );
};

describe('a line that is not authentic stops the reading with its number', () => {
  const flipped = (text: string, at: number) =>
    text.slice(0, at) + (text[at] === 'A' ? 'B' : 'A') + text.slice(at + 1);
  /** The same bytes in another spelling: the unused bits of the last character. */
  const respelled = (part: string) => {
    const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
    const last = alphabet.indexOf(part.at(-1) ?? '');
    return part.slice(0, -1) + alphabet[last ^ 1];
  };

  const damages: Record<string, (line: string, person: Person, other: Person) => string> = {
    'is empty': () => '',
    'has two parts': (line) => line.split('.').slice(0, 2).join('.'),
    'has four parts': (line) => `${line}.e30`,
    'is no base64url': (line) => line.replace('.', '.='),
    'spells its signature in another way': (line) => respelled(line),
    'has a space behind it': (line) => `${line} `,
    'has a flipped bit in its header': (line) => flipped(line, 10),
    'has a flipped bit in its payload': (line) => flipped(line, line.indexOf('.') + 60),
    'has a flipped bit in its signature': (line) => flipped(line, line.length - 40),
    'has a signature that is cut': (line) => line.slice(0, -4),
    'has no typ': (line, person) =>
      signRaw(person, `{"alg":"EdDSA","kid":"${kidOfPerson(person)}"}`, partsOf(line).payload),
    'is a head': (line, person) =>
      signRaw(person, plainHeader(kidOfPerson(person)).replace('lk-line', 'lk-head'), partsOf(line).payload),
    'has a header that is no JSON': (line, person) => signRaw(person, '{', partsOf(line).payload),
    'has a header that is a list': (line, person) => signRaw(person, '[]', partsOf(line).payload),
    'names nobody': (line, person) => signRaw(person, plainHeader(''), partsOf(line).payload),
    'names a signer without key number': (line, person) =>
      signRaw(person, plainHeader(person.slot.operatorId), partsOf(line).payload),
    'names key number 01': (line, person) =>
      signRaw(person, plainHeader(`${person.slot.operatorId}.01`), partsOf(line).payload),
    'names a key that the operator does not have': (line, person) =>
      signRaw(person, plainHeader(`${person.slot.operatorId}.2`), partsOf(line).payload),
    'is signed by somebody unknown': (line, _person, other) =>
      signRaw(other, plainHeader(kidOfPerson(other)), partsOf(line).payload),
    'is signed by another than it names': (line, person, other) =>
      signRaw(other, plainHeader(kidOfPerson(person)), partsOf(line).payload),
    'has a payload that is no JSON': (_line, person) =>
      signRaw(person, plainHeader(kidOfPerson(person)), 'hello'),
    'has a payload that is a list': (_line, person) =>
      signRaw(person, plainHeader(kidOfPerson(person)), '[]'),
    'has a payload of too many values': (line, person) =>
      signRaw(person, plainHeader(kidOfPerson(person)), jcs({ ...payloadOf(line), more: tooMany })),
    'has a header of too many values': (line, person) =>
      signRaw(
        person,
        plainHeader(kidOfPerson(person)).replace('{', `{"more":${jcs(tooMany)},`),
        partsOf(line).payload,
      ),
    'has a payload with a byte order mark': (line, person) =>
      signRaw(person, plainHeader(kidOfPerson(person)), `\uFEFF${partsOf(line).payload}`),
    'has a payload that is not UTF-8': (_line, person) =>
      signRaw(person, plainHeader(kidOfPerson(person)), new Uint8Array([0x7b, 0xff, 0x7d])),
    'belongs to another vault': (line, person) =>
      signRaw(
        person,
        plainHeader(kidOfPerson(person)),
        jcs({ ...payloadOf(line), vault: 'BBBBBBBBBBBBBBBBBBBBBB' }),
      ),
    'stands at another place': (line, person) =>
      signRaw(person, plainHeader(kidOfPerson(person)), jcs({ ...payloadOf(line), seq: 7 })),
    'follows another line': (line, person) =>
      signRaw(
        person,
        plainHeader(kidOfPerson(person)),
        jcs({
          ...payloadOf(line),
          prev: payloadOf(line).prev?.replace(/^./, (c) => (c === 'A' ? 'B' : 'A')),
        }),
      ),
    'names no line before it': (line, person) =>
      signRaw(person, plainHeader(kidOfPerson(person)), jcs({ ...payloadOf(line), prev: null })),
  };

  it.each(Object.entries(damages))('when it %s', async (_what, damage) => {
    const { scene, ada } = await threeLines();
    const stranger = await newPerson('stranger', ada);
    const good = await nextLine(scene, ada, { events: [putEvent('x')] });
    scene.lines = [...scene.lines, damage(good, ada, stranger)];
    expect(await failure(scene)).toMatchObject({ code: 'VAULT_CORRUPT', details: { line: 4 } });
  });

  it('when a line in the middle is missing, moved or changed, at the first place that is wrong', async () => {
    const { scene } = await threeLines();
    const [one, two, three] = scene.lines as [string, string, string];
    for (const [lines, line] of [
      [[one, three], 2],
      [[one, three, two], 2],
      [[two, three], 1],
      [[one, two, two], 3],
      [[one, two, three, three], 4],
    ] as const) {
      scene.lines = lines;
      expect(await failure(scene)).toMatchObject({ code: 'VAULT_CORRUPT', details: { line } });
    }
  });

  it('when line 1 is another vault’s, however well signed', async () => {
    const { scene } = await threeLines();
    const other = await makeThreeLines();
    scene.lines = other.scene.lines;
    expect(await failure(scene)).toMatchObject({ code: 'VAULT_CORRUPT', details: { line: 1 } });
  });

  it('when line 1 is signed anew by the same operator', async () => {
    const { scene, ada } = await threeLines();
    const [one = ''] = scene.lines;
    const again = signRaw(
      ada,
      partsOf(one).header,
      jcs({ ...payloadOf(one), atMs: payloadOf(one).atMs + 1 }),
    );
    scene.lines = [again];
    expect(await failure(scene)).toMatchObject({ code: 'VAULT_CORRUPT', details: { line: 1 } });
  });
});

describe('a line that its signature covers, but that may not be, is void', () => {
  const header = (person: Person) => plainHeader(kidOfPerson(person));
  const voids: Record<string, (person: Person) => LineChanges> = {
    'its header has a member more': (person) => ({ header: header(person).replace('{', '{"a":1,') }),
    'its header has crit': (person) => ({
      header: header(person).replace('}', ',"crit":["b64"],"b64":false}'),
    }),
    'its header is spelled with a space': (person) => ({ header: header(person).replace(',', ', ') }),
    'its header has another order': (person) => ({
      header: `{"kid":"${kidOfPerson(person)}","alg":"EdDSA","typ":"lk-line"}`,
    }),
    'its header has another alg': (person) => ({ header: header(person).replace('EdDSA', 'none') }),
    'its payload is spelled with a space': () => ({
      spell: (payload) => JSON.stringify(payload, undefined, 1),
    }),
    'its payload has another order of members': () => ({
      spell: (payload) => JSON.stringify(Object.fromEntries(Object.entries(payload).toReversed())),
    }),
    'its payload has a member twice': () => ({ spell: (payload) => jcs(payload).replace('{', '{"v":1,') }),
    'its payload spells a number in another way': () => ({
      spell: (payload) => jcs(payload).replace('"epoch":0', '"epoch":0.0'),
    }),
    'its payload escapes a letter': () => ({
      spell: (payload) => jcs(payload).replace('"jwe":', '"jw\\u0065":'),
    }),
    'it has a member that format 1 does not know': () => ({ payload: { consents: [] } }),
    'it has the member __proto__': () => ({
      spell: (payload) => jcs(payload).replace('{', '{"__proto__":{},'),
    }),
    'it is of version 2': () => ({ payload: { v: 2 } }),
    'it is of another epoch': () => ({ payload: { epoch: 1 } }),
    'its time is negative': () => ({ payload: { atMs: -1 } }),
    'its time is no whole number': () => ({ payload: { atMs: 1.5 } }),
    'its time is beyond all dates': () => ({ payload: { atMs: 8.65e15 } }),
    'its time is missing': () => ({ payload: { atMs: undefined } }),
    'it has no clear part': () => ({ payload: { clear: undefined } }),
    'its clear part is null': () => ({ payload: { clear: null } }),
    'its clear part has a member that format 1 does not know': () => ({
      payload: { clear: { delegation: {} } },
    }),
    'it denies something of an unknown kind': () => ({ payload: { clear: { denies: { policies: ['p'] } } } }),
    'it denies nothing': () => ({ payload: { clear: { denies: {} } } }),
    'it denies an id twice': () => ({
      events: [{ type: 'drop', id: 'a' }],
      payload: { clear: { denies: { tokens: ['a', 'a'] } } },
    }),
    'it denies nobody': () => ({ payload: { clear: { denies: { tokens: [] } } } }),
    'it shows more than it says': () => ({ payload: { clear: { denies: { tokens: ['a'] } } } }),
    'it shows less than it says': () => ({ events: [{ type: 'drop', id: 'a' }] }),
    'it shows another id than it says': () => ({
      events: [{ type: 'drop', id: 'a' }],
      payload: { clear: { denies: { tokens: ['b'] } } },
    }),
    'it has no jwe': () => ({ payload: { jwe: undefined } }),
    'its jwe is empty': () => ({ payload: { jwe: '' } }),
    'its jwe opens under another key': () => ({ contentKey: new Uint8Array(32).fill(1) }),
    'its content is no JSON': () => ({ content: 'hello' }),
    'its content is spelled in another way': () => ({
      content: `{ "events":[${jcs(putEvent('x'))}]}`,
    }),
    'its content has no events': () => ({ events: [] }),
    'its content has a member more': () => ({ content: jcs({ events: [putEvent('x')], more: 1 }) }),
    'its event has a member that nobody knows': () => ({
      content: jcs({ events: [{ ...putEvent('x'), packagePatterns: ['numpy'] }] }),
    }),
    'its event is of a type that nobody knows': () => ({ content: jcs({ events: [{ type: 'party' }] }) }),
    'its event does not fit the state': () => ({ events: [putEvent('a')] }),
    'one of its events does not fit': () => ({ events: [putEvent('x'), putEvent('a')] }),
    'its content has too many values': () => ({ content: jcs({ events: tooMany }) }),
    // A complaint about each of them would fill the memory.
    'it denies what is no id, nearly a million times': () => ({
      payload: { clear: { denies: { tokens: tooMany.slice(100) } } },
    }),
    'it grants nothing, nearly a million times': () => ({
      payload: { keys: [{ name: 'org', epoch: 0, commitment: 'A'.repeat(43), grants: tooMany.slice(100) }] },
    }),
    'its keys are an empty list': () => ({ events: [putEvent('x')], payload: { keys: [] } }),
  };

  it.each(Object.entries(voids))('when %s', async (_what, changes) => {
    const { scene, ada } = await threeLines();
    const { events, content, ...rest } = changes(ada);
    const given = {
      ...(events === undefined ? {} : { events }),
      ...(content === undefined ? {} : { content }),
    };
    await appendBy(scene, ada, {
      ...(Object.keys(given).length === 0 ? { events: [putEvent('x')] } : given),
      ...rest,
    });
    const { vault } = await scene.openAs(ada);
    expect(notesOf(vault)).toEqual(['a']);
    expect(vault.seq()).toBe(4);
    const { count, lines } = vault.voidLines();
    expect(count).toBe(1);
    expect(lines).toMatchObject([{ seq: 3, signer: ada.slot.operatorId }]);
    expect(lines[0]?.why).not.toBe('');
    expect(vault.alarms()).toContainEqual({ kind: 'void-line', line: lines[0] });
    // Counts for place, hash and head.
    await put(vault, 'later');
    expect(payloadOf(scene.lines[4] ?? '').prev).toBe(hashLine(scene.lines[3] ?? ''));
    expect(notesOf(vault)).toEqual(['a', 'later']);
    expect(await vault.verify()).toMatchObject({ lines: 5, voidLines: { count: 1 }, head: 'anchored' });
    const entries = [];
    for await (const { seq } of vault.entries(0)) entries.push(seq);
    expect(entries).toEqual([0, 1, 2, 4]);
  });

  it('does not count for log time', async () => {
    const { scene, ada } = await threeLines();
    const { vault: before } = await scene.openAs(ada);
    const { logTimeMs } = before.state().lastLine;
    await before.lock();
    await appendBy(scene, ada, { events: [putEvent('a')], payload: { atMs: 9e14 } });
    const { vault } = await scene.openAs(ada);
    await put(vault, 'b');
    await put(vault, 'c');
    expect(vault.state().lastLine.logTimeMs).toBeGreaterThanOrEqual(logTimeMs);
    expect(vault.state().lastLine.logTimeMs).toBeLessThan(9e14);
  });

  it('a hundred are listed, all are counted', async () => {
    const { scene, ada, lea } = await threeLines();
    for (let index = 0; index < 130; index += 1) await appendBy(scene, lea, { content: 'nonsense' });
    const { vault } = await scene.openAs(ada);
    expect(vault.voidLines().count).toBe(130);
    expect(vault.voidLines().lines).toHaveLength(100);
    await commit(vault, putEvent('after all'));
    expect(notesOf(vault)).toEqual(['a', 'after all']);
  });
});

describe('a lead who edits the file', () => {
  const attempts: Record<string, LineChanges> = {
    'makes itself admin': { events: [] },
    'takes an environment away': {
      events: [{ type: 'freeze', environment: 'prod' }],
      payload: { clear: { denies: { environments: ['prod'] } } },
    },
    'takes a team away': { events: [putEvent('x')], payload: { clear: { denies: { teams: ['t'] } } } },
    'takes a channel away': { events: [putEvent('x')], payload: { clear: { denies: { channels: ['c'] } } } },
    'raises the format': { events: [{ type: 'format', to: 2 }], payload: { clear: { format: { to: 2 } } } },
    'accepts lost lines': {
      events: [{ type: 'restored', fromSeq: 1, lostSeq: 2, lostHash: 'A'.repeat(43) }],
      payload: { clear: { restored: { fromSeq: 1, lostSeq: 2, lostHash: 'A'.repeat(43) } } },
    },
    'writes what the domain forbids': { events: [{ type: 'put', id: 'x', text: 'secret of admins' }] },
  };

  it.each(Object.entries(attempts))(
    'changes nothing and bricks nothing when it %s',
    async (what, attempt) => {
      const { scene, ada, lea } = await threeLines();
      const clear = {
        authority: {
          signer: 'lea',
          kind: 'operator',
          keyNo: 1,
          signKey: { kty: 'OKP', crv: 'Ed25519', x: lea.content.signKey.x },
          receiveKey: { kty: 'OKP', crv: 'X25519', x: lea.content.receiveKey.x },
          role: 'admin',
          teamIds: [],
          removed: false,
          adminQuorum: 1,
        },
      };
      await appendBy(
        scene,
        lea,
        what === 'makes itself admin' ? { ...attempt, payload: { clear } } : attempt,
      );
      const { vault } = await scene.openAs(ada);
      expect(vault.voidLines()).toMatchObject({ count: 1, lines: [{ code: 'right', signer: 'lea' }] });
      expect(notesOf(vault)).toEqual(['a']);
      expect(vault.state().frozen).toEqual([]);
      expect(vault.format().declared).toBe(1);
      await put(vault, 'b');
    },
  );

  it('may not sign for an admin', async () => {
    const { scene, ada, lea } = await threeLines();
    const good = await nextLine(scene, ada, { events: [putEvent('x')] });
    const [header, payload] = good.split('.');
    const key = createPrivateKey({ key: { ...lea.content.signKey }, format: 'jwk' });
    const signature = sign(null, Buffer.from(`${header}.${payload}`), key).toString('base64url');
    scene.lines = [...scene.lines, `${header}.${payload}.${signature}`];
    expect(await failure(scene)).toMatchObject({ code: 'VAULT_CORRUPT', details: { line: 4 } });
  });
});

import { randomBytes } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import type { OperatorRole } from '../../../shared/model/domain.ts';
import type { DomainEvent } from '../../../shared/model/events.ts';
import { Keyring, makeGrant } from '../../../src-main/vault/keyring.ts';
import { hashLine } from '../../../src-main/vault/line.ts';
import type { Reader } from '../../../src-main/vault/replay.ts';
import { eventBinding, replay } from '../../../src-main/vault/replay.ts';
import { newKeyPair, sealText, signText } from '../../../src-main/vault/seal.ts';
import {
  channelOf,
  created,
  environmentOf,
  operatorOf,
  policyOf,
  teamOf,
  tokenOf,
} from './domain-support.ts';

const vaultId = 'v'.repeat(22);
const start = { seq: 0, hash: null, state: undefined };

/** Somebody who holds real keys, and writes what the app would not. */
async function person(id: string, role: OperatorRole, teamIds: readonly string[] = []) {
  const [sign, receive] = [await newKeyPair('Ed25519'), await newKeyPair('X25519')];
  const operator = {
    ...operatorOf(id, role, teamIds),
    signKey: sign.publicJwk,
    receiveKey: receive.publicJwk,
  };
  return { operator, sign: sign.privateJwk, receive: receive.privateJwk };
}
type Person = Awaited<ReturnType<typeof person>>;

async function scene() {
  const ada = await person('ada', 'admin');
  const keys = { org: new Uint8Array(randomBytes(32)), secrets: new Uint8Array(randomBytes(32)) };
  const reader = (): Reader => ({
    vaultId,
    operatorId: ada.operator.id,
    receiveKey: ada.receive,
    keyring: new Keyring(),
  });
  const line = async (
    by: Person,
    seq: number,
    prev: string | null,
    event: DomainEvent,
    extra: object = {},
  ) => {
    const jwe = await sealText(keys.org, JSON.stringify(event), eventBinding(vaultId, seq, 0));
    return signText(
      by.sign,
      by.operator.id,
      JSON.stringify({ v: 1, vault: vaultId, seq, prev, epoch: 0, jwe, ...extra }),
    );
  };
  const grants = [
    await makeGrant(vaultId, ada.operator, 'org', 0, keys.org),
    await makeGrant(vaultId, ada.operator, 'secrets', 0, keys.secrets),
  ];
  const { id, signKey, receiveKey } = ada.operator;
  const keysInClear = { grants, operators: [{ id, signKey, receiveKey }] };
  const genesis = await line(
    ada,
    0,
    null,
    { ...created, operator: ada.operator } as DomainEvent,
    keysInClear,
  );
  return { ada, keys, reader, line, genesis, keysInClear };
}

const renamed: DomainEvent = { type: 'organization.renamed', atMs: 1, name: 'Renamed' };

describe('replay', () => {
  it('accepts what the app would write', async () => {
    const { ada, reader, line, genesis } = await scene();
    const next = await line(ada, 1, hashLine(genesis), renamed);
    const position = await replay(reader(), start, [genesis, next], true);
    expect(position.state?.organizationName).toBe('Renamed');
    expect(position.hash).toBe(hashLine(next));
  });

  it.each<[OperatorRole, DomainEvent['type'], object]>([
    ['lead', 'policy.changed', { policy: policyOf('lifetime') }],
    ['lead', 'team.created', { team: teamOf('new') }],
    ['lead', 'token.issued', { token: tokenOf('AAAAAAA1', { teamId: 'data', issuedBy: 'lena' }) }],
    ['auditor', 'token.revoked', { tokenIds: ['AAAAAAA1'], reason: 'r' }],
    ['auditor', 'organization.renamed', { name: 'Mine' }],
  ])('refuses a genuine signature of a known %s under %s', async (role, type, fields) => {
    const { reader, line, genesis } = await scene();
    const lena = await person('lena', role, ['core']);
    const ring = reader();
    const before = await replay(ring, start, [genesis], true);
    if (before.state === undefined) throw new Error('no state');
    const state = {
      ...before.state,
      operators: new Map([...before.state.operators, [lena.operator.id, lena.operator]]),
      teams: new Map([teamOf('core'), teamOf('data')].map((team) => [team.id, team])),
      environments: new Map([[environmentOf('dev').id, environmentOf('dev')]]),
      channels: new Map([[channelOf('main').id, channelOf('main')]]),
    };
    const bad = await line(lena, 1, hashLine(genesis), { type, atMs: 1, ...fields } as DomainEvent);
    await expect(replay(ring, { ...before, state }, [bad], false)).rejects.toMatchObject({
      code: 'VAULT_UNAUTHORIZED_EVENT',
      details: { line: 2, event: type },
    });
  });

  it('refuses an operator’s own line whose ciphertext stood in another line', async () => {
    const { ada, keys, reader, line, genesis } = await scene();
    const first = await line(ada, 1, hashLine(genesis), renamed);
    const jwe = await sealText(keys.org, JSON.stringify(renamed), eventBinding(vaultId, 1, 0));
    const moved = await line(ada, 2, hashLine(first), renamed, { jwe });
    await expect(replay(reader(), start, [genesis, first, moved], true)).rejects.toMatchObject({
      code: 'VAULT_CORRUPT',
      details: { line: 3 },
    });
  });

  it('refuses an event about something that is not there, with the line', async () => {
    const { ada, reader, line, genesis } = await scene();
    const bad = await line(ada, 1, hashLine(genesis), {
      type: 'token.issued',
      atMs: 1,
      token: tokenOf('AAAAAAA1'),
    });
    await expect(replay(reader(), start, [genesis, bad], true)).rejects.toMatchObject({
      code: 'VAULT_CORRUPT',
      details: { line: 2 },
    });
  });

  it.each<[string, (keys: object) => object]>([
    ['brings the keys again', (keys) => keys],
    ['brings an operator beside its event', (keys) => ({ ...keys, grants: undefined })],
    ['begins an epoch that nobody announced', () => ({ epoch: 1 })],
    ['says more than the format knows', () => ({ more: 1 })],
    ['is of another version', () => ({ v: 2 })],
    ['is of another vault', () => ({ vault: 'w'.repeat(22) })],
  ])('refuses a later line that %s', async (_what, change) => {
    const { ada, reader, line, genesis, keysInClear } = await scene();
    const bad = await line(ada, 1, hashLine(genesis), renamed, change(keysInClear));
    await expect(replay(reader(), start, [genesis, bad], true)).rejects.toMatchObject({
      code: 'VAULT_CORRUPT',
      details: { line: 2 },
    });
  });

  it('refuses a first line whose operator in clear is not the one of its event', async () => {
    const { ada, reader, line, keysInClear } = await scene();
    const other = await person('ada', 'admin');
    const bad = await line(
      ada,
      0,
      null,
      { ...created, operator: other.operator } as DomainEvent,
      keysInClear,
    );
    await expect(replay(reader(), start, [bad], true)).rejects.toMatchObject({
      code: 'VAULT_CORRUPT',
      details: { line: 1 },
    });
  });

  it('refuses a first line without the key for secrets', async () => {
    const { ada, reader, line, keysInClear } = await scene();
    const event = { ...created, operator: ada.operator } as DomainEvent;
    const bad = await line(ada, 0, null, event, { ...keysInClear, grants: keysInClear.grants.slice(0, 1) });
    await expect(replay(reader(), start, [bad], true)).rejects.toMatchObject({
      code: 'VAULT_CORRUPT',
      details: { line: 1 },
    });
  });
});

/** Lines made by hand: what a program of ours would never write, signed by somebody who may sign. */
import { createPrivateKey, randomBytes, sign } from 'node:crypto';
import canonicalize from 'canonicalize';
import { Keyring } from '../../../src-main/vault/keyring.ts';
import { contentBinding, hashLine } from '../../../src-main/vault/line.ts';
import type { LinePayload } from '../../../src-main/vault/line.ts';
import { sealTextNow } from '../../../src-main/base/seal-text.ts';
import type { TinyEvent } from './tiny-domain.ts';
import type { Person, Scene } from './vault-scene.ts';

export const random = (count: number) => new Uint8Array(randomBytes(count));
const b64u = (text: string | Uint8Array) => Buffer.from(text as string).toString('base64url');
export const jcs = (value: unknown): string => canonicalize(value) ?? '';

/** The parts of a line, decoded. */
export function partsOf(line: string): { header: string; payload: string; signature: string } {
  const [header = '', payload = '', signature = ''] = line.split('.');
  return {
    header: Buffer.from(header, 'base64url').toString('utf8'),
    payload: Buffer.from(payload, 'base64url').toString('utf8'),
    signature,
  };
}

export const payloadOf = (line: string): LinePayload => JSON.parse(partsOf(line).payload) as LinePayload;

export const kidOfPerson = (person: Person): string => `${person.slot.operatorId}.1`;
export const plainHeader = (kid: string): string => `{"alg":"EdDSA","kid":"${kid}","typ":"lk-line"}`;

/** Signs any header and payload, as they are. */
export function signRaw(person: Person, header: string, payload: string | Uint8Array): string {
  const text = `${b64u(header)}.${b64u(payload)}`;
  const key = createPrivateKey({ key: { ...person.content.signKey }, format: 'jwk' });
  return `${text}.${sign(null, Buffer.from(text), key).toString('base64url')}`;
}

/** The key of the events, as the first operator got it. */
export async function orgKeyOf(scene: Scene): Promise<Uint8Array> {
  const ada = await scene.ada();
  const ring = new Keyring();
  const { keys } = payloadOf(scene.lines[0] ?? '');
  await ring.take(ada.content.vaultId, ada.slot.operatorId, ada.content.receiveKey, keys ?? []);
  const key = ring.get('org');
  if (key === undefined) throw new Error('line 1 grants the key');
  return key;
}

export type LineChanges = {
  readonly header?: string;
  readonly events?: readonly TinyEvent[];
  /** Instead of the events: the plaintext as it is. */
  readonly content?: string;
  readonly contentKey?: Uint8Array;
  /** Members of the payload; undefined takes one away. */
  readonly payload?: Readonly<Record<string, unknown>>;
  /** The last word on how it is spelled. */
  readonly spell?: (payload: Record<string, unknown>) => string | Uint8Array;
};

/** A line behind the last one of a scene's log. */
export async function nextLine(scene: Scene, person: Person, changes: LineChanges): Promise<string> {
  const { lines } = scene;
  const { vaultId } = person.content;
  const seq = lines.length;
  const content = changes.content ?? jcs({ events: changes.events ?? [] });
  const key = changes.contentKey ?? (await orgKeyOf(scene));
  const payload: Record<string, unknown> = {
    v: 1,
    vault: vaultId,
    seq,
    prev: hashLine(lines.at(-1) ?? ''),
    epoch: 0,
    atMs: scene.nowMs,
    clear: {},
    jwe: sealTextNow(key, content, contentBinding(vaultId, seq, 0), random),
    ...changes.payload,
  };
  for (const [name, value] of Object.entries(payload)) if (value === undefined) delete payload[name];
  return signRaw(
    person,
    changes.header ?? plainHeader(kidOfPerson(person)),
    changes.spell?.(payload) ?? jcs(payload),
  );
}

/** Appends a line by hand. The head is left as it was. */
export async function appendBy(scene: Scene, person: Person, changes: LineChanges): Promise<void> {
  scene.lines = [...scene.lines, await nextLine(scene, person, changes)];
}

export const putEvent = (id: string): TinyEvent => ({ type: 'put', id, text: `text of ${id}` });

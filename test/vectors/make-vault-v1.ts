/**
 * `node test/vectors/make-vault-v1.ts <folder>`: how the vector was made. It is never made again: what the first release
 * wrote stays as it is, and this file tells what it is. Randomness and clock are fixed.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { sealKeychain, sealSlot } from '../../src-main/vault/slots.ts';
import { fixedBytes, fixRandomness } from '../support/fixed-randomness.ts';
import type { Writing } from './vault-v1-lines.ts';
import { people, vaultId, writeLines } from './vault-v1-lines.ts';

const passphrases = {
  ada: 'correct horse battery staple',
  lena: 'lena leads the core team',
  aude: 'aude only looks at things',
};

/** `vault.json` of an operator. */
async function keyFile(who: keyof typeof passphrases, genesis: string): Promise<string> {
  const { id, name, signKey, receiveKey } = people[who];
  const checkpointKey = Buffer.from(fixedBytes(32)).toString('base64url');
  const content = { vaultId, genesis, signKey, receiveKey, checkpointKey };
  const slot = await sealSlot(
    { randomBytes: fixedBytes },
    { operatorId: id, operatorName: name },
    content,
    passphrases[who],
  );
  const keychain = await sealKeychain(slot, content, new Uint8Array(32).fill(0x2a));
  const file = { format: 1, vaultId, revision: 1, slots: [{ ...slot, keychain }] };
  return `${JSON.stringify(file, undefined, 2)}\n`;
}

async function writeVector(folder: string, { lines, head, genesis }: Writing): Promise<void> {
  mkdirSync(folder, { recursive: true });
  const files = {
    'vault.log': lines.map((line) => `${line}\n`).join(''),
    'vault.head': `${head}\n`,
    'vault.json': await keyFile('ada', genesis),
    'lena.vault.json': await keyFile('lena', genesis),
    'aude.vault.json': await keyFile('aude', genesis),
  };
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
}

fixRandomness();
const [folder] = parseArgs({ allowPositionals: true }).positionals;
if (folder === undefined) throw new Error('say into which folder');
await writeVector(folder, await writeLines());

import { chmodSync, lstatSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { AgentAddress, Owners } from '../../../src-main/agent/address-file.ts';
import {
  addressPath,
  assertOwnSocket,
  isStill,
  makeSocketPlace,
  readAddress,
  removeAddress,
  systemOwners,
  writeAddress,
} from '../../../src-main/agent/address-file.ts';
import { cleanTempDirs, tempDir } from '../../support/temp-dir.ts';

cleanTempDirs();
const content: AgentAddress = {
  version: 1,
  address: '/tmp/x/socket',
  key: 'A'.repeat(43),
  pid: 7,
  vaultId: 'v'.repeat(22),
};
/** As if everything on the disk were another user’s. */
const foreign: Owners = { uid: (systemOwners.uid ?? 0) + 1, lstat: (path) => lstatSync(path) };

describe.skipIf(process.platform === 'win32')('the file that says where an agent is', () => {
  it('is for this user alone, in a folder of its own', () => {
    const path = addressPath(tempDir(), '/data');
    writeAddress(path, content);
    expect(lstatSync(path).mode & 0o777).toBe(0o600);
    expect(lstatSync(dirname(path)).mode & 0o777).toBe(0o700);
    expect(readAddress(path)).toEqual(content);
  });

  it('is the same for every spelling of a data folder, and another for another', () => {
    const dir = tempDir();
    symlinkSync(dir, `${dir}-link`);
    const state = tempDir();
    expect(addressPath(state, `${dir}-link`)).toBe(addressPath(state, dir));
    expect(addressPath(state, join(dir, 'x', '..'))).toBe(addressPath(state, dir));
    expect(addressPath(state, '/data')).not.toBe(addressPath(state, dir));
  });

  it('is absent where nobody wrote one', () => {
    expect(readAddress(addressPath(tempDir(), '/data'))).toBeUndefined();
  });

  it('counts nothing in a folder that is a link', () => {
    const state = tempDir();
    const elsewhere = tempDir();
    symlinkSync(elsewhere, join(state, 'agents'));
    const path = addressPath(state, '/data');
    writeFileSync(path, JSON.stringify(content), { mode: 0o600 });
    expect(() => readAddress(path)).toThrow('is not a folder');
    expect(() => writeAddress(path, content)).toThrow('is not a folder');
  });

  it('counts nothing that is a link, open to others, or damaged', () => {
    const path = addressPath(tempDir(), '/data');
    writeAddress(path, content);
    chmodSync(path, 0o644);
    expect(() => readAddress(path)).toThrow('is open to other users');
    chmodSync(path, 0o600);
    chmodSync(dirname(path), 0o755);
    expect(() => readAddress(path)).toThrow('is open to other users');
    chmodSync(dirname(path), 0o700);
    for (const text of ['', '{', '{"version":2}', JSON.stringify({ ...content, key: 'short' })]) {
      writeFileSync(path, text);
      expect(() => readAddress(path), text).toThrow('is damaged');
    }
    const other = addressPath(dirname(dirname(path)), '/other');
    symlinkSync(path, other);
    expect(() => readAddress(other)).toThrow('is not a file');
  });

  it('counts nothing that belongs to another user, on either side', () => {
    const path = addressPath(tempDir(), '/data');
    writeAddress(path, content);
    expect(() => readAddress(path, foreign)).toThrow('belongs to another user');
    expect(() => writeAddress(path, content, foreign)).toThrow('belongs to another user');
    const place = makeSocketPlace();
    try {
      expect(() => assertOwnSocket(place.address, foreign)).toThrow('belongs to another user');
    } finally {
      place.remove();
    }
  });

  it('is removed by the start that wrote it, and by no other', () => {
    const path = addressPath(tempDir(), '/data');
    writeAddress(path, content);
    expect(isStill(path, content.key)).toBe(true);
    expect(removeAddress(path, 'B'.repeat(43))).toBe(false);
    expect(readFileSync(path, 'utf8')).toContain('"pid":7');
    expect(removeAddress(path, content.key)).toBe(true);
    expect(isStill(path, content.key)).toBe(false);
  });
});

describe('the address of a socket', () => {
  it.skipIf(process.platform === 'win32')(
    'is in a new folder for this user alone, short enough for every system',
    () => {
      const place = makeSocketPlace();
      expect(lstatSync(dirname(place.address)).mode & 0o777).toBe(0o700);
      expect(Buffer.byteLength(place.address)).toBeLessThan(100);
      expect(() => assertOwnSocket(place.address)).toThrow('ENOENT');
      writeFileSync(place.address, '');
      expect(() => assertOwnSocket(place.address)).toThrow('is not a socket');
      place.remove();
      expect(() => lstatSync(dirname(place.address))).toThrow('ENOENT');
      mkdirSync(dirname(place.address), { mode: 0o777 });
      chmodSync(dirname(place.address), 0o777);
      expect(() => assertOwnSocket(place.address)).toThrow('is open to other users');
      makeSocketPlace().remove();
    },
  );

  it('is on Windows a pipe that nobody can guess', () => {
    const names = [makeSocketPlace('win32').address, makeSocketPlace('win32').address];
    for (const name of names) expect(name).toMatch(/^\\\\\.\\pipe\\latchkey-agent-[0-9a-f]{32}$/);
    expect(names[0]).not.toBe(names[1]);
  });
});

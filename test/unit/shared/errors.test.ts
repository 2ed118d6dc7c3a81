import { describe, expect, it } from 'vitest';
import { fromWireError, LatchkeyError, toWireError } from '../../../shared/errors.ts';

describe('an error', () => {
  it('says a sentence of the catalogue, with all its facts and no others', () => {
    // @ts-expect-error -- the path is missing
    void new LatchkeyError('FILE_EXISTS', ['fileExists'], { details: { path: '/tmp/a' } });
    // @ts-expect-error -- no such sentence
    expect(() => new LatchkeyError('VAULT_LOCKED', ['locked-up'])).toThrow();
    const error = new LatchkeyError('VAULT_LOCKED', ['locked']);
    expect(error.message).toBe('The organization is locked. Unlock it and try again.');
  });

  it('demands the details of its code, and only those', () => {
    // @ts-expect-error -- a taken name says which
    void new LatchkeyError('NAME_TAKEN', 'Choose another name.');
    // @ts-expect-error -- nothing is known about a locked vault
    void new LatchkeyError('VAULT_LOCKED', 'Unlock it.', { details: { line: 1 } });
    expect(new LatchkeyError('VAULT_CORRUPT', 'Line 3 is damaged.').details).toEqual({});
    expect(
      new LatchkeyError('VAULT_CORRUPT', 'Line 3 is damaged.', { details: { line: 3 } }).details,
    ).toEqual({
      line: 3,
    });
  });

  it('narrows its details by its code', () => {
    const caught: unknown = new LatchkeyError('NAME_TAKEN', 'm', { details: { what: 'team', name: 'web' } });
    const name =
      caught instanceof LatchkeyError && caught.code === 'NAME_TAKEN' ? caught.details.name : undefined;
    expect(name).toBe('web');
  });

  it('crosses a border without its cause and stack', () => {
    const cause = new Error('a secret');
    const sent = new LatchkeyError('FILE_EXISTS', ['fileExists', '/tmp/a'], {
      details: { path: '/tmp/a' },
      cause,
    });
    const wire = toWireError(sent);
    expect(JSON.parse(JSON.stringify(wire))).toEqual({
      code: 'FILE_EXISTS',
      says: ['fileExists', '/tmp/a'],
      details: { path: '/tmp/a' },
    });
    const received = fromWireError(wire);
    expect(received).toBeInstanceOf(LatchkeyError);
    expect(received).toMatchObject({ ...wire, name: 'LatchkeyError' });
    expect(received.cause).toBeUndefined();
    expect(received.message).toBe('/tmp/a already exists. Replace it, or choose another name.');
  });
});

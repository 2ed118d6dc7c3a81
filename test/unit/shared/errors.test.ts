import { describe, expect, it } from 'vitest';
import { fromWireError, LatchkeyError, toWireError } from '../../../shared/errors.ts';

describe('an error', () => {
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
    const sent = new LatchkeyError('FILE_EXISTS', 'Choose another.', { details: { path: '/tmp/a' }, cause });
    const wire = toWireError(sent);
    expect(JSON.parse(JSON.stringify(wire))).toEqual({
      code: 'FILE_EXISTS',
      message: 'Choose another.',
      details: { path: '/tmp/a' },
    });
    const received = fromWireError(wire);
    expect(received).toBeInstanceOf(LatchkeyError);
    expect(received).toMatchObject({ ...wire, name: 'LatchkeyError' });
    expect(received.cause).toBeUndefined();
  });
});

import { describe, expect, it } from 'vitest';
import { LatchkeyError } from '../../../shared/errors.ts';
import { fieldProblems } from '../../../src-renderer/client/field-problems.ts';

describe('an error at the fields of a form', () => {
  it('puts a taken name at the name', () => {
    const error = new LatchkeyError('NAME_TAKEN', 'Choose another.', {
      details: { what: 'team', name: 'a' },
    });
    expect(fieldProblems(error, ['name'])).toEqual({ at: { name: 'Choose another.' }, isWhole: true });
  });

  it('puts each reason of a policy where it can be mended', () => {
    const reasons = [
      { policyName: 'short', rule: 'tokens.lifetime', evidence: { ttlDays: 90, maxTtlDays: 30 } },
      { policyName: 'office', rule: 'tokens.networks', evidence: {} },
    ] as const;
    const error = new LatchkeyError('POLICY_DENIED', 'm', { details: { reasons } });
    expect(fieldProblems(error, ['lifetime', 'networks'])).toEqual({
      at: {
        lifetime: 'A lifetime of 90 days exceeds the limit of 30 days (policy short).',
        networks: 'Source networks are required (policy office).',
      },
      isWhole: true,
    });
    expect(fieldProblems(error, ['lifetime']).isWhole).toBe(false);
  });

  it.each([
    [{ network: '10.0.0.0/99' }, 'networks'],
    [{ channel: 'main', environment: 'dev' }, 'channels'],
    [{ folder: 'packages' }, 'folder'],
  ])('puts input %j at %s', (details, field) => {
    const error = new LatchkeyError('INVALID_INPUT', 'No.', { details });
    expect(fieldProblems(error, ['networks', 'channels', 'folder'])).toEqual({
      at: { [field]: 'No.' },
      isWhole: true,
    });
  });

  it('puts what the door found at the field of its path, and says the rest below the form', () => {
    const issues = ['note: must be one line without control characters', 'networks.3: too long', 'odd: no'];
    const error = new LatchkeyError('IPC_BAD_INPUT', 'm', { details: { issues } });
    expect(fieldProblems(error, ['note', 'networks'])).toEqual({
      at: { note: 'Must be one line without control characters.', networks: 'Too long.' },
      isWhole: false,
    });
  });

  it('puts what is wrong with a file of the network settings at its own field', () => {
    const error = new LatchkeyError('INVALID_INPUT', 'Enter an absolute path.', {
      details: { field: 'ca-file' },
    });
    expect(fieldProblems(error, ['ca-file', 'proxy-url'])).toEqual({
      at: { 'ca-file': 'Enter an absolute path.' },
      isWhole: true,
    });
  });

  it('places nothing of an error about no field, or of a bug', () => {
    const nothing = { at: {}, isWhole: false };
    expect(fieldProblems(new LatchkeyError('VAULT_BUSY', 'm', { details: {} }), ['name'])).toEqual(nothing);
    expect(fieldProblems(new Error('bug'), ['name'])).toEqual(nothing);
    expect(fieldProblems(undefined, ['name'])).toEqual(nothing);
  });
});

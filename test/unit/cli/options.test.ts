import { describe, expect, it } from 'vitest';
import { overlapHours } from '../../../shared/contract/token-views.ts';
import { tokenState } from '../../../shared/model/domain.ts';
import { dayMs } from '../../../shared/model/time.ts';
import {
  holderKindOf,
  idOf,
  parseEnd,
  parseChoice,
  parseOverlap,
  requireSomeOption,
} from '../../../src-main/cli/options.ts';

const nowMs = Date.UTC(2026, 10, 25, 12);

describe('the end of a token on the command line', () => {
  it.each([
    [{ days: '30' }, nowMs + 30 * dayMs],
    [{ expires: '2026-12-31' }, Date.UTC(2026, 11, 31, 23, 59, 59)],
    [{ expires: '2026-12-31T18:00Z' }, Date.UTC(2026, 11, 31, 18)],
    [{ expires: '2026-12-31T18:00:30+02:00' }, Date.UTC(2026, 11, 31, 16, 0, 30)],
    [{}, undefined],
  ])('%j', (own, expected) => {
    expect(parseEnd(own, nowMs)).toBe(expected);
  });

  it.each([
    { days: '1.5' },
    { days: '-1' },
    { expires: 'tomorrow' },
    { expires: '2026-13-01' },
    // Whose clock?
    { expires: '2026-12-31T18:00' },
    { days: '1', expires: '2026-12-31' },
  ])('refuses %j', (own) => {
    expect(() => parseEnd(own, nowMs)).toThrow(expect.objectContaining({ code: 'INVALID_INPUT' }));
  });
});

describe('the overlap of a rotation', () => {
  it.each([
    ['7', 168],
    ['7d', 168],
    ['12h', 12],
    ['0', 0],
    ['90D', 2160],
    ['2160h', 2160],
  ])('%s', (text, hours) => {
    expect(parseOverlap(text)).toBe(hours);
    // What the contract takes, and what stands there unless it is said.
    expect(overlapHours.parse(hours)).toBe(hours);
  });

  it.each(['91d', '2161h', '1.5', '-1', '', 'h', '7 days', '1e3', '9'.repeat(400)])('refuses %j', (text) => {
    expect(() => parseOverlap(text)).toThrow('at most 90d');
  });
});

describe('the kind of a holder', () => {
  it('is a person unless said otherwise, and never two things', () => {
    expect(holderKindOf({ service: false, agent: false })).toBe('person');
    expect(holderKindOf({ service: true, agent: false })).toBe('service');
    expect(holderKindOf({ service: false, agent: true })).toBe('agent');
    expect(() => holderKindOf({ service: true, agent: true })).toThrow('not both');
  });
});

describe('the id of a token', () => {
  it('is taken out of whatever was pasted, and never more than it', () => {
    const secret = `lk-AbCd1234-${'x'.repeat(38)}`;
    expect(['AbCd1234', 'lk-AbCd1234', secret].map(idOf)).toEqual(
      Array.from({ length: 3 }, () => 'AbCd1234'),
    );
    expect(() => idOf('nonsense!')).toThrow('is not a token id');
  });
});

describe('an option out of a few', () => {
  it('is refused with all that may be given', () => {
    expect(parseChoice(tokenState.options, 'active', '--state')).toBe('active');
    expect(() => parseChoice(tokenState.options, 'bad', '--state')).toThrow(
      '"bad" is not valid for --state. Choose from: requested, active, expiring, expired, revoked.',
    );
  });
});

describe('a command that changes something', () => {
  it('asks what, when it is not told', () => {
    expect(() => requireSomeOption({ service: true, anywhere: false }, ['service'])).toThrow(
      'Nothing to change',
    );
    expect(() => requireSomeOption({ note: '' })).not.toThrow();
    expect(() => requireSomeOption({ anywhere: true })).not.toThrow();
  });
});

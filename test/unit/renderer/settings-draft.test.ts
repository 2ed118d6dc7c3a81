import { describe, expect, it } from 'vitest';
import { settings } from '../../../shared/contract/settings-views.ts';
import {
  fieldsOf,
  missingOf,
  ranges,
  settingsOf,
} from '../../../src-renderer/features/settings/settings-draft.ts';

const saved = settings.parse({});

describe('settings that are edited', () => {
  it('refuses a port that is none instead of making another one of it', () => {
    const draft = { ...saved, gateway: { ...saved.gateway, port: 99_999 } };
    expect(missingOf(draft)).toBe('Enter a whole number from 0 to 65535.');
    expect(missingOf({ ...saved, gateway: { ...saved.gateway, port: '' } })).toBeDefined();
    expect(missingOf(saved)).toBeUndefined();
  });

  it('knows the ranges of the contract', () => {
    const isFine = (change: object) => settings.safeParse({ ...saved, ...change }).success;
    for (const name of ['idleLockMinutes', 'clipboardClearSeconds', 'keychainReaskDays'] as const) {
      const { least, most } = ranges[name];
      expect([least - 1, least, most, most + 1].map((value) => isFine({ [name]: value }))).toEqual([
        false,
        true,
        true,
        false,
      ]);
    }
    for (const name of ['port', 'drainSeconds', 'cacheGib'] as const) {
      const { least, most } = ranges[name];
      expect(
        [least - 1, least, most, most + 1].map((value) =>
          isFine({ gateway: { ...saved.gateway, [name]: value } }),
        ),
      ).toEqual([false, true, true, false]);
    }
  });

  it('sends numbers, and names every setting as a field', () => {
    const draft = { ...saved, idleLockMinutes: '20' };
    expect(settingsOf(draft)).toEqual({ ...saved, idleLockMinutes: 20 });
    const leaves = (value: unknown): number =>
      typeof value === 'object' && value !== null && !Array.isArray(value)
        ? Object.values(value).reduce((sum: number, part) => sum + leaves(part), 0)
        : 1;
    // What the tables remember is not edited here.
    const { tables: _tables, ...edited } = { tables: undefined, ...saved };
    expect(Object.keys(fieldsOf(saved)).filter((name) => name !== 'tables')).toHaveLength(leaves(edited));
  });
});

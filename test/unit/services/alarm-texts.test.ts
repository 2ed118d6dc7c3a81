import { describe, expect, it } from 'vitest';
import { operatorId } from '../../../shared/model/ids.ts';
import { alarmViews, noticesOf } from '../../../src-main/services/alarm-texts.ts';
import type { VaultAlarm } from '../../../src-main/vault/vault-api.ts';

const none = { count: 0, lines: [] };
const voidLine = {
  seq: 6,
  signer: operatorId.parse('eve'),
  code: 'right' as const,
  why: 'policy.removed: a lead may not write this',
};

describe('what a vault says about itself', () => {
  it.each<[VaultAlarm, string, boolean]>([
    [{ kind: 'lost-lines', seenSeq: 9, foundSeq: 5 }, 'lines-lost', false],
    [{ kind: 'log-lost', how: 'gone' }, 'log-gone', true],
    [{ kind: 'log-lost', how: 'shorter' }, 'lines-lost', true],
    [{ kind: 'log-lost', how: 'replaced' }, 'log-replaced', true],
    [{ kind: 'log-lost', how: 'unreadable' }, 'log-gone', true],
    [{ kind: 'damaged-line', line: 3, why: 'changed' }, 'earlier-line-damaged', true],
    [{ kind: 'unreadable-content', seq: 2, why: 'no key' }, 'void-lines', false],
    [{ kind: 'not-anchored', seq: 2 }, 'not-anchored', false],
    [{ kind: 'head-copy-failed', why: 'read-only' }, 'state-folder-unusable', false],
    [{ kind: 'checkpoint-newer', schema: 2 }, 'checkpoint-newer', false],
  ])('is a banner: %j', (alarm, code, stopsWrites) => {
    expect(alarmViews([alarm, alarm], none, undefined)).toMatchObject([{ code, stopsWrites }]);
  });

  it('counts lines without effect, and names one', () => {
    const alarms: VaultAlarm[] = [{ kind: 'void-line', line: voidLine }];
    expect(alarmViews(alarms, { count: 2, lines: [voidLine] }, undefined)).toEqual([
      {
        code: 'void-lines',
        message:
          '2 lines of the log have no effect, because the signer was not allowed to write them or the content doesn’t fit (line 7: policy.removed: a lead may not write this).',
        stopsWrites: false,
      },
    ]);
  });

  it('says what happened at the last write once', () => {
    const alarms: VaultAlarm[] = [
      { kind: 'torn-tail', bytes: 12 },
      { kind: 'completed-last-line' },
      { kind: 'head-repaired' },
      { kind: 'key-file', why: 'The copy of vault.json could not be written.' },
    ];
    expect(alarmViews(alarms, none, undefined)).toEqual([]);
    expect(noticesOf(alarms)).toEqual([
      expect.stringContaining('12 bytes') as string,
      expect.stringContaining('The change counts.') as string,
      'The copy of vault.json could not be written.',
    ]);
  });
});

/** The request log as it is asked: names, look-ups that are noted first, persons for admins alone, retention. */
import { rmSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { dayMs } from '../../../shared/model/time.ts';
import type { PersonField } from '../../../src-main/request-log/segment-files.ts';
import { fieldKeysPath } from '../../../src-main/request-log/segment-files.ts';
import { LatchkeyError } from '../../../shared/errors.ts';
import type { Retention } from '../../../shared/model/log-keeping.ts';
import { previewOf } from '../../../src-main/services/log-keeping.ts';
import type { RowStore, StoreSizes } from '../../../src-main/request-log/store/row-store.ts';
import type { OrganizationVault } from '../../../src-main/services/organization-vault.ts';
import { requestLogService } from '../../../src-main/services/request-log.ts';
import type { LogApp } from '../../support/log-app.ts';
import { openLogApp } from '../../support/log-app.ts';
import { atMs, identity, newWriter, row, textsOf } from '../../support/log-rows.ts';

let temp: LogApp;
let tokens: Pick<LogApp, 'person' | 'service'>;
let scope: LogApp['scope'];

beforeEach(async () => {
  temp = await openLogApp();
  tokens = temp;
  ({ scope } = temp);
});
afterEach(() => temp.close());

const logDir = () => temp.logDir;

/** A row of each. */
function write(): void {
  const of = (tokenId: string, address: string) =>
    row({ ...scope, tokenId, who: { address, ciUser: `user of ${address}` } });
  temp.write([of(tokens.person, '192.0.2.1'), of(tokens.service, '192.0.2.2')]);
}
const lookUps = async () => (await temp.client.log.lookUps()).map(({ subject, opened }) => [subject, opened]);

describe('rows of the request log', () => {
  it('have the names of today, and those of a person are noted before, once', async () => {
    write();
    const { log } = temp.client;
    const seq = temp.app.session.vault().seq();
    const machine = await log.rows({ tokenId: tokens.service });
    expect(machine.rows).toMatchObject([{ atMs, holder: 'ci', team: 'science', kind: 'download' }]);
    expect(temp.app.session.vault().seq()).toBe(seq);

    const person = await log.rows({ tokenId: tokens.person });
    expect(person.rows).toMatchObject([{ holder: 'Pat', file: { name: 'requests', version: '2.32.3' } }]);
    expect(person.rows[0]).not.toHaveProperty('address');
    await log.rows({ tokenId: tokens.person, limit: 1 });
    await log.rows({ tokenId: tokens.person, fromMs: 5 });
    expect(temp.app.session.vault().seq()).toBe(seq + 1);
    expect(await lookUps()).toEqual([[`lk-${tokens.person} (Pat)`, false]]);
  });

  it('are noted once where several things of one person are asked for at once', async () => {
    write();
    const { log } = temp.client;
    const seq = temp.app.session.vault().seq();
    const tokenId = tokens.person;
    await Promise.all([
      log.rows({ tokenId }),
      log.indexUse({ per: 'day', tokenId }),
      log.clients({ tokenId }),
      log.installed({ where: { tokenId } }),
    ]);
    expect(temp.app.session.vault().seq()).toBe(seq + 1);
  });

  it('show address and user to an admin who asks for them, which is noted too', async () => {
    write();
    const { log } = temp.client;
    const found = await log.rows({ tokenId: tokens.service, open: true });
    expect(found).toMatchObject({
      rows: [{ address: '192.0.2.2', ciUser: 'user of 192.0.2.2' }],
      unopened: 0,
    });
    await log.rows({ file: { ecosystem: 'pypi', name: 'requests' }, open: true });
    await log.rows({});
    expect(await lookUps()).toEqual([
      ['everybody', false],
      ['pypi requests', true],
      [`lk-${tokens.service} (ci)`, true],
    ]);
  });

  it('say nothing of persons any more when the segment’s key was erased', async () => {
    write();
    const erase = (field: PersonField) =>
      rmSync(fieldKeysPath(logDir(), `${identity.gatewayId}.${atMs}.1`, field));
    const look = async () => await temp.client.log.rows({ tokenId: tokens.service, open: true });
    erase('address');
    expect((await look()).rows[0]).toMatchObject({ ciUser: 'user of 192.0.2.2' });
    expect((await look()).rows[0]).not.toHaveProperty('address');
    erase('ciUser');
    const found = await look();
    expect(found.unopened).toBe(1);
    expect(found.rows[0]).not.toHaveProperty('address');
  });

  it('are not answered when the look-up cannot be noted', async () => {
    write();
    const { vault } = temp.app.session;
    let asked = 0;
    const count = () => {
      asked += 1;
      return Promise.resolve({ items: [] });
    };
    const full = () => Promise.reject(new LatchkeyError('VAULT_UNAVAILABLE', ['locked']));
    const { handlers } = requestLogService(
      { vault, commit: full, emit: () => undefined, now: Date.now },
      {
        dir: logDir(),
        store: { rows: count, installed: count } as unknown as RowStore,
        identity: () => undefined,
        onFound: () => undefined,
      },
    );
    const page = { limit: 1, open: false };
    for (const answer of [
      () => handlers.rows({ ...page, tokenId: tokens.person }),
      () => handlers.rows({ ...page, tokenId: tokens.service, open: true }),
      () => handlers.rows({ ...page, file: { ecosystem: 'pypi', name: 'requests' } }),
      () => handlers.rows(page),
      () => handlers.installed({ limit: 1, where: { tokenId: tokens.person } }),
    ])
      await expect(answer()).rejects.toMatchObject({ code: 'VAULT_UNAVAILABLE' });
    expect(asked).toBe(0);
    await handlers.rows({ ...page, tokenId: tokens.service });
    expect(asked).toBe(1);
  });

  it('are opened for admins only, whoever asks', async () => {
    const vault = { operator: { role: 'lead' } } as unknown as OrganizationVault;
    const refused = () => Promise.reject(new Error('nothing is asked or written'));
    const { handlers } = requestLogService(
      { vault: () => vault, commit: refused, emit: () => undefined, now: Date.now },
      {
        dir: logDir(),
        store: { rows: refused } as unknown as RowStore,
        identity: () => undefined,
        onFound: () => undefined,
      },
    );
    await expect(handlers.rows({ limit: 1, open: true })).rejects.toMatchObject({
      code: 'OPERATION_NOT_ALLOWED',
    });
  });
});

describe('sums of the request log', () => {
  it('say who has a package, and what an environment installed', async () => {
    write();
    const { log } = temp.client;
    const { holdings } = await log.whoHas({ file: { ecosystem: 'pypi', name: 'requests' } });
    expect(holdings.map(({ holder, count }) => `${holder} ${count}`).toSorted()).toEqual(['Pat 1', 'ci 1']);
    const { files } = await log.installed({ where: { environmentId: scope.environmentId } });
    expect(files).toMatchObject([{ file: { name: 'requests' }, count: 2 }]);
    expect(await log.refusals({})).toEqual({ refusals: [] });
    expect(await lookUps()).toEqual([['pypi requests', false]]);
    await log.installed({ where: { tokenId: tokens.person } });
    expect(await lookUps()).toEqual([
      [`lk-${tokens.person} (Pat)`, false],
      ['pypi requests', false],
    ]);
  });

  it('of the hours in which a person worked say first that somebody asked', async () => {
    write();
    const { log } = temp.client;
    await log.indexUse({ per: 'hour' });
    expect(await lookUps()).toEqual([]);
    await log.indexUse({ per: 'hour', tokenId: tokens.person });
    expect(await lookUps()).toEqual([[`lk-${tokens.person} (Pat)`, false]]);
  });
});

describe('the clients of a token', () => {
  it('are told from the log, of a person only after that is noted', async () => {
    write();
    const { log } = temp.client;
    expect((await log.clients({ tokenId: tokens.service })).clients).toEqual([
      { client: 'pip/26.3', ciProject: '', ciJob: '', requests: 1, refused: 0, firstMs: atMs, lastMs: atMs },
    ]);
    expect(await lookUps()).toEqual([]);
    expect((await log.clients({ tokenId: tokens.person })).clients).toHaveLength(1);
    expect(await lookUps()).toEqual([[`lk-${tokens.person} (Pat)`, false]]);
  });
});

describe('how long the request log is kept', () => {
  it('is changed by an admin, in an order that makes sense, once', async () => {
    const { log } = temp.client;
    expect((await log.status()).retention).toEqual({
      rowsDays: 400,
      addressDays: 30,
      ciUserDays: 30,
      rollupDays: 1830,
    });
    await expect(
      log.setRetention({ rowsDays: 9, addressDays: 10, ciUserDays: 10, rollupDays: 9 }),
    ).rejects.toMatchObject({
      code: 'INVALID_INPUT',
    });
    const wanted = { rowsDays: 90, addressDays: 7, ciUserDays: 7, rollupDays: 400 };
    expect(await log.setRetention(wanted)).toEqual(wanted);
    const seq = temp.app.session.vault().seq();
    await log.setRetention(wanted);
    expect(temp.app.session.vault().seq()).toBe(seq);
  });

  it('has a bound of the disk, which stays where only days are changed', async () => {
    const { log } = temp.client;
    const gib = 1024 ** 3;
    expect(await log.status()).toMatchObject({ maxBytes: 50 * gib });
    const days = { rowsDays: 90, addressDays: 7, ciUserDays: 7, rollupDays: 400 };
    expect(await log.setRetention({ ...days, maxGib: 2 })).toEqual({ ...days, maxGib: 2 });
    expect(await log.setRetention({ ...days, rowsDays: 80 })).toEqual({ ...days, rowsDays: 80, maxGib: 2 });
    expect(await log.status()).toMatchObject({ maxBytes: 2 * gib });
    expect(await log.previewRetention(days)).toMatchObject({ maxBytes: 2 * gib });
  });

  it('goes no further than there is room, by what a day takes', () => {
    const added = { rowsBytes: 7 * 1024 ** 3, rowsOf: [1, 2, 3], rollupBytes: 0, rollupOf: [1] };
    const sizes = { added } as unknown as StoreSizes;
    const files = { packed: 2 * 1024 ** 3, plain: 0, keys: 0, address: 0, ciUser: 0 };
    const now = { rowsDays: 400, addressDays: 30, ciUserDays: 30, rollupDays: 1830 };
    const preview = (next: Retention) => previewOf({ sizes, files, now, next, nowMs: 4 * dayMs });
    expect(preview({ ...now, rowsDays: 10 })).toMatchObject({ rowsBytes: 30 * 1024 ** 3, goneBytes: 0 });
    expect(preview({ ...now, rowsDays: 10 })).not.toHaveProperty('fullAfterDays');
    expect(preview({ ...now, maxGib: 8 })).toMatchObject({
      rowsBytes: 8 * 1024 ** 3,
      fullAfterDays: 2,
      goneBytes: 1024 ** 3,
    });
  });

  it('is shown with what it takes', async () => {
    const { log } = temp.client;
    const nothing = await log.previewRetention({
      rowsDays: 90,
      addressDays: 7,
      ciUserDays: 7,
      rollupDays: 400,
    });
    expect(nothing.rowsBytes).toBe(0);
    write();
    const short = await log.previewRetention({
      rowsDays: 10,
      addressDays: 7,
      ciUserDays: 7,
      rollupDays: 400,
    });
    const long = await log.previewRetention({ rowsDays: 20, addressDays: 7, ciUserDays: 7, rollupDays: 400 });
    expect(short.rowsBytes).toBeGreaterThan(0);
    expect(long.rowsBytes).toBe(2 * short.rowsBytes);
    expect(short).toMatchObject({ measuredDays: 1, goneBytes: 0 });
    await expect(
      log.previewRetention({ rowsDays: 9, addressDays: 10, ciUserDays: 9, rollupDays: 9 }),
    ).rejects.toMatchObject({ code: 'INVALID_INPUT' });
    expect(short.personalBytes).toBeGreaterThan(0);
    expect(short.rollupBytes).toBeGreaterThan(0);
  });

  it('counts what is still written, and says what a shorter one takes away', async () => {
    const { log } = temp.client;
    const { operator } = temp.app.session.vault();
    const { receiveKey } = temp.app.session.vault().state().operators.get(operator.id)!;
    const writer = newWriter(logDir(), [{ operatorId: operator.id, keyNo: 1, x: receiveKey.x }]);
    // The segment stays open.
    const tenDaysAgo = Date.now() - 10 * dayMs;
    writer.write(textsOf([row({ ...scope, tokenId: tokens.service })], { atMs: tenDaysAgo }));
    expect(await log.status()).toMatchObject({ rows: 1 });
    const kept = await log.previewRetention({ rowsDays: 20, addressDays: 1, ciUserDays: 1, rollupDays: 20 });
    expect(kept).toMatchObject({ measuredDays: 1, goneBytes: 0 });
    expect(kept.rowsBytes).toBeGreaterThan(0);
    const cut = await log.previewRetention({ rowsDays: 5, addressDays: 1, ciUserDays: 1, rollupDays: 20 });
    expect(cut.goneBytes).toBe(cut.rowsBytes / 5);
    writer.end();
  });
});

/** Who may see what of the request log, and what stands in the vault's log by then. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { OperatorRole } from '../../../shared/model/domain.ts';
import { LatchkeyError } from '../../../shared/errors.ts';
import { callMethod } from '../../../src-main/ipc/call-method.ts';
import { openScanStore } from '../../../src-main/request-log/store/log-store.ts';
import type { RowStore } from '../../../src-main/request-log/store/row-store.ts';
import { FolderSegments } from '../../../src-main/request-log/store/folder-segments.ts';
import type { Commit } from '../../../src-main/services/context.ts';
import type { OrganizationVault } from '../../../src-main/services/organization-vault.ts';
import { requestLogService } from '../../../src-main/services/request-log.ts';
import type { LogApp } from '../../support/log-app.ts';
import { openLogApp } from '../../support/log-app.ts';
import { row } from '../../support/log-rows.ts';

let temp: LogApp;
let person: LogApp['person'];
let machine: LogApp['service'];
let scope: LogApp['scope'];
const dir = () => temp.logDir;
const address = '192.0.2.1';

beforeEach(async () => {
  temp = await openLogApp();
  ({ person, service: machine, scope } = temp);
});
afterEach(() => temp.close());

function write(changes: Parameters<typeof row>[0] = {}): void {
  temp.write([row({ ...scope, tokenId: person, who: { address, ciUser: 'pat' }, ...changes })]);
}
const subjects = async () => (await temp.client.log.lookUps()).map(({ subject }) => subject);

/** The door of this app for an operator of a role, who has the admin's keys all the same. */
function doorFor(role: OperatorRole, changes: { store?: Partial<RowStore>; commit?: Commit } = {}) {
  const vault = temp.app.session.vault();
  const asked = {
    operator: { ...vault.operator, role, teamIds: [] },
    state: () => vault.state(),
    seq: () => vault.seq(),
    entries: (from: number, to?: number) => vault.entries(from, to),
    openLogKey: vault.openLogKey.bind(vault),
  } as unknown as OrganizationVault;
  const commit: Commit = async (decide) => ({ ...(await vault.commit(decide)), state: vault.state() });
  const store = openScanStore({ dir: '', source: new FolderSegments(dir()) });
  const { handlers } = requestLogService(
    { vault: () => asked, commit: changes.commit ?? commit, emit: () => undefined, now: Date.now },
    {
      dir: dir(),
      store: Object.assign(store, changes.store),
      identity: () => undefined,
      onFound: () => undefined,
    },
  );
  const app = {
    session: { vault: () => asked },
    checkStepUp: () => undefined,
    handlers: { ...temp.app.handlers, log: handlers },
  };
  return (method: string, input: object) => callMethod(app, `log.${method}`, input);
}

const file = { ecosystem: 'pypi', name: 'requests' };
const questions = () =>
  [
    ['rows', { tokenId: person }, `lk-${person} (Pat)`],
    ['rows', { teamId: scope.teamId }, 'everybody'],
    ['rows', { file, kind: 'download' }, 'pypi requests'],
    ['whoHas', { file }, 'pypi requests'],
    ['installed', { where: { tokenId: person } }, `lk-${person} (Pat)`],
    ['indexUse', { per: 'hour', tokenId: person }, `lk-${person} (Pat)`],
  ] as const;

describe('rows of the request log', () => {
  it.each(['lead', 'auditor'] as const)(
    'are shown to a %s of whichever team, and opened for none',
    async (role) => {
      write();
      const ask = doorFor(role);
      for (const [method, input] of questions()) {
        const answer = await ask(method, input);
        expect(answer).toMatchObject({ ok: true });
        if (method !== 'indexUse') expect(JSON.stringify(answer)).toContain('requests-2.32.3');
        expect(JSON.stringify(answer)).not.toContain(address);
      }
      const seq = temp.app.session.vault().seq();
      for (const input of [{ tokenId: person, open: true }, { file, open: true }, { open: true }])
        expect(await ask('rows', input)).toMatchObject({
          ok: false,
          error: { code: 'OPERATION_NOT_ALLOWED' },
        });
      for (const method of ['prune', 'setRetention'])
        expect(await ask(method, { rowsDays: 9, personalDays: 9, rollupDays: 9 })).toMatchObject({
          ok: false,
        });
      expect(temp.app.session.vault().seq()).toBe(seq);
      const opened = await doorFor('admin')('rows', { tokenId: person, open: true });
      expect(JSON.stringify(opened)).toContain(address);
    },
  );

  it('are noted before, whether there are none, the answer fails, or all is asked at once', async () => {
    const order: string[] = [];
    const vault = temp.app.session.vault();
    const commit: Commit = async (decide) => {
      order.push('noted');
      return { ...(await vault.commit(decide)), state: vault.state() };
    };
    const failing = async () => {
      order.push('asked');
      throw new LatchkeyError('LOG_QUERY_TOO_SLOW', ['logTooSlow', 20], { details: { seconds: 20 } });
    };
    const store = { rows: failing, whoHas: failing, installed: failing, indexUse: failing };
    const ask = doorFor('auditor', { store, commit });
    for (const [method, input] of questions())
      expect(await ask(method, input)).toMatchObject({ ok: false, error: { code: 'LOG_QUERY_TOO_SLOW' } });
    const [asked, noted] = ['asked', 'noted'];
    expect(order).toEqual([noted, asked, noted, asked, noted, asked, asked, asked, asked]);
    const five = Array.from({ length: 5 }, () => ask('rows', { file: { ...file, name: 'none' } }));
    await Promise.all(five);
    expect(await subjects()).toEqual(['pypi none', 'pypi requests', 'everybody', `lk-${person} (Pat)`]);
  });

  it('of a person stay a person’s when the token is handed on to a machine', async () => {
    const { tokens, log } = temp.client;
    await log.rows({ tokenId: machine });
    expect(await subjects()).toEqual([]);
    await tokens.change({ id: person, holder: { kind: 'service', name: 'build' } });
    await log.rows({ tokenId: person });
    expect(await subjects()).toEqual([`lk-${person} (build)`]);
    await tokens.change({ id: machine, holder: { kind: 'service', name: 'build' } });
    await log.indexUse({ per: 'day', tokenId: machine });
    expect(await subjects()).toHaveLength(1);
  });

  it('with a token that the vault does not know may be anybody’s', async () => {
    await temp.client.log.rows({ tokenId: 'Zz999999' });
    expect(await subjects()).toEqual(['everybody']);
  });

  it('keep the ids of a team and an environment that were removed since', async () => {
    const { client } = temp;
    const team = await client.teams.create({ name: 'gone', description: '' });
    write({ teamId: team.id, environmentId: 'environment-of-old', kind: 'refusal', status: 403 });
    await client.teams.remove({ id: team.id });
    const ids = { team: team.id, environment: 'environment-of-old' };
    expect((await client.log.rows({})).rows).toMatchObject([ids]);
    expect((await client.log.refusals({})).refusals).toMatchObject([{ environment: ids.environment }]);
  });
});

describe('a package in the request log', () => {
  it('is found in whatever spelling', async () => {
    write({ name: 'zope-interface', version: '5.0', filename: 'zope.interface-5.0.tar.gz' });
    const { log } = temp.client;
    for (const [name, version] of [
      ['Zope.Interface', undefined],
      ['zope_interface', '5'],
      ['zope-interface', 'v5.0.0'],
    ] as const) {
      const asked = { ecosystem: 'pypi' as const, name, ...(version === undefined ? {} : { version }) };
      expect((await log.whoHas({ file: asked })).holdings).toMatchObject([{ file: { version: '5.0' } }]);
      expect((await log.rows({ file: asked })).rows).toHaveLength(1);
    }
    const other = { ecosystem: 'pypi' as const, name: 'zope-interface', version: '5.0.1' };
    expect((await log.whoHas({ file: other })).holdings).toEqual([]);
  });
});

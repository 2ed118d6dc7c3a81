import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { hostEvents } from '../../shared/contract/contract.ts';
import { findMethod, methodNames } from '../../shared/contract/types.ts';
import { LatchkeyError } from '../../shared/errors.ts';
import { callMethod, maxInputBytes } from '../../src-main/ipc/call-method.ts';
import type { TempApp } from '../support/temp-app.ts';
import { openTempApp, openUnlockedApp, testPassphrase } from '../support/temp-app.ts';
import { goodInputs, inputsElsewhere, makeFixture, testedElsewhere } from './good-inputs.ts';

let temp: TempApp;
let folder: string;
let inputs: Readonly<Record<string, unknown>>;
let allInputs: typeof inputs;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'latchkey-channel-'));
  temp = await openUnlockedApp();
  const fixture = await makeFixture(temp, folder);
  inputs = goodInputs(fixture, folder);
  allInputs = { ...inputs, ...inputsElsewhere(fixture) };
});
afterAll(async () => {
  await temp.close();
  rmSync(folder, { recursive: true, force: true });
});

const tabled = methodNames().filter((name) => !testedElsewhere.has(name));
const malformed: readonly (readonly [string, unknown])[] = [
  ['a number', 7],
  ['a string', 'x'],
  ['an array', [1]],
  ['an unknown shape', { nope: true, id: { $ne: null }, reason: 5, name: 9, passphrase: {}, tokenId: [] }],
];

describe('the door, for every method', () => {
  it('has a good input in the table, or a test elsewhere', () => {
    expect([...Object.keys(inputs), ...testedElsewhere].toSorted()).toEqual([...methodNames()].toSorted());
  });

  it('accepts a good input and answers what the contract says, in the order of the table', async () => {
    for (const [name, input] of Object.entries(inputs)) {
      const result = await callMethod(temp.app, name, input);
      expect(result, name).toMatchObject({ ok: true });
      if (result.ok) expect(findMethod(name)?.output.safeParse(result.value).success, name).toBe(true);
    }
  });

  it.each(methodNames())(
    '%s refuses malformed input with IPC_BAD_INPUT and changes nothing',
    async (name) => {
      const seq = temp.app.session.vault().seq();
      for (const [what, input] of malformed) {
        const parsed = findMethod(name)?.input.safeParse(input);
        // `{}`-like inputs with only defaults accept an object with unknown fields; all others must refuse.
        if (parsed?.success === true) continue;
        const result = await callMethod(temp.app, name, input);
        expect(result, `${name} given ${what}`).toMatchObject({
          ok: false,
          error: { code: 'IPC_BAD_INPUT' },
        });
      }
      expect(findMethod(name)?.input.safeParse(7).success).toBe(false);
      expect(temp.app.session.vault().seq()).toBe(seq);
    },
  );

  it.each(methodNames())('%s refuses an oversized input with IPC_TOO_LARGE', async (name) => {
    const result = await callMethod(temp.app, name, {
      padding: 'x'.repeat(findMethod(name)?.maxInputBytes ?? maxInputBytes),
    });
    expect(result).toMatchObject({ ok: false, error: { code: 'IPC_TOO_LARGE' } });
  });

  it.each(tabled.filter((name) => findMethod(name)?.access !== 'anyone'))(
    '%s refuses while the vault is locked',
    async (name) => {
      const locked = openTempApp();
      try {
        const result = await callMethod(locked.app, name, inputs[name]);
        expect(result).toMatchObject({ ok: false, error: { code: 'VAULT_LOCKED' } });
      } finally {
        await locked.close();
      }
    },
  );

  it.each([
    '',
    'tokens',
    'tokens.',
    'tokens.issue.now',
    'toString.call',
    '__proto__.x',
    'tokens.__proto__',
    'constructor.name',
  ])('does not know the method %j', async (name) => {
    const result = await callMethod(temp.app, name, {});
    expect(result).toMatchObject({ ok: false, error: { code: 'IPC_UNKNOWN_METHOD' } });
  });

  it('never repeats a value in an error about bad input', async () => {
    const result = await callMethod(temp.app, 'session.unlock', { passphrase: ['hunter2-hunter2'] });
    expect(JSON.stringify(result)).not.toContain('hunter2');
  });

  it('turns a bug into INTERNAL without its message or cause', async () => {
    const seen: unknown[] = [];
    const app = {
      session: temp.app.session,
      checkStepUp: temp.app.checkStepUp,
      handlers: {
        ...temp.app.handlers,
        teams: { ...temp.app.handlers.teams, list: () => Promise.reject(new Error('secret lk-oops')) },
      },
    };
    const result = await callMethod(app, 'teams.list', {}, (error) => seen.push(error));
    expect(result).toMatchObject({ ok: false, error: { code: 'INTERNAL' } });
    expect(JSON.stringify(result)).not.toContain('oops');
    expect(seen).toHaveLength(1);
  });
});

describe('what the contract says beside forms', () => {
  const rolesThatMay = {
    anyone: ['admin', 'lead', 'auditor'],
    operator: ['admin', 'lead', 'auditor'],
    lead: ['admin', 'lead'],
    admin: ['admin'],
  };

  it.each(methodNames())(
    '%s is called for the roles that its access names, and for no other',
    async (name) => {
      const [group, method] = name.split('.') as [string, string];
      const called: string[] = [];
      for (const role of ['admin', 'lead', 'auditor'] as const) {
        const app = {
          session: { vault: () => ({ operator: { role } }) },
          checkStepUp: () => undefined,
          handlers: { [group]: { [method]: async () => called.push(role) } },
        } as unknown as Parameters<typeof callMethod>[0];
        const result = await callMethod(app, name, allInputs[name], () => undefined);
        if (!called.includes(role))
          expect(result, role).toMatchObject({ ok: false, error: { code: 'OPERATION_NOT_ALLOWED' } });
      }
      expect(called).toEqual(rolesThatMay[findMethod(name)!.access]);
    },
  );

  it.each(methodNames().filter((name) => findMethod(name)?.stepUp !== undefined))(
    '%s is not called where the passphrase is wanted again',
    async (name) => {
      const asked: unknown[] = [];
      const app = {
        session: { vault: () => ({ operator: { role: 'admin' } }) },
        checkStepUp: (kind: unknown) => {
          asked.push(kind);
          throw new LatchkeyError('PASSPHRASE_REQUIRED', 'Type it.');
        },
        handlers: {},
      } as unknown as Parameters<typeof callMethod>[0];
      const result = await callMethod(app, name, allInputs[name]);
      expect(result).toMatchObject({ ok: false, error: { code: 'PASSPHRASE_REQUIRED' } });
      expect(asked).toEqual([findMethod(name)?.stepUp]);
    },
  );

  it('names an event and two methods for every job', () => {
    const jobs = methodNames().flatMap((name) => findMethod(name)?.job ?? []);
    expect(jobs).not.toHaveLength(0);
    for (const { progress, status, cancel } of jobs) {
      expect(Object.keys(hostEvents)).toContain(progress);
      expect(methodNames()).toEqual(expect.arrayContaining([status, cancel]));
    }
  });
});

describe('the session', () => {
  it('creates, locks, refuses a wrong passphrase, and unlocks', async () => {
    const fresh = openTempApp();
    try {
      const { session } = fresh.client;
      expect((await session.status()).vault).toBe('none');
      await expect(session.unlock({ passphrase: testPassphrase })).rejects.toMatchObject({
        code: 'VAULT_NOT_FOUND',
      });
      await expect(
        session.create({ organizationName: 'Org', operatorName: 'Ada', passphrase: 'short' }),
      ).rejects.toMatchObject({ code: 'PASSPHRASE_TOO_WEAK' });
      const made = await session.create({
        organizationName: 'Org',
        operatorName: 'Ada',
        passphrase: testPassphrase,
      });
      expect(made).toMatchObject({
        vault: 'unlocked',
        organizationName: 'Org',
        operator: { name: 'Ada', role: 'admin' },
      });
      await expect(
        session.create({ organizationName: 'Org', operatorName: 'Ada', passphrase: testPassphrase }),
      ).rejects.toMatchObject({ code: 'VAULT_EXISTS' });
      const locked = await session.lock();
      expect(locked).toMatchObject({ vault: 'locked', lockedBecause: 'hand' });
      expect(locked.organizationName).toBeUndefined();
      await expect(session.unlock({ passphrase: 'not the passphrase' })).rejects.toMatchObject({
        code: 'VAULT_WRONG_PASSPHRASE',
      });
      expect((await session.unlock({ passphrase: testPassphrase })).vault).toBe('unlocked');
      expect((await fresh.client.environments.list()).map((entry) => entry.name)).toEqual([
        'dev',
        'staging',
        'prod',
      ]);
    } finally {
      await fresh.close();
    }
  });
});

import type { SessionView } from '../../shared/contract/views.ts';
import type { Handlers } from '../../shared/contract/types.ts';
import { LatchkeyError } from '../../shared/errors.ts';
import { environmentId } from '../../shared/model/ids.ts';
import { createExclusive } from '../base/exclusive.ts';
import type { OpenReport } from '../vault/types.ts';
import type { Vault } from '../vault/vault.ts';
import { createVault, openVault, vaultExists } from '../vault/vault.ts';
import type { Context } from './context.ts';
import { newId } from './context.ts';
import { starterEnvironments } from './environments.ts';
import { mustBeStrong } from './passphrase.ts';

export type LockReason = NonNullable<SessionView['lockedBecause']>;
type Unlock = Parameters<typeof openVault>[1];

const idleCheckMs = 5_000;

export type Session = {
  readonly handlers: Omit<Handlers['session'], 'confirm'>;
  readonly view: () => SessionView;
  /** @throws LatchkeyError VAULT_LOCKED */
  readonly vault: () => Vault;
  /** Unlocks by passphrase, or by a secret that the operating system's keychain kept. */
  readonly unlock: (by: Unlock) => Promise<SessionView>;
  readonly lock: (because: LockReason) => Promise<SessionView>;
  readonly close: () => Promise<void>;
};

type Hooks = {
  readonly onUnlocked: (vault: Vault) => Promise<void>;
  readonly onLocked: () => void;
};

/** Create, unlock, lock: who holds the vault open, and for how long. */
export function sessionService(context: Omit<Context, 'vault' | 'syncGateway'>, hooks: Hooks): Session {
  let vault: Vault | undefined;
  let stopWatching: (() => void) | undefined;
  let notices: string[] = [];
  let lockedBecause: LockReason = 'start';
  let lastActivityMs = context.now();
  /** Create, unlock and lock one after the other: two clicks must not open two vaults. */
  const runExclusive = createExclusive();

  const deps = () => ({
    now: context.now,
    randomBytes: context.randomBytes,
    keyStore: context.keyStore,
    backend: context.openBackend(),
  });

  const view = (): SessionView => {
    const idleLockMinutes = context.settings.read().idleLockMinutes;
    if (vault === undefined) {
      const found = vaultExists({ keyStore: context.keyStore });
      const status = found === 'present' ? 'locked' : found;
      return { vault: status, notices: [], idleLockMinutes, lockedBecause };
    }
    const { id, name, role } = vault.operator;
    return {
      vault: 'unlocked',
      organizationName: vault.state().organizationName,
      operator: { id, name, role },
      notices,
      idleLockMinutes,
    };
  };

  const opened = async (next: Vault, report: OpenReport): Promise<SessionView> => {
    vault = next;
    notices = describeReport(report);
    lastActivityMs = context.now();
    stopWatching = next.onChange(() => context.emit('vault.changed', { seq: next.seq() }));
    await hooks.onUnlocked(next);
    context.emit('session.changed', view());
    return view();
  };

  const unlock = (by: Unlock): Promise<SessionView> =>
    runExclusive(async () => {
      if (vault !== undefined) return view();
      if (vaultExists({ keyStore: context.keyStore }) === 'none') {
        throw new LatchkeyError('VAULT_NOT_FOUND', 'There is no organization here yet. Create one first.');
      }
      const result = await openVault(deps(), by);
      return opened(result.vault, result.report);
    });

  const lock = (because: LockReason): Promise<SessionView> =>
    runExclusive(async () => {
      const open = vault;
      if (open === undefined) return view();
      vault = undefined;
      notices = [];
      lockedBecause = because;
      stopWatching?.();
      hooks.onLocked();
      try {
        await open.lock();
      } finally {
        context.emit('session.changed', view());
      }
      return view();
    });

  const idleTimer = setInterval(() => {
    const idleMs = context.settings.read().idleLockMinutes * 60_000;
    if (vault !== undefined && context.now() - lastActivityMs >= idleMs) void lock('idle');
  }, idleCheckMs).unref();

  return {
    handlers: {
      status: async () => view(),
      create: ({ organizationName, operatorName, passphrase }) =>
        runExclusive(async () => {
          if (vaultExists({ keyStore: context.keyStore }) !== 'none') {
            throw new LatchkeyError(
              'VAULT_EXISTS',
              'There is an organization here already. Unlock it instead.',
            );
          }
          mustBeStrong(passphrase, [organizationName, operatorName]);
          const made = await createVault(deps(), { organizationName, operatorName, passphrase });
          await made.transact(() => ({
            events: starterEnvironments.map((entry) => ({
              type: 'environment.created' as const,
              atMs: context.now(),
              environment: { ...entry, id: environmentId.parse(newId(context)), createdAtMs: context.now() },
            })),
            result: undefined,
          }));
          return opened(made, { usedCheckpoint: false });
        }),
      unlock: ({ passphrase }) => unlock({ passphrase }),
      lock: () => lock('hand'),
      touch: async () => {
        lastActivityMs = context.now();
        return {};
      },
      changePassphrase: async ({ current, next }) => {
        if (vault === undefined) throw lockedError();
        mustBeStrong(next, [vault.state().organizationName, vault.operator.name]);
        await vault.changePassphrase(current, next);
        return {};
      },
    },
    view,
    vault: () => {
      if (vault === undefined) throw lockedError();
      return vault;
    },
    unlock,
    lock,
    close: async () => {
      clearInterval(idleTimer);
      await lock('hand');
    },
  };
}

function lockedError(): LatchkeyError {
  return new LatchkeyError('VAULT_LOCKED', 'The organization is locked. Unlock it with the passphrase.');
}

function describeReport(report: OpenReport): string[] {
  const sentences: string[] = [];
  if (report.tornTailBytes !== undefined) {
    sentences.push(
      `The last write did not finish (${report.tornTailBytes} bytes of an incomplete line were dropped). The change it was for did not happen: check your last action.`,
    );
  }
  if (report.restoredKeyFile === true) {
    sentences.push(
      'vault.json was damaged, so its verified copy was used. The damaged file was kept beside it for inspection.',
    );
  }
  return sentences;
}

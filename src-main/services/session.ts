import type { SessionView } from '../../shared/contract/session-views.ts';
import type { Handlers } from '../../shared/contract/types.ts';
import { LatchkeyError } from '../../shared/errors.ts';
import { createExclusive } from '../base/exclusive.ts';
import type { OpenReport } from '../vault/vault-api.ts';
import { alarmViews, noticesOf } from './alarm-texts.ts';
import type { Context } from './context.ts';
import type { OrganizationVault } from './organization-vault.ts';
import { assertStrong } from './passphrase.ts';
import { completeOrganization, isHalfMade } from './starter.ts';
import { topicsOf } from './topics.ts';
import type { Unlock, VaultDoor } from './vault-door.ts';

export type LockReason = NonNullable<SessionView['lockedBecause']>;

const idleCheckMs = 5_000;

export type Session = {
  readonly handlers: Omit<Handlers['session'], 'confirm'>;
  readonly view: () => SessionView;
  /** @throws LatchkeyError VAULT_LOCKED */
  readonly vault: () => OrganizationVault;
  readonly isUnlocked: () => boolean;
  /** A change was anchored: the log has a head for its first `seq` lines. */
  readonly noteAnchored: (seq: number) => void;
  /**
   * Unlocks by passphrase, by a secret that the operating system's keychain kept, or by keys that were handed over.
   * @param acceptRestored an admin takes a log that lost lines
   */
  readonly unlock: (by: Unlock, acceptRestored?: boolean) => Promise<SessionView>;
  readonly lock: (because: LockReason) => Promise<SessionView>;
  readonly close: () => Promise<void>;
};

type Hooks = {
  readonly onUnlocked: (vault: OrganizationVault) => Promise<void>;
  /** Before the vault forgets its keys; must let go of all that was made of it. */
  readonly onLocking: (vault: OrganizationVault) => Promise<void>;
  /** The vault has forgotten its keys. */
  readonly onLocked: () => void;
  /** Banners of the locked app. */
  readonly lockedAlarms: () => SessionView['alarms'];
  /** Banners of the unlocked one that are not about the vault itself. */
  readonly otherAlarms: () => SessionView['alarms'];
};

/** Everything that belongs to one unlocked time; dropped as a whole, so that nothing of it survives the lock. */
type Open = {
  readonly vault: OrganizationVault;
  readonly report: OpenReport | undefined;
  /** Up to which line a head was written since: what could not be anchored before is by that. */
  anchoredSeq: number;
  readonly stop: () => void;
};

/** Create, unlock, lock: who holds the vault open, and for how long. */
export function sessionService(
  context: Pick<Context, 'now' | 'randomBytes' | 'settings' | 'emit'>,
  door: VaultDoor,
  hooks: Hooks,
): Session {
  let open: Open | undefined;
  let lockedBecause: LockReason = 'start';
  let lastActivityMs = context.now();
  /** Create, unlock and lock one after the other: two clicks must not open two vaults. */
  const runExclusive = createExclusive();

  const view = (): SessionView => {
    const idleLockMinutes = context.settings.read().idleLockMinutes;
    if (open === undefined) {
      const found = door.exists();
      const status = found === 'present' ? 'locked' : found;
      return {
        vault: status,
        notices: [...context.settings.problems()],
        alarms: hooks.lockedAlarms(),
        idleLockMinutes,
        lockedBecause,
      };
    }
    const { vault, report, anchoredSeq } = open;
    const alarms = vault
      .alarms()
      .filter((alarm) => alarm.kind !== 'not-anchored' || alarm.seq >= anchoredSeq);
    const { id, name, role } = vault.operator;
    return {
      vault: 'unlocked',
      organizationName: vault.state().organizationName,
      operator: { id, name, role },
      notices: [...context.settings.problems(), ...noticesOf(alarms)],
      alarms: [...alarmViews(alarms, vault.voidLines(), report), ...hooks.otherAlarms()],
      idleLockMinutes,
    };
  };

  const take = async (vault: OrganizationVault, report?: OpenReport): Promise<SessionView> => {
    const ends = [
      vault.onCommit(({ seq, entries }) => context.emit('vault.changed', { seq, topics: topicsOf(entries) })),
      vault.onAlarm(() => context.emit('session.changed', view())),
    ];
    const stop = () => ends.forEach((end) => end());
    open = { vault, report, anchoredSeq: 0, stop };
    lastActivityMs = context.now();
    await hooks.onUnlocked(vault);
    const seen = view();
    context.emit('session.changed', seen);
    return seen;
  };

  const unlock = (by: Unlock, acceptRestored = false): Promise<SessionView> =>
    runExclusive(async () => {
      if (open !== undefined) return view();
      if (door.exists() === 'none') {
        throw new LatchkeyError('VAULT_NOT_FOUND', ['noVault']);
      }
      const { vault, report } = await door.open(by, acceptRestored);
      if (isHalfMade(vault)) await orLock(vault, completeOrganization(vault, context));
      return take(vault, report);
    });

  const create: Handlers['session']['create'] = ({ organizationName, operatorName, passphrase }) =>
    runExclusive(async () => {
      if (open !== undefined) throw existsError();
      await assertStrong(passphrase, [organizationName, operatorName]);
      const vault =
        door.exists() === 'none'
          ? await door.create({ organizationName, operatorName, passphrase })
          : await openHalfMade(passphrase);
      await orLock(vault, completeOrganization(vault, context, organizationName));
      return take(vault);
    });

  /** The rest of an organization whose making was interrupted; whoever began it knows the passphrase. */
  const openHalfMade = async (passphrase: string): Promise<OrganizationVault> => {
    let vault: OrganizationVault;
    try {
      ({ vault } = await door.open({ passphrase }, false));
    } catch (cause) {
      if (cause instanceof LatchkeyError && cause.code !== 'VAULT_WRONG_PASSPHRASE') throw cause;
      throw existsError(cause);
    }
    if (isHalfMade(vault)) return vault;
    await vault.lock();
    throw existsError();
  };

  const lock = (because: LockReason): Promise<SessionView> =>
    runExclusive(async () => {
      if (open === undefined) return view();
      const { vault, stop } = open;
      open = undefined;
      lockedBecause = because;
      stop();
      try {
        await hooks.onLocking(vault);
      } finally {
        try {
          await vault.lock();
        } finally {
          hooks.onLocked();
          context.emit('session.changed', view());
        }
      }
      return view();
    });

  const idleTimer = setInterval(() => {
    const idleMs = context.settings.read().idleLockMinutes * 60_000;
    if (open !== undefined && context.now() - lastActivityMs >= idleMs) void lock('idle');
  }, idleCheckMs).unref();

  const requireOpen = (): OrganizationVault => {
    if (open !== undefined) return open.vault;
    throw new LatchkeyError('VAULT_LOCKED', ['locked']);
  };

  return {
    handlers: {
      status: async () => view(),
      create,
      unlock: ({ passphrase, acceptRestored }) => unlock({ passphrase }, acceptRestored),
      lock: () => lock('hand'),
      touch: async () => {
        lastActivityMs = context.now();
        return {};
      },
      changePassphrase: async ({ current, next }) => {
        const vault = requireOpen();
        await assertStrong(next, [vault.state().organizationName, vault.operator.name]);
        await vault.changePassphrase(current, next);
        return {};
      },
    },
    view,
    vault: requireOpen,
    isUnlocked: () => open !== undefined,
    noteAnchored: (seq) => {
      if (open === undefined) return;
      const wasOpen = open.vault.alarms().some(({ kind }) => kind === 'not-anchored');
      open.anchoredSeq = seq;
      if (wasOpen) context.emit('session.changed', view());
    },
    unlock,
    lock,
    close: async () => {
      clearInterval(idleTimer);
      await lock('hand');
    },
  };
}

/** A vault that cannot be made complete is not left open. */
async function orLock(vault: OrganizationVault, work: Promise<void>): Promise<void> {
  try {
    await work;
  } catch (error) {
    await vault.lock();
    throw error;
  }
}

function existsError(cause?: unknown): LatchkeyError {
  return new LatchkeyError('VAULT_EXISTS', ['vaultExists'], {
    cause,
  });
}

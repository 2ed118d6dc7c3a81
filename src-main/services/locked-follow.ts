/**
 * While the vault is locked, the log is followed with public data, and what it takes away in clear is enforced by the
 * gateway. Invariant: nothing is allowed that was not allowed at the lock; what cannot be read waits, and that is said.
 */
import type { VaultAlarmView } from '../../shared/contract/session-views.ts';
import { LatchkeyError } from '../../shared/errors.ts';
import type { BundleDenials } from '../../shared/model/bundle.ts';
import type { Lost } from '../vault/backend.ts';
import type { PublicLine } from '../vault/follow-public.ts';
import type { PublicPlace } from '../vault/chain-place.ts';
import type { VaultDoor } from './vault-door.ts';

type Deps = {
  readonly door: Pick<VaultDoor, 'followPublic'>;
  readonly deny: (denials: readonly BundleDenials[]) => Promise<void>;
  /** What is said about it changed. */
  readonly onChange: () => void;
};

export class LockedFollow {
  readonly #deps: Deps;
  #end: (() => Promise<void>) | undefined;
  #waiting = 0;
  #problem: string | undefined;

  constructor(deps: Deps) {
    this.#deps = deps;
  }

  /** From where the vault stood when it was locked. */
  begin(from: PublicPlace): void {
    this.#waiting = 0;
    this.#problem = undefined;
    this.#end = this.#deps.door.followPublic(from, {
      onLines: (lines) => this.#take(lines),
      onProblem: (problem) => this.#tell(problem, from.seq),
    });
  }

  /** The vault is open again, or the app ends. */
  async end(): Promise<void> {
    const end = this.#end;
    this.#end = undefined;
    this.#waiting = 0;
    this.#problem = undefined;
    await end?.();
  }

  /** Banners for who looks at the locked app. */
  alarms(): VaultAlarmView[] {
    const alarms: VaultAlarmView[] = [];
    if (this.#waiting > 0) {
      const changes = this.#waiting === 1 ? 'One change was' : `${this.#waiting} changes were`;
      alarms.push({
        code: 'changes-waiting',
        message: `${changes} made elsewhere since the lock. What was revoked or removed is enforced already; new tokens and changed scopes wait until somebody unlocks.`,
        stopsWrites: false,
      });
    }
    if (this.#problem !== undefined)
      alarms.push({ code: 'log-not-followed', message: this.#problem, stopsWrites: false });
    return alarms;
  }

  #take(lines: readonly PublicLine[]): void {
    if (this.#end === undefined) return;
    const denials = lines.flatMap(({ seq, denies }) => (denies === undefined ? [] : [{ ...denies, seq }]));
    if (denials.length > 0) void this.#deps.deny(denials);
    this.#waiting += lines.filter(({ isVoid }) => !isVoid).length;
    this.#deps.onChange();
  }

  #tell(problem: Lost | LatchkeyError | undefined, seq: number): void {
    if (this.#end === undefined) return;
    const text = problem === undefined ? undefined : textOf(problem);
    if (problem instanceof LatchkeyError && problem.code === 'VAULT_NEEDS_NEWER_VERSION') {
      // What it takes away cannot be read either.
      void this.#deps.deny([{ seq: Math.max(seq, Number.MAX_SAFE_INTEGER - 1), everything: true }]);
    }
    if (text === this.#problem) return;
    this.#problem = text;
    this.#deps.onChange();
  }
}

function textOf(problem: Lost | LatchkeyError): string {
  const unlock = 'Until somebody unlocks, revocations made elsewhere are not enforced here.';
  if (typeof problem === 'string') {
    const away = {
      gone: 'The log (vault.log) is not where it was.',
      shorter: 'The last lines of the log were cut off.',
      replaced: 'Another log has replaced the one that was followed.',
      unreadable: 'The disk does not hand out the log (vault.log).',
    };
    return `${away[problem]} ${unlock}`;
  }
  if (problem.code === 'VAULT_NEEDS_NEWER_VERSION')
    return 'The vault was upgraded by a newer Latchkey. The gateway serves nothing any more: install the newer version.';
  return `The log cannot be followed any further: ${problem.message} ${unlock}`;
}

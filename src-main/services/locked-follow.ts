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
import { texts } from '../../shared/texts/texts.ts';

const words = texts.alarms.follow;

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
      alarms.push({
        code: 'changes-waiting',
        message: words.waiting(this.#waiting),
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
  const unlock = words.notEnforced;
  if (typeof problem === 'string') {
    const away = {
      gone: words.gone,
      shorter: words.shorter,
      replaced: words.replaced,
      unreadable: words.unreadable,
    };
    return `${away[problem]} ${unlock}`;
  }
  if (problem.code === 'VAULT_NEEDS_NEWER_VERSION') return words.newer;
  return words.cannotFollow(problem.message, unlock);
}

/**
 * That somebody was looked up in the request log. Invariant: it stands in the vault's log before the answer is given;
 * once per operator, subject and day, as long as the period is not a wider one, however many ask at once.
 */
import type { LookUpView } from '../../shared/contract/log-views.ts';
import { dayMs } from '../../shared/model/time.ts';
import { texts } from '../../shared/texts/texts.ts';
import type { EventOf } from '../organization/events.ts';
import type { OrganizationState } from '../organization/state.ts';
import type { Context } from './context.ts';
import { entriesBackwards } from './entries-backwards.ts';
import type { OrganizationVault } from './organization-vault.ts';

const words = texts.requestLog;
export type LookUp = Omit<EventOf<'log.looked-up'>, 'type'>;

const maxShown = 1000;

export class LookUps {
  readonly #context: Pick<Context, 'vault' | 'commit' | 'now'>;
  /** Of this operator and day. */
  #today: { readonly vault: OrganizationVault; readonly day: number; readonly written: LookUp[] } | undefined;
  /** The last one of those that wait for each other. */
  #noting: Promise<unknown> = Promise.resolve();

  constructor(context: Pick<Context, 'vault' | 'commit' | 'now'>) {
    this.#context = context;
  }

  /** Says so, unless today's entries say it already. @throws LatchkeyError what a change of the vault can meet */
  note(lookUp: LookUp): Promise<void> {
    const noted = this.#noting.then(() => this.#note(lookUp));
    this.#noting = noted.catch(() => undefined);
    return noted;
  }

  async #note(lookUp: LookUp): Promise<void> {
    const written = await this.#writtenToday();
    if (written.some((before) => covers(before, lookUp))) return;
    await this.#context.commit(() => ({ events: [{ type: 'log.looked-up', ...lookUp }], result: undefined }));
    written.push(lookUp);
  }

  /** The last ones, newest first. */
  async list(): Promise<LookUpView[]> {
    const vault = this.#context.vault();
    const state = vault.state();
    const found: LookUpView[] = [];
    for await (const { atMs, signer, event } of entriesBackwards(vault)) {
      if (event.type !== 'log.looked-up') continue;
      const { subject, fromMs, toMs, opened } = event;
      const by = state.operators.get(signer)?.name ?? signer;
      found.push({ atMs, by, subject: subjectText(subject, state), fromMs, toMs, opened });
      if (found.length >= maxShown) break;
    }
    return found;
  }

  forget(): void {
    this.#today = undefined;
  }

  async #writtenToday(): Promise<LookUp[]> {
    const vault = this.#context.vault();
    const day = Math.floor(this.#context.now() / dayMs);
    if (this.#today?.vault === vault && this.#today.day === day) return this.#today.written;
    const written: LookUp[] = [];
    for await (const { atMs, signer, event } of entriesBackwards(vault)) {
      if (atMs < day * dayMs) break;
      if (event.type !== 'log.looked-up' || signer !== vault.operator.id) continue;
      const { type: _type, ...lookUp } = event;
      written.push(lookUp);
    }
    this.#today = { vault, day, written };
    return written;
  }
}

function covers(before: LookUp, next: LookUp): boolean {
  return (
    JSON.stringify(before.subject) === JSON.stringify(next.subject) &&
    before.fromMs <= next.fromMs &&
    before.toMs >= next.toMs &&
    (before.opened || !next.opened)
  );
}

function subjectText(subject: LookUp['subject'], state: OrganizationState): string {
  if (subject.type === 'everybody') return words.everybody;
  if (subject.type === 'package') return subject.name;
  const token = state.tokens.get(subject.tokenId);
  const holder = token === undefined ? undefined : state.holders.get(token.holderId);
  return words.tokenOf(subject.tokenId, holder?.name);
}

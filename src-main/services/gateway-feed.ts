/**
 * Feeds the gateway from the vault: one whole bundle after an unlock, then a delta per change, in order, one at a time.
 * Invariants: what the gateway does not acknowledge is never counted as enforced; a delta that it refuses is followed by
 * a whole bundle; no channel and no failure here ends the process, but a gateway that stays behind is said. After the
 * lock the gateway goes on with what it has: that is kept here, with opened credentials, to give it again on a restart.
 */
import type {
  Bundle,
  BundleAnswer,
  BundleDelta,
  BundleDenials,
  BundleSink,
} from '../../shared/model/bundle.ts';
import type { Channel } from '../../shared/model/domain.ts';
import { createExclusive } from '../base/exclusive.ts';
import { BundleTables } from '../gateway/tables.ts';
import type { ChannelSource, ChannelSources } from './channel-sources.ts';
import type { GatewayFeed } from './context.ts';
import type { OrganizationChange, SourceOf } from './gateway-bundle.ts';
import { bundleChannel, bundleOf, deltaOf } from './gateway-bundle.ts';
import type { OrganizationVault } from './organization-vault.ts';
import { texts } from '../../shared/texts/texts.ts';

const words = texts.alarms.gateway;

/** What of the vault is needed here. */
export type FeedingVault = Pick<OrganizationVault, 'state' | 'seq' | 'onCommit' | 'unsealSecret'>;

/** The gateway that is fed, and how far it has come. */
type Link = {
  readonly sink: BundleSink;
  /** Resolves when it is taken away: nothing waits for its answer any more. */
  readonly gone: Promise<void>;
  readonly leave: () => void;
  acknowledgedSeq: number;
  waiting: { readonly seq: number; readonly resolve: () => void }[];
};
type Followed = { readonly vault: FeedingVault; readonly sourceOf: SourceOf; readonly end: () => void };

const retryAfterMs = 5_000;
/** Unlock and lock wait for the gateway, but never for one that hangs. */
const patienceMs = 5_000;
const behind = words.behind;
const broken: ChannelSource = {
  problem: { code: 'credentials', message: words.credentialsClosed },
};

export class BundleFeed implements GatewayFeed {
  readonly #now: () => number;
  readonly #sources: Pick<ChannelSources, 'of' | 'onChange'>;
  readonly #onProblem: () => void;
  readonly #runExclusive = createExclusive();
  /** What was handed over, or waits for a gateway to be started. */
  readonly #kept = new BundleTables();
  #followed: Followed | undefined;
  #link: Link | undefined;
  #problem: string | undefined;
  #retry: NodeJS.Timeout | undefined;

  /** @param deps.onProblem told when `problem` changed */
  constructor(deps: {
    readonly now: () => number;
    readonly sources: Pick<ChannelSources, 'of' | 'onChange'>;
    readonly onProblem?: () => void;
  }) {
    this.#now = deps.now;
    this.#sources = deps.sources;
    this.#onProblem = deps.onProblem ?? (() => undefined);
  }

  /** Follows an unlocked vault. Resolves when the gateway, if one runs, was given its state, or hangs. */
  follow(vault: FeedingVault): Promise<void> {
    this.#followed?.end();
    const sourceOf: SourceOf = async (channel) => this.#sourceOf(vault, channel);
    const ends = [
      vault.onCommit((change) => void this.#inTurn(() => this.#takeChange(followed, change))),
      this.#sources.onChange(() => void this.#inTurn(() => this.#takeFolders(followed))),
    ];
    const followed: Followed = { vault, sourceOf, end: () => ends.forEach((end) => end()) };
    this.#followed = followed;
    return atMost(
      patienceMs,
      this.#inTurn(() => this.#takeWhole(followed)),
    );
  }

  /**
   * The vault is about to be locked: nothing more is read from it. Resolves when the changes up to here were handed
   * over, or the gateway hangs. Locked before that, their channels are broken until the next unlock, all else enforced.
   */
  unfollow(): Promise<void> {
    this.#followed?.end();
    this.#followed = undefined;
    clearTimeout(this.#retry);
    return atMost(
      patienceMs,
      this.#inTurn(async () => undefined),
    );
  }

  /** A gateway was made: it is given all there is, then every change. Resolves when it has the first. */
  attach(sink: BundleSink): Promise<void> {
    return this.#inTurn(async () => {
      this.detach();
      let leave = (): void => undefined;
      const gone = new Promise<void>((resolve) => (leave = resolve));
      this.#link = { sink, gone, leave, acknowledgedSeq: -1, waiting: [] };
      const bundle = this.#kept.toBundle();
      if (bundle !== undefined) await this.#send((to) => to.load(bundle));
      const denials = this.#kept.denials();
      if (denials.length > 0) await this.#send((to) => to.deny(denials));
    });
  }

  /**
   * What lines denied that were read without keys, as the vault is locked. Kept until a bundle has them in it, also for a
   * gateway that is started later. Resolves when the one that runs enforces it.
   */
  deny(denials: readonly BundleDenials[]): Promise<void> {
    return this.#inTurn(async () => {
      requireTaken(this.#kept.deny(denials));
      await this.#send((to) => to.deny(denials));
    });
  }

  /** The gateway is going: nobody waits for it any more. */
  detach(): void {
    const link = this.#link;
    this.#link = undefined;
    link?.leave();
    for (const { resolve } of link?.waiting ?? []) resolve();
  }

  /** {@inheritDoc GatewayFeed.confirmed} */
  confirmed(seq: number): Promise<void> {
    const link = this.#link;
    if (link === undefined || this.#followed === undefined || link.acknowledgedSeq >= seq)
      return Promise.resolve();
    return new Promise((resolve) => link.waiting.push({ seq, resolve }));
  }

  /** All that is enforced, or waits for a gateway to be started; undefined: nothing yet. */
  bundle(): Bundle | undefined {
    return this.#kept.toBundle();
  }

  /** Whether it follows an unlocked vault. */
  isFollowing(): boolean {
    return this.#followed !== undefined;
  }

  /** Why the gateway enforces an older state than the vault's. */
  problem(): string | undefined {
    return this.#problem;
  }

  /** Never rejects: what goes wrong is told, and a whole bundle is tried later. */
  #inTurn(work: () => Promise<void>): Promise<void> {
    return this.#runExclusive(async () => {
      try {
        await work();
      } catch (error) {
        this.#fail(error);
      }
    });
  }

  async #takeWhole({ vault, sourceOf }: Followed): Promise<void> {
    const head = { number: (this.#kept.number ?? 0) + 1, seq: vault.seq(), madeAtMs: this.#now() };
    const bundle = await bundleOf(vault.state(), head, sourceOf);
    requireTaken(await this.#kept.load(bundle));
    await this.#send((to) => to.load(bundle));
  }

  async #takeChange(followed: Followed, change: OrganizationChange): Promise<void> {
    if (this.#problem !== undefined) return this.#takeWhole(followed);
    // Some were made while a whole bundle was: it has them.
    if (change.seq <= (this.#kept.seq ?? 0)) return;
    const brokenIds = () =>
      [...this.#kept.channels()]
        .filter((channel) => channel.problem?.code === 'credentials')
        .map((channel) => channel.id);
    await this.#handOver(await deltaOf(change, this.#nextHead(), followed.sourceOf, brokenIds));
  }

  /** Labels mean other folders now. */
  async #takeFolders({ vault, sourceOf }: Followed): Promise<void> {
    const folders = [...vault.state().channels.values()].filter(({ upstream }) => upstream.type === 'folder');
    const now = await Promise.all(folders.map((channel) => bundleChannel(channel, sourceOf)));
    const channels = now.filter(
      (channel) => JSON.stringify(channel) !== JSON.stringify(this.#kept.channel(channel.id)),
    );
    if (channels.length > 0)
      await this.#handOver({ ...this.#nextHead(), seq: this.#kept.seq ?? 0, channels });
  }

  #nextHead(): Pick<BundleDelta, 'from' | 'number' | 'madeAtMs'> {
    const from = this.#kept.number ?? 0;
    return { from, number: from + 1, madeAtMs: this.#now() };
  }

  async #handOver(delta: BundleDelta): Promise<void> {
    requireTaken(this.#kept.apply(delta));
    await this.#send((to) => to.apply(delta));
  }

  /** Sends what was just kept; a refusal is answered with all of it. */
  async #send(first: (to: BundleSink) => BundleAnswer | Promise<BundleAnswer>): Promise<void> {
    const link = this.#link;
    if (link === undefined) return this.#succeed();
    // It died, and what it did not answer failed: the next one is given everything.
    const unlessGone = (error: unknown): undefined => {
      if (this.#link === link) throw error;
    };
    const exchange = async (): Promise<BundleAnswer> => {
      const answer = await first(link.sink);
      if (answer.ok) return answer;
      const loaded = await link.sink.load(this.#kept.toBundle() as Bundle);
      return loaded.ok ? link.sink.deny(this.#kept.denials()) : loaded;
    };
    const answer = await Promise.race([exchange().catch(unlessGone), link.gone]);
    if (answer === undefined) return;
    requireTaken(answer);
    link.acknowledgedSeq = this.#kept.seq ?? 0;
    const { waiting } = link;
    link.waiting = waiting.filter(({ seq }) => seq > link.acknowledgedSeq);
    for (const { seq, resolve } of waiting) if (seq <= link.acknowledgedSeq) resolve();
    this.#succeed();
  }

  /** Whatever goes wrong with one channel, the others and all tokens are handed over. */
  async #sourceOf(vault: FeedingVault, channel: Channel): Promise<ChannelSource> {
    try {
      return await this.#sources.of(vault, channel);
    } catch (error) {
      // Only the kind of error: its message may quote what was opened.
      say(`the sources of channel ${channel.id} failed (${kindOf(error)})`);
      return broken;
    }
  }

  #succeed(): void {
    if (this.#problem === undefined) return;
    this.#problem = undefined;
    this.#onProblem();
  }

  #fail(error: unknown): void {
    say(`the gateway was not brought up to date (${kindOf(error)})`);
    this.#problem = behind;
    this.#onProblem();
    clearTimeout(this.#retry);
    const followed = this.#followed;
    if (followed === undefined) return;
    this.#retry = setTimeout(() => {
      if (this.#followed === followed) void this.#inTurn(() => this.#takeWhole(followed));
    }, retryAfterMs).unref();
  }
}

/** Resolves with the work, or without it when it takes longer. */
async function atMost(ms: number, work: Promise<void>): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<void>((resolve) => (timer = setTimeout(resolve, ms)));
  await Promise.race([work, late]);
  clearTimeout(timer);
}

function requireTaken(answer: BundleAnswer): void {
  if (!answer.ok) throw new Error(`refused: ${answer.why}`);
}

const say = (what: string) => process.stderr.write(`latchkey: ${what}\n`);

function kindOf(error: unknown): string {
  if (!(error instanceof Error)) return typeof error;
  return 'code' in error && typeof error.code === 'string' ? error.code : error.name;
}

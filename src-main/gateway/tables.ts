/**
 * The gateway's own tables, made from a bundle and kept by deltas. Invariant: they are those of exactly one number: a
 * delta for another one is refused and changes nothing; a change costs what it changes, whatever the number of tokens.
 */
import { setImmediate as nextTurn } from 'node:timers/promises';
import type {
  Bundle,
  BundleAnswer,
  BundleChannel,
  BundleDelta,
  BundleDenials,
  BundleEnvironment,
  BundleLogKeeping,
  BundleTeam,
  BundleToken,
} from '../../shared/model/bundle.ts';
import type { ChannelId, EnvironmentId, TeamId, TokenId } from '../../shared/model/ids.ts';
import { defaultRetention } from '../../shared/model/log-keeping.ts';
import { PolicyTables } from './policy-tables.ts';
import { Denials } from './denials.ts';

/** Put into tables at a time: a few milliseconds. */
const tokensPerTurn = 5_000;

type Tables = Head & {
  readonly teams: Map<TeamId, BundleTeam>;
  readonly environments: Map<EnvironmentId, BundleEnvironment>;
  readonly channels: Map<ChannelId, BundleChannel>;
  readonly channelsByName: Map<string, BundleChannel>;
  readonly policies: PolicyTables;
  readonly tokens: Map<TokenId, BundleToken>;
  readonly tokensByDigest: Map<string, BundleToken>;
};
type Head = {
  number: number;
  seq: number;
  madeAtMs: number;
  organizationName: string;
  logKeeping: BundleLogKeeping;
};

export class BundleTables {
  #tables: Tables | undefined;
  readonly #denials = new Denials();

  /** undefined until the first bundle: then nothing is allowed. */
  get number(): number | undefined {
    return this.#tables?.number;
  }

  /** How many lines of the log are enforced. */
  get seq(): number | undefined {
    return this.#tables?.seq;
  }

  /**
   * Takes the place of all that was, at once; until then the old is enforced. Many tokens take turns with other work. An
   * older bundle is refused: it would bring back what was taken away since.
   */
  async load(bundle: Bundle): Promise<BundleAnswer> {
    const next = emptyTables();
    put(next, { ...bundle, tokens: [] });
    for (const [index, token] of bundle.tokens.entries()) {
      if (index > 0 && index % tokensPerTurn === 0) await nextTurn();
      putToken(next, token);
    }
    const number = this.#tables?.number;
    if (number !== undefined && bundle.number < number) return { ok: false, why: 'older', number };
    this.#tables = next;
    this.#denials.dropBefore(bundle.seq);
    return { ok: true, number: bundle.number };
  }

  /** Applies a delta for exactly the number that is enforced. */
  apply(delta: BundleDelta): BundleAnswer {
    const tables = this.#tables;
    if (tables === undefined || tables.number !== delta.from)
      return { ok: false, why: 'gap', number: tables?.number };
    for (const id of delta.removedTeamIds ?? []) tables.teams.delete(id);
    for (const id of delta.removedEnvironmentIds ?? []) tables.environments.delete(id);
    for (const id of delta.removedChannelIds ?? []) takeOutChannel(tables, id);
    tables.policies.remove(delta.removedPolicyIds ?? []);
    put(tables, delta);
    this.#denials.dropBefore(delta.seq);
    return { ok: true, number: delta.number };
  }

  /** Takes away from now on, whatever the bundle allows; also what the bundle does not know yet. */
  deny(denials: readonly BundleDenials[]): BundleAnswer {
    this.#denials.add(denials.filter(({ seq }) => seq >= (this.seq ?? 0)));
    return { ok: true, number: this.number ?? 0 };
  }

  /** What was denied beside the bundle. */
  denials(): readonly BundleDenials[] {
    return this.#denials.all;
  }

  /** Whether requests can be judged: there is a bundle, and the log can be read. */
  get isReady(): boolean {
    return this.#tables !== undefined && !this.#denials.isEverything;
  }

  /** @param digest SHA-256 of the whole token, hex */
  tokenOf(digest: string): BundleToken | undefined {
    const token = this.#tables?.tokensByDigest.get(digest);
    return token === undefined ? undefined : this.#denials.applyTo(token);
  }

  token(id: TokenId): BundleToken | undefined {
    const token = this.#tables?.tokens.get(id);
    return token === undefined ? undefined : this.#denials.applyTo(token);
  }

  channelNamed(name: string): BundleChannel | undefined {
    const channel = this.#tables?.channelsByName.get(name);
    return channel === undefined || this.#denials.isDenied(channel) ? undefined : channel;
  }

  channel(id: ChannelId): BundleChannel | undefined {
    return this.#tables?.channels.get(id);
  }

  channels(): Iterable<BundleChannel> {
    return this.#tables?.channels.values() ?? [];
  }

  /** How the request log is kept; undefined before the first bundle. */
  get logKeeping(): BundleLogKeeping | undefined {
    return this.#tables?.logKeeping;
  }

  /** What is enforced about packages; undefined before the first bundle. */
  get policies(): PolicyTables | undefined {
    return this.#tables?.policies;
  }

  /** All of it as one bundle again; undefined before the first. */
  toBundle(): Bundle | undefined {
    if (this.#tables === undefined) return undefined;
    const { number, seq, madeAtMs, organizationName, logKeeping, ...tables } = this.#tables;
    return {
      number,
      seq,
      madeAtMs,
      organizationName,
      teams: [...tables.teams.values()],
      environments: [...tables.environments.values()],
      channels: [...tables.channels.values()],
      ...tables.policies.toBundle(),
      logKeeping,
      tokens: [...tables.tokens.values()],
    };
  }
}

function emptyTables(): Tables {
  return {
    number: 0,
    seq: 0,
    madeAtMs: 0,
    organizationName: '',
    logKeeping: { retention: defaultRetention, recipients: [] },
    teams: new Map(),
    environments: new Map(),
    channels: new Map(),
    channelsByName: new Map(),
    policies: new PolicyTables(),
    tokens: new Map(),
    tokensByDigest: new Map(),
  };
}

function put(tables: Tables, from: Bundle | BundleDelta): void {
  tables.number = from.number;
  tables.seq = from.seq;
  tables.madeAtMs = from.madeAtMs;
  if (from.organizationName !== undefined) tables.organizationName = from.organizationName;
  if (from.logKeeping !== undefined) tables.logKeeping = from.logKeeping;
  for (const team of from.teams ?? []) tables.teams.set(team.id, team);
  for (const environment of from.environments ?? []) tables.environments.set(environment.id, environment);
  putChannels(tables, from.channels ?? []);
  tables.policies.put(from);
  for (const token of from.tokens ?? []) putToken(tables, token);
}

/** All old names go before any new one comes: two channels may have exchanged theirs. */
function putChannels(tables: Tables, channels: readonly BundleChannel[]): void {
  for (const { id } of channels) takeOutChannel(tables, id);
  for (const channel of channels) {
    tables.channels.set(channel.id, channel);
    tables.channelsByName.set(channel.name, channel);
  }
}

function takeOutChannel(tables: Tables, id: ChannelId): void {
  const known = tables.channels.get(id);
  if (known === undefined) return;
  tables.channels.delete(id);
  if (tables.channelsByName.get(known.name) === known) tables.channelsByName.delete(known.name);
}

function putToken(tables: Tables, token: BundleToken): void {
  const known = tables.tokens.get(token.id);
  if (known !== undefined && known.digest !== token.digest) tables.tokensByDigest.delete(known.digest);
  tables.tokens.set(token.id, token);
  tables.tokensByDigest.set(token.digest, token);
}

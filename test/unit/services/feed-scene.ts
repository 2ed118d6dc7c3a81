/** A feed with a fake vault behind it and a gateway's tables before it, and events of a small organization. */
import { createHash } from 'node:crypto';
import type {
  Bundle,
  BundleAnswer,
  BundleDelta,
  BundleDenials,
  BundleSink,
} from '../../../shared/model/bundle.ts';
import {
  channelId,
  environmentId,
  holderId,
  operatorId,
  teamId,
  tokenId,
} from '../../../shared/model/ids.ts';
import { BundleTables } from '../../../src-main/gateway/tables.ts';
import type { DomainEvent, EventOf } from '../../../src-main/organization/events.ts';
import { channelSources } from '../../../src-main/services/channel-sources.ts';
import type { FolderMap } from '../../../src-main/services/folder-map.ts';
import { BundleFeed } from '../../../src-main/services/gateway-feed.ts';
import { FakeVault } from '../../support/fake-vault.ts';

export const ids = { channelId, environmentId, holderId, teamId, tokenId };

export class FakeFolders implements FolderMap {
  readonly #paths = new Map<string, string>();
  readonly #listeners = new Set<() => void>();
  pathOf = (label: string) => this.#paths.get(label);
  entries = () => [...this.#paths];
  map = (label: string, path: string) => {
    this.#paths.set(label, path);
    for (const listener of this.#listeners) listener();
  };
  unmap = (label: string) => {
    this.#paths.delete(label);
    for (const listener of this.#listeners) listener();
  };
  onChange = (listener: () => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };
}

/** A gateway that keeps what it was sent. */
export class RecordingSink implements BundleSink {
  readonly tables = new BundleTables();
  readonly loads: Bundle[] = [];
  readonly deltas: BundleDelta[] = [];
  readonly denials: BundleDenials[] = [];
  /** Set to hold answers back, or to fail. */
  before: () => Promise<void> = async () => undefined;

  async load(bundle: Bundle): Promise<BundleAnswer> {
    await this.before();
    this.loads.push(bundle);
    return this.tables.load(bundle);
  }

  async apply(delta: BundleDelta): Promise<BundleAnswer> {
    await this.before();
    this.deltas.push(delta);
    return this.tables.apply(delta);
  }

  async deny(denials: readonly BundleDenials[]): Promise<BundleAnswer> {
    await this.before();
    this.denials.push(...denials);
    return this.tables.deny(denials);
  }
}

export class FeedScene {
  readonly vault = new FakeVault();
  readonly folders = new FakeFolders();
  readonly sources = channelSources(this.folders);
  readonly feed = new BundleFeed({ now: () => 5_000, sources: this.sources });
  readonly sink = new RecordingSink();

  /** Team core, environment dev, channel main, holder ci. */
  async open(): Promise<this> {
    this.vault.commit(
      team('core'),
      environment('dev'),
      { type: 'holder.created', holder: { id: holderId.parse('ci'), kind: 'service', name: 'ci', note: '' } },
      channel('main'),
    );
    await this.feed.attach(this.sink);
    await this.feed.follow(this.vault);
    return this;
  }

  /** Resolves when everything up to now was handed over. */
  settle(): Promise<void> {
    return this.feed.confirmed(this.vault.seq());
  }

  async commit(...events: readonly DomainEvent[]): Promise<void> {
    if (!this.vault.commit(...events)) throw new Error('The line is void.');
    await this.settle();
  }
}

export const team = (id: string, name = id): EventOf<'team.created'> => ({
  type: 'team.created',
  team: { id: teamId.parse(id), name, description: '' },
});
export const environment = (id: string, name = id): EventOf<'environment.created'> => ({
  type: 'environment.created',
  environment: { id: environmentId.parse(id), name, rank: 10, isProtected: false },
});

type ChannelFields = EventOf<'channel.created'>['channel'];
export const channelFields = (id: string, more: Partial<ChannelFields> = {}): ChannelFields => ({
  id: channelId.parse(id),
  name: id,
  kind: 'conda',
  upstream: { type: 'url', url: 'https://conda.example/main' },
  environmentIds: [environmentId.parse('dev')],
  note: '',
  ...more,
});
export const channel = (id: string, more: Partial<ChannelFields> = {}): EventOf<'channel.created'> => ({
  type: 'channel.created',
  channel: channelFields(id, more),
});
export const changedChannel = (
  id: string,
  more: Partial<ChannelFields> = {},
): EventOf<'channel.changed'> => ({ type: 'channel.changed', channel: channelFields(id, more) });

type TokenFields = EventOf<'token.issued'>['token'];
export const tokenFields = (id: string, more: Partial<TokenFields> = {}): TokenFields => ({
  id: tokenId.parse(id),
  digest: createHash('sha256').update(id).digest('hex'),
  holderId: holderId.parse('ci'),
  teamId: teamId.parse('core'),
  environmentId: environmentId.parse('dev'),
  channelIds: [channelId.parse('main')],
  permission: 'install',
  expiresAtMs: 1_000_000,
  networks: 'anywhere',
  note: '',
  ...more,
});
export const issued = (id: string, more: Partial<TokenFields> = {}): EventOf<'token.issued'> => ({
  type: 'token.issued',
  token: tokenFields(id, more),
});
export const revoked = (...tokenIds: readonly string[]): EventOf<'token.revoked'> => ({
  type: 'token.revoked',
  tokenIds: tokenIds.map((id) => tokenId.parse(id)),
  reason: 'lost',
});
export const granted: EventOf<'key.granted'> = {
  type: 'key.granted',
  operatorIds: [operatorId.parse('ada')],
};

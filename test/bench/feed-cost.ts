/** What a change costs on its way to the gateway (feed and gateway's tables, one process), against the number of tokens. */
import { createHash } from 'node:crypto';
import { BundleFeed } from '../../src-main/services/gateway-feed.ts';
import { createGateway } from '../../src-main/gateway/gateway.ts';
import { channelId, environmentId, holderId, teamId, tokenId } from '../../shared/model/ids.ts';
import type { DomainEvent } from '../../src-main/organization/events.ts';
import { FakeVault } from '../support/fake-vault.ts';

const perLine = 10_000;
const rounds = 200;

/** Of one size: milliseconds of CPU. */
export type FeedCost = {
  readonly tokens: number;
  /** From the unlock to the gateway's acknowledgement of everything. */
  readonly wholeMs: number;
  /** The longest that nothing else had its turn meanwhile. */
  readonly longestTurnMs: number;
  /** One issue from the commit to its acknowledgement, median; the fold is not in it. */
  readonly issueMs: number;
};

export async function feedCost(tokens: number): Promise<FeedCost> {
  const vault = new FakeVault();
  vault.commit(...foundation);
  for (let from = 0; from < tokens; from += perLine) {
    const count = Math.min(perLine, tokens - from);
    if (!vault.commit(...Array.from({ length: count }, (_, index) => issued(from + index)))) {
      throw new Error('The line is void.');
    }
  }
  const sources = {
    of: async () => ({ upstream: { type: 'url', url: 'https://conda.example/main' } }) as const,
    onChange: () => () => undefined,
  };
  const feed = new BundleFeed({ now: Date.now, sources });
  await feed.attach(createGateway({ host: '127.0.0.1', port: 0, now: Date.now }));

  const turns = watchTurns();
  const before = process.cpuUsage();
  await feed.follow(vault);
  const wholeMs = cpuSince(before);
  const longestTurnMs = turns.stop();

  const times: number[] = [];
  let startedAt = 0;
  const stop = vault.onCommit(() => (startedAt = performance.now()));
  await feed.follow(vault);
  for (let round = 0; round < rounds; round += 1) {
    vault.commit(issued(tokens + round));
    await feed.confirmed(vault.seq());
    times.push(performance.now() - startedAt);
  }
  stop();
  await feed.unfollow();
  return { tokens, wholeMs, longestTurnMs, issueMs: times.toSorted((a, b) => a - b)[rounds / 2] ?? 0 };
}

function cpuSince(before: NodeJS.CpuUsage): number {
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1000;
}

function watchTurns(): { stop: () => number } {
  let last = performance.now();
  let longest = 0;
  const look = () => {
    const now = performance.now();
    longest = Math.max(longest, now - last);
    last = now;
  };
  let immediate = setImmediate(function again() {
    look();
    immediate = setImmediate(again);
  });
  return {
    stop: () => {
      look();
      clearImmediate(immediate);
      return longest;
    },
  };
}

const main = channelId.parse('main');
const dev = environmentId.parse('dev');
const core = teamId.parse('core');
const ci = holderId.parse('ci');
const foundation: readonly DomainEvent[] = [
  { type: 'team.created', team: { id: core, name: 'core', description: '' } },
  { type: 'environment.created', environment: { id: dev, name: 'dev', rank: 10, isProtected: false } },
  { type: 'holder.created', holder: { id: ci, kind: 'service', name: 'ci', note: '' } },
  {
    type: 'channel.created',
    channel: {
      id: main,
      name: 'main',
      kind: 'conda',
      upstream: { type: 'url', url: 'https://conda.example/main' },
      environmentIds: [dev],
      note: '',
    },
  },
];

const issued = (number: number): DomainEvent => ({
  type: 'token.issued',
  token: {
    id: tokenId.parse(number.toString(36).padStart(8, '0')),
    digest: createHash('sha256').update(String(number)).digest('hex'),
    holderId: ci,
    teamId: core,
    environmentId: dev,
    channelIds: [main],
    permission: 'install',
    expiresAtMs: 1_000_000_000,
    networks: ['10.0.0.0/8'],
    note: '',
  },
});

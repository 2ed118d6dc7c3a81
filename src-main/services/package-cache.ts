/** The package cache of the data folder, as people look at it: gateways fill it, in processes of their own. */
import type { CacheVerifyView, CachedFileView, PurgeRuleInput } from '../../shared/contract/cache-views.ts';
import type { Handlers } from '../../shared/contract/types.ts';
import { LatchkeyError } from '../../shared/errors.ts';
import type { ChannelId } from '../../shared/model/ids.ts';
import { texts } from '../../shared/texts/texts.ts';
import { createExclusive } from '../base/exclusive.ts';
import { diskError } from '../disk/disk-error.ts';
import type { OrganizationState } from '../organization/state.ts';
import type { KeptEntry } from '../package-cache/kept-files.ts';
import { PackageCache } from '../package-cache/package-cache.ts';
import type { PurgeRule } from '../package-cache/purge-rule.ts';
import { CheckJob } from './check-job.ts';
import type { Context } from './context.ts';
import type { GatewayService } from './gateway.ts';

const words = texts.packageCache;
const maxNamed = 100;
const idle: CacheVerifyView = {
  state: 'idle',
  files: 0,
  bytes: 0,
  totalFiles: 0,
  damaged: [],
  damagedCount: 0,
};

export type PackageCacheService = {
  readonly handlers: Handlers['cache'];
  /** The vault was locked: a check that runs ends. */
  readonly stop: () => void;
};

type Deps = {
  /** Of the cache. */
  readonly dir: string;
  /** As the settings say. */
  readonly maxBytes: () => number;
  /** Asks the gateway of this process, else one that is made for this question. */
  readonly ask: GatewayService['ask'];
};

export function packageCacheService(
  context: Pick<Context, 'vault' | 'emit' | 'now'>,
  { dir, maxBytes, ask }: Deps,
): PackageCacheService {
  // It looks and takes away; nothing is put into it here.
  const cache = new PackageCache({ dir, maxBytes: 0, now: context.now });

  const entries = async (): Promise<readonly KeptEntry[]> => {
    const found: KeptEntry[] = [];
    for await (const entry of cache.list()) found.push(entry);
    return found;
  };

  const oneByOne = createExclusive();
  let next: Promise<ReadonlySet<string>> | undefined;
  /**
   * What nobody may have, as policies are now, whatever gateway runs here or elsewhere. Asked once for all who wait: to tell
   * it, a gateway looks at the whole cache.
   * @throws LatchkeyError INTERNAL
   */
  const deniedNow = (): Promise<ReadonlySet<string>> =>
    (next ??= oneByOne(async () => {
      next = undefined;
      return new Set(await ask((packages) => packages.cacheDenied()));
    }));
  const ruleOf = async (rule: PurgeRuleInput): Promise<PurgeRule> => {
    if (rule.type !== 'denied') return JSON.parse(JSON.stringify(rule)) as PurgeRule;
    return { type: 'files', sha256s: [...(await deniedNow())] };
  };

  const job = new CheckJob<CacheVerifyView>({
    idle,
    now: context.now,
    tell: (view) => context.emit('cache.verifying', view),
    problem: words.notReadable,
  });

  return {
    handlers: {
      status: () =>
        orDiskError(dir, async () => {
          const { notKept: _own, ...found } = await cache.stats();
          return { ...found, maxBytes: maxBytes() };
        }),
      list: ({ text, channelId, denied, sort, limit }) =>
        orDiskError(dir, async () => {
          const state = context.vault().state();
          const held = denied ? await deniedNow() : undefined;
          const wanted = text.toLowerCase();
          const found = (await entries()).filter(
            ({ about, sha256 }) =>
              held?.has(sha256) !== false &&
              (channelId === undefined ||
                about?.sources.some((one) => one.channelId === channelId) === true) &&
              (wanted === '' ||
                about?.sources.some(({ filename }) => filename.toLowerCase().includes(wanted)) === true),
          );
          const most = sort === 'size' ? 'sizeBytes' : 'usedAtMs';
          const first = found.toSorted((a, b) => b[most] - a[most]).slice(0, limit);
          const bytes = found.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0);
          return { total: found.length, bytes, files: first.map((entry) => viewOf(entry, state)) };
        }),
      planPurge: (rule) => orDiskError(dir, async () => await cache.plan(await ruleOf(rule))),
      purge: (rule) => orDiskError(dir, async () => await cache.purge(await ruleOf(rule))),
      verify: async () =>
        job.begin({}, async (progress, signal) => {
          const { files: totalFiles } = await cache.stats();
          progress({ totalFiles });
          const result = await cache.verify(
            (done) => progress({ ...done, totalFiles: Math.max(totalFiles, done.files) }),
            signal,
          );
          const damaged = result.damaged.slice(0, maxNamed);
          return { ...result, damaged, damagedCount: result.damaged.length };
        }),
      verifyStatus: async () => job.view,
      cancelVerify: async () => job.cancel(),
    },
    stop: () => job.stop(),
  };
}

/** What the system says is said in our words. */
async function orDiskError<T>(dir: string, act: () => Promise<T>): Promise<T> {
  try {
    return await act();
  } catch (cause) {
    if (cause instanceof LatchkeyError || !(cause instanceof Error) || !('code' in cause)) throw cause;
    throw diskError('FILE_NOT_READABLE', 'read', dir, cause);
  }
}

function viewOf({ sha256, sizeBytes, usedAtMs, about }: KeptEntry, state: OrganizationState): CachedFileView {
  const first = about?.sources[0];
  const channels = new Set(
    about?.sources.map(({ channelId }) => state.channels.get(channelId as ChannelId)?.name ?? channelId),
  );
  return {
    sha256,
    sizeBytes,
    usedAtMs: Math.max(0, Math.trunc(usedAtMs)),
    ...(about === undefined ? {} : { storedAtMs: about.storedAtMs }),
    ...(first === undefined ? {} : { filename: first.filename, ecosystem: first.ecosystem }),
    ...(first?.name === undefined ? {} : { name: first.name }),
    ...(first?.version === undefined ? {} : { version: first.version }),
    channels: [...channels],
  };
}

import { homedir } from 'node:os';
import { join } from 'node:path';
import type { HostEvent, HostEventName } from '../../shared/contract/contract.ts';
import type { Handlers } from '../../shared/contract/types.ts';
import type { LaunchGateway } from '../gateway/protocol.ts';
import type { GatewayRequestEvent } from '../../shared/model/gateway.ts';
import { ListenerSet } from '../base/listener-set.ts';
import { surviveFileSizeLimit } from '../disk/file-size-limit.ts';
import { sweepTemporaryFiles } from '../disk/sweep.ts';
import { defaultStateDir } from '../vault/state-dir.ts';
import { agentService } from './agent.ts';
import { channelSources } from './channel-sources.ts';
import { channelsService } from './channels.ts';
import { committer } from './commit.ts';
import { curationService, factsAlarms } from './curation.ts';
import type { FactsKeeperDeps } from './facts-keeper.ts';
import { FactsKeeper } from './facts-keeper.ts';
import { factsDirOf } from './facts-manifest.ts';
import type { Context, HostPorts, SettingsStore } from './context.ts';
import { systemRandomBytes } from './context.ts';
import { gatewayIdentity, readGatewayIdentity } from './gateway-identity.ts';
import { GatewayPlace } from './gateway-place.ts';
import { desktopService, observePassphrases } from './desktop.ts';
import { environmentsService } from './environments.ts';
import { doctorService } from './doctor.ts';
import { exportsService } from './exports.ts';
import { importsService } from './imports.ts';
import { fileVault } from './file-vault.ts';
import { openFolderMap } from './folder-map.ts';
import { foldersService } from './folders.ts';
import type { GatewayService } from './gateway.ts';
import { gatewayService } from './gateway.ts';
import { linesInHead } from './head-lines.ts';
import { holdersService } from './holders.ts';
import type { Indexes } from './indexes.ts';
import { indexesOf } from './indexes.ts';
import { keychainService } from './keychain.ts';
import type { OrganizationVault } from './organization-vault.ts';
import { networkConfigOf, requireNetworkSettings } from './network-config.ts';
import { PackagesInUse } from './packages-in-use.ts';
import { packageCacheService } from './package-cache.ts';
import { packagesService } from './packages.ts';
import { policiesService } from './policies.ts';
import { LockedFollow } from './locked-follow.ts';
import type { Session } from './session.ts';
import { LogUpkeep } from './log-upkeep.ts';
import { requestLogService } from './request-log.ts';
import { sessionService } from './session.ts';
import { openStoreThread } from '../request-log/store/open-store-thread.ts';
import { openSettings } from './settings-store.ts';
import { parseNetworks } from '../tokens/networks.ts';
import type { StepUpCheck } from './step-up-acts.ts';
import { stepUpCheck } from './step-up-acts.ts';
import type { StepUpAuth } from './step-up-auth.ts';
import { createStepUpAuth } from './step-up-auth.ts';
import { tablesService } from './tables.ts';
import { teamsService } from './teams.ts';
import { plannedChanges } from './token-bulk.ts';
import { tokensService } from './tokens.ts';
import { openUsage } from './usage.ts';
import type { VaultDoor } from './vault-door.ts';
import { vaultService } from './vault-service.ts';

export type AppOptions = {
  /** Folder of vault.log, vault.json, settings.json; made when missing. */
  readonly dataDir: string;
  readonly version: string;
  readonly host: HostPorts;
  /** Whether the gateway starts with the first unlock (if the settings say so too). */
  readonly autoStartGateway: boolean;
  /** Whether somebody will look at lists: then they are made ready after an unlock. */
  readonly warmUp?: boolean;
  /** Whether this process stays: then it anchors the request log in the vault, and keeps it. */
  readonly keepLog?: boolean;
  /** Name of this process's usage file; two gateways on one folder need two names. */
  readonly usageInstance?: string;
  /** The vault was locked: a host that goes on cleans its memory. */
  readonly onLocked?: () => void;
  /** How this host starts the gateway's process. */
  readonly launchGateway: LaunchGateway;
  /** Ports of this host itself: no channel's upstream is one of them. */
  readonly ownPorts?: () => readonly number[];
  /** Whether the gateway writes one line per request on standard error, free of secrets. */
  readonly accessLog?: boolean;
  readonly now?: () => number;
  readonly randomBytes?: (count: number) => Uint8Array;
  /** How feeds of facts are fetched and read, if not by this host's own network and threads. */
  readonly feedWays?: Pick<FactsKeeperDeps, 'open' | 'read' | 'compile'>;
  /** Where this computer remembers what it has seen of a log; the user's state folder unless given. */
  readonly stateDir?: string;
  /** The vault in the data folder unless given. */
  readonly door?: VaultDoor;
  /** The desktop app hands in electron-store's; others use conf on the same file. */
  readonly settings?: SettingsStore;
};

export type App = {
  /** Called by the door, which asks before: who may, and whether with the passphrase. */
  readonly handlers: Handlers;
  readonly checkStepUp: StepUpCheck;
  /** The same check for callers who prove themselves apart: commands over an agent. */
  readonly stepUpCheckBy: (stepUpAuth: StepUpAuth) => StepUpCheck;
  readonly session: Session;
  readonly gateway: GatewayService;
  readonly settings: SettingsStore;
  readonly on: <N extends HostEventName>(name: N, listener: (event: HostEvent<N>) => void) => () => void;
  readonly onGatewayRequest: (listener: (event: GatewayRequestEvent) => void) => () => void;
  readonly close: () => Promise<void>;
};

/** The composition of all services, the same for every host. Locked until `session.unlock` or `session.create`. */
export function createApp(options: AppOptions): App {
  /** Of every event's name its own listeners; `emit` and `on` put name and event together. */
  const listeners = new Map<HostEventName, ListenerSet<[never]>>();
  const now = options.now ?? Date.now;
  const settings = options.settings ?? openSettings(options.dataDir);
  const base = {
    dataDir: options.dataDir,
    version: options.version,
    host: options.host,
    now,
    randomBytes: options.randomBytes ?? systemRandomBytes,
    settings,
    emit: <N extends HostEventName>(name: N, event: HostEvent<N>) => {
      listeners.get(name)?.tell(event as never);
    },
  };
  const stateDir = options.stateDir ?? defaultStateDir();
  const door =
    options.door ??
    fileVault({
      ...base,
      stateDir,
      tell: (message) => base.emit('notice', { code: 'put-aside', message }),
    });
  const folders = openFolderMap(options.dataDir);
  const sources = channelSources(folders);
  surviveFileSizeLimit();
  sweepTemporaryFiles(
    [
      ...['', 'usage', 'in-use', 'checkpoints', 'facts'].map((name) => join(options.dataDir, name)),
      join(stateDir, 'heads'),
    ],
    now(),
  );
  const usage = openUsage(options.dataDir, options.usageInstance ?? 'app', now);
  const inUse = new PackagesInUse(options.dataDir, options.usageInstance ?? 'app', now);
  const gateway = gatewayService(base, {
    sources,
    usage,
    packages: inUse,
    launch: options.launchGateway,
    identity: {
      own: () => gatewayIdentity(options.dataDir),
      pinned: () => readGatewayIdentity(options.dataDir),
    },
    place: new GatewayPlace(options.dataDir),
    lines: async () => (session.isUnlocked() ? session.vault().seq() : linesInHead(options.dataDir)),
    accessLog: options.accessLog,
    ownPorts: options.ownPorts,
  });
  const keeper = new FactsKeeper({
    dir: factsDirOf(options.dataDir),
    now,
    folderOf: (label) => folders.pathOf(label),
    network: () => networkConfigOf(settings.read().network),
    ownPorts: gateway.ownPorts,
    ...options.feedWays,
    onFacts: (facts) => gateway.setFacts(facts),
    onChange: () => {
      if (!session.isUnlocked()) return;
      base.emit('curation.updated', {});
      base.emit('session.changed', session.view());
    },
  });
  const stepUpAuth = createStepUpAuth(now);
  let indexes: Indexes | undefined;
  let isFed = false;
  /** Only where a gateway runs or is about to: a command that changes one token makes no bundle of all. */
  const feedGateway = async (vault: OrganizationVault): Promise<void> => {
    if (isFed) return;
    isFed = true;
    // What a gateway judges by is kept up to date where one runs.
    keeper.schedule();
    await gateway.feed.follow(vault);
  };
  let isClosing = false;
  let stopFollowing = (): void => undefined;
  const lockedFollow = new LockedFollow({
    door,
    deny: (denials) => gateway.feed.deny(denials),
    onChange: () => base.emit('session.changed', session.view()),
  });
  const session = sessionService(base, door, {
    onUnlocked: async (vault) => {
      await lockedFollow.end();
      indexes = indexesOf(vault);
      const feedsOf = () => vault.state().feeds.values();
      keeper.refresh();
      keeper.take(feedsOf());
      stopFollowing = vault.onCommit(({ entries }) => {
        if (entries.some(({ event }) => event.type === 'feed.set' || event.type === 'feed.removed'))
          keeper.take(feedsOf());
      });
      // A convenience: whoever is in the way now, the next unlock tries again.
      usage.mergeEnded().catch(() => undefined);
      const { running } = await gateway.handlers.status({});
      const isWanted = options.autoStartGateway && settings.read().gateway.autoStart;
      if (running || isWanted) await feedGateway(vault);
      if (isWanted) await gateway.startIfWanted();
      if (options.keepLog === true) logUpkeep.begin();
      if (options.warmUp === true) await indexes.warmUp();
    },
    lockedAlarms: () => lockedFollow.alarms(),
    otherAlarms: () => [
      ...factsAlarms(session.vault().state().feeds.values(), keeper, now()),
      ...logUpkeep.alarms(),
    ],
    onLocked: () => options.onLocked?.(),
    onLocking: async (vault) => {
      // From here on with public data; before anything that may take its time.
      if (isFed && !isClosing) lockedFollow.begin(vault.place());
      stepUpAuth.forget();
      vaultHandlers.stop();
      packageCache.stop();
      logUpkeep.end();
      requestLog.stop();
      stopFollowing();
      // It holds the vault.
      stopFollowing = () => undefined;
      curation.forget();
      indexes?.stop();
      indexes = undefined;
      isFed = false;
      await gateway.feed.unfollow();
      gateway.forget();
      sources.forget();
    },
  });
  const context: Context = {
    ...base,
    vault: session.vault,
    commit: committer({
      vault: session.vault,
      feed: gateway.feed,
      emit: base.emit,
      onAnchored: session.noteAnchored,
    }),
    indexes: () => {
      // Throws with the right words when it is locked.
      const vault = session.vault();
      return (indexes ??= indexesOf(vault));
    },
  };
  const askGateway: typeof gateway.ask = async (question) => {
    if (gateway.packages() === undefined) await feedGateway(session.vault());
    return gateway.ask(question);
  };
  const packageCache = packageCacheService(context, {
    dir: join(options.dataDir, 'package-cache'),
    maxBytes: () => settings.read().gateway.cacheGib * 1024 ** 3,
    ask: askGateway,
  });
  const logDir = join(options.dataDir, 'request-log');
  const log = {
    dir: logDir,
    store: openStoreThread(logDir),
    identity: () => readGatewayIdentity(options.dataDir),
  };
  const logUpkeep = new LogUpkeep(context, {
    ...log,
    usage,
    onAlarms: () => {
      if (session.isUnlocked()) base.emit('session.changed', session.view());
    },
  });
  const requestLog = requestLogService(context, {
    ...log,
    onFound: (troubles) => logUpkeep.found(troubles),
  });
  const vaultHandlers = vaultService(context);
  const curation = curationService(context, {
    keeper,
    folderOf: (label) => folders.pathOf(label),
    inUse: () => inUse.all(),
  });
  const keychain = keychainService({ ...base, session, stepUpAuth }, options.host.keychain);
  // Folders are no part of the log, but of what a list of channels shows.
  const stopFolders = folders.onChange(() => {
    if (session.isUnlocked()) base.emit('folders.changed', {});
  });

  const handlers: Handlers = {
    host: {
      about: async () => ({
        kind: options.host.kind,
        version: options.version,
        platform: process.platform,
        saveDialog: options.host.saveDialog,
        clipboard: options.host.clipboard,
        dataDir: options.dataDir,
        homeDir: homedir(),
        versions: Object.fromEntries(
          ['node', 'electron', 'chrome', 'v8'].flatMap((name) => {
            const version = process.versions[name];
            return version === undefined ? [] : [[name, version]];
          }),
        ),
      }),
    },
    session: observePassphrases(session, stepUpAuth, keychain),
    keychain: keychain.handlers,
    agent: agentService(options.host.agent, base.emit),
    desktop: desktopService(options.host),
    settings: {
      get: async () => settings.read(),
      set: async (next) => {
        requireNetworkSettings(next.network);
        const trustedProxies = [...parseNetworks(next.gateway.trustedProxies)];
        settings.write({ ...next, gateway: { ...next.gateway, trustedProxies } });
        gateway.configure();
        return settings.read();
      },
    },
    vault: vaultHandlers.handlers,
    folders: foldersService(context, folders),
    holders: holdersService(context),
    teams: teamsService(context),
    environments: environmentsService(context),
    channels: channelsService(context, {
      folders,
      sources,
      gatewayUrl: gateway.baseUrl,
      launch: options.launchGateway,
      network: () => networkConfigOf(settings.read().network),
      ownPorts: gateway.ownPorts,
    }),
    policies: policiesService(context),
    curation: curation.handlers,
    packages: packagesService(context, {
      running: gateway.packages,
      ask: askGateway,
      advisories: curation.advisories,
      inUse: () => inUse.all(),
    }),
    tokens: tokensService(context, usage),
    imports: importsService(context, usage),
    exports: exportsService(
      context,
      { baseUrl: gateway.baseUrl, probe: gateway.probe },
      usage,
      curation.handlers,
    ),
    tables: tablesService(context),
    doctor: doctorService(context, gateway),
    cache: packageCache.handlers,
    log: requestLog.handlers,
    gateway: {
      ...gateway.handlers,
      start: async (input) => {
        await feedGateway(session.vault());
        return gateway.handlers.start(input);
      },
    },
  };

  const stepUpCheckBy = (auth: StepUpAuth): StepUpCheck =>
    stepUpCheck({
      stepUpAuth: auth,
      settings: () => settings.read(),
      state: () => session.vault().state(),
      plannedChanges: (input) => plannedChanges(context, input),
    });

  return {
    handlers,
    checkStepUp: stepUpCheckBy(stepUpAuth),
    stepUpCheckBy,
    session,
    gateway,
    settings,
    on: (name, listener) => {
      const set = listeners.get(name) ?? new ListenerSet();
      listeners.set(name, set);
      return set.add(listener);
    },
    onGatewayRequest: gateway.onRequest,
    close: async () => {
      stopFolders();
      isClosing = true;
      await keeper.close();
      await session.close();
      await lockedFollow.end();
      await gateway.close();
    },
  };
}

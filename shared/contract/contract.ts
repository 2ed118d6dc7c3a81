/**
 * The whole contract between a host and a renderer (or any typed client): one grouped object that reads as a table of
 * contents. Adding a method here makes both hosts, the client and the contract tests ask for it.
 */
import { z } from 'zod';
import { displayName, limits, note, reason, slug } from '../model/domain.ts';
import { channelId, environmentId, holderId, policyId, teamId, tokenId } from '../model/ids.ts';
import * as bulk from './bulk-views.ts';
import * as cache from './cache-views.ts';
import * as log from './log-views.ts';
import { importInput, importReport, maxImportBytes } from './import-views.ts';
import * as doctor from './doctor-views.ts';
import { desktopRequest, keychainView } from './desktop-views.ts';
import { admin, anyone, lead, operator } from './method.ts';
import {
  channelDraft,
  channelView,
  connectionReport,
  folderView,
  lookedFor,
  resolvedHost,
} from './channel-views.ts';
import {
  environmentDraft,
  environmentView,
  holderPage,
  holderQuery,
  holderView,
  removal,
  teamDraft,
  teamView,
} from './directory-views.ts';
import { exportRequest, renderedExport } from './export-views.ts';
import { foundGateway, gatewayView } from './gateway-views.ts';
import * as curation from './curation-views.ts';
import * as packages from './package-views.ts';
import * as policies from './policy-views.ts';
import { retention } from '../model/log-keeping.ts';
import { agentView, hostView, sessionView } from './session-views.ts';
import { settings } from './settings-views.ts';
import {
  issueDraft,
  issuedToken,
  overlapHours,
  tokenChange,
  tokenPage,
  tokenQuery,
  tokenView,
} from './token-views.ts';
import { vaultView, verifyView } from './vault-views.ts';
import { tableName, tableSettings, tablesSettings } from './table-settings.ts';
import * as table from './table-views.ts';

const nothing = z.object({}).strict();
const done = z.object({});
const passphrase = z.string().min(1).max(1024);

/** What a change touched: who shows one of these reads it again, nobody else. */
export const topic = z.enum([
  'organization',
  'operators',
  'holders',
  'teams',
  'environments',
  'channels',
  'policies',
  'curation',
  'log',
  'tokens',
]);
export type Topic = z.infer<typeof topic>;

export const contract = {
  host: {
    about: anyone(nothing, hostView),
  },
  session: {
    status: anyone(nothing, sessionView),
    create: anyone(
      z.object({ organizationName: displayName, operatorName: displayName, passphrase }),
      sessionView,
    ),
    /** `acceptRestored`: an admin confirms that a backup was put back, after VAULT_ROLLED_BACK; the log then says so. */
    unlock: anyone(z.object({ passphrase, acceptRestored: z.boolean().default(false) }), sessionView),
    lock: anyone(nothing, sessionView),
    /** The operator did something: restarts the idle timer. */
    touch: anyone(nothing, done),
    changePassphrase: operator(z.object({ current: passphrase, next: passphrase }), done, {
      stepUp: 'passphrase-in-input',
    }),
    /** Proves once more who sits here: for what answered PASSPHRASE_REQUIRED. Counts for a few minutes. */
    confirm: operator(z.object({ passphrase }), done, { stepUp: 'passphrase-in-input' }),
  },
  /** Commands work in this unlocked app after a click, without the passphrase: operations are served, never keys. */
  agent: {
    status: anyone(nothing, agentView),
    start: operator(nothing, agentView),
    stop: anyone(nothing, agentView),
  },
  /** "Unlock with this computer": only the desktop app has a keychain; elsewhere the status says `unsupported`. */
  keychain: {
    status: anyone(nothing, keychainView),
    enable: operator(z.object({ passphrase }), keychainView, { stepUp: 'passphrase-in-input' }),
    disable: operator(nothing, keychainView),
    unlock: anyone(nothing, sessionView),
  },
  desktop: {
    /** Where `host.about` says `clipboard: host`. The clipboard is cleared later if it still holds this. */
    copySecret: operator(
      z.object({ text: z.string().min(1).max(100_000) }),
      z.object({ clearedAfterSeconds: z.number().int() }),
    ),
    /** The system's dialog for a folder or a file that there is; no path when the operator cancelled. Where `saveDialog` is `native`. */
    choosePath: operator(
      z.object({ what: z.enum(['folder', 'file']) }),
      z.object({ path: z.string().optional() }),
    ),
    /** What the app was opened with (a link), once: for a page that was not there yet when it came. */
    takeRequest: anyone(nothing, z.object({ request: desktopRequest.optional() })),
  },
  settings: {
    get: anyone(nothing, settings),
    set: operator(settings, settings, { stepUp: 'traffic-sent-elsewhere' }),
  },
  /** The log itself. */
  vault: {
    info: operator(nothing, vaultView),
    /** Checks every line from the first one on; answers at once, progress comes as `vault.verifying`. */
    verify: operator(nothing, verifyView, {
      job: { progress: 'vault.verifying', status: 'vault.verifyStatus', cancel: 'vault.cancelVerify' },
    }),
    verifyStatus: operator(nothing, verifyView),
    cancelVerify: operator(nothing, verifyView),
    /** Raises the declared format to what this program writes; older programs can no longer open the vault. */
    upgrade: admin(nothing, vaultView),
  },
  /** Which folder of this computer a channel's label means. Kept here, never in the vault. */
  folders: {
    list: operator(nothing, z.array(folderView)),
    map: operator(z.object({ label: slug, path: z.string().min(1).max(limits.pathChars) }), folderView),
    unmap: operator(z.object({ label: slug }), done),
  },
  holders: {
    list: operator(holderQuery, holderPage),
    get: operator(z.object({ id: holderId }), holderView),
    update: admin(z.object({ id: holderId, name: displayName, note }), holderView),
  },
  teams: {
    list: operator(nothing, z.array(teamView)),
    create: admin(teamDraft, teamView),
    update: admin(teamDraft.extend({ id: teamId }), teamView),
    remove: admin(z.object({ id: teamId }), removal),
  },
  environments: {
    list: operator(nothing, z.array(environmentView)),
    create: admin(environmentDraft, environmentView),
    update: admin(environmentDraft.extend({ id: environmentId }), environmentView),
    remove: admin(z.object({ id: environmentId }), removal),
  },
  channels: {
    list: operator(nothing, z.array(channelView)),
    create: admin(channelDraft, channelView),
    update: admin(channelDraft.extend({ id: channelId }), channelView, {
      stepUp: 'credentials-sent-elsewhere',
    }),
    remove: admin(z.object({ id: channelId }), done),
    /** Tries a draft before it is saved; with `id`, stored credentials are used where the draft says `keep`. */
    testConnection: lead(
      channelDraft.extend({
        id: channelId.optional(),
        /** A project or package that should be there; one is looked for otherwise. */
        lookFor: lookedFor.optional(),
      }),
      connectionReport,
      { stepUp: 'credentials-sent-elsewhere' },
    ),
    /** What entries of private hosts are at this moment, as this computer resolves them. */
    resolveHosts: operator(
      z.object({ privateHosts: z.array(z.string().trim().min(1).max(300)).max(limits.privateHosts) }),
      z.array(resolvedHost),
    ),
  },
  policies: {
    list: operator(nothing, z.array(policies.policyView)),
    save: admin(policies.policyDraft.extend({ id: policyId.optional() }), policies.policyView),
    remove: admin(z.object({ id: policyId }), done),
    /** What all policies together ask of new tokens there. */
    effective: operator(policies.where, policies.effectivePolicy),
    /** Reads a draft back, and says what is wrong with it. */
    preview: operator(policies.policyDraft.extend({ id: policyId.optional() }), policies.policyPreview),
    templates: operator(nothing, z.array(policies.policyTemplate)),
    /** Newest first; also of a policy that was removed. */
    history: operator(z.object({ id: policyId }), z.array(policies.policyVersionView)),
    /** Makes an earlier version the newest one. */
    rollback: admin(z.object({ id: policyId, version: z.number().int().min(1) }), policies.policyView),
    /** All that applies to a team in an environment, by layer. */
    stack: operator(policies.where, policies.policyStack),
    /** All policies as YAML, with names instead of ids. */
    exportText: operator(nothing, policies.policyText),
    /** Reads such a text; says what it would change. Nothing is changed. */
    planText: operator(z.object({ text: z.string().max(policies.maxPolicyTextChars) }), policies.policyPlan, {
      maxInputBytes: 4 * policies.maxPolicyTextChars,
    }),
    /** Does it, if the plan is still that one. */
    applyText: admin(
      z.object({ text: z.string().max(policies.maxPolicyTextChars), planHash: z.string().max(64) }),
      policies.policyPlan,
      { maxInputBytes: 4 * policies.maxPolicyTextChars },
    ),
  },
  /** Packages, and what policies say to them. */
  packages: {
    search: operator(z.object({ text: z.string().trim().min(1).max(200) }), z.array(packages.packageHit)),
    explain: operator(packages.packageQuestion, packages.packageExplanation),
    /** A decision of the last time, by the id that stands in its reason phrase; none: too long ago, or never. */
    decision: operator(
      z.object({ id: packages.decisionIdText }),
      z.object({ decision: packages.packageDecision.optional() }),
    ),
    /** What of a channel is denied for a team in an environment, and why. */
    hidden: operator(packages.hiddenQuestion, packages.hiddenVersions),
    /** What is denied until a package is old enough or facts come, and what was. */
    releases: operator(nothing, packages.packageReleases),
  },
  /** What the organization says about packages, and where its facts come from. */
  curation: {
    facts: operator(nothing, curation.factsView),
    saveFeed: admin(curation.feed, curation.feedView),
    removeFeed: admin(z.object({ name: slug }), done),
    /** Fetches now; answers at once, `curation.updated` tells the end. */
    updateFeed: operator(
      z.object({ name: slug, acceptShrunk: z.boolean().default(false) }),
      curation.feedView,
    ),
    /** The same from a folder or file of this computer, whatever the source of the feed: for a place without a network. */
    importFeed: admin(
      z.object({
        name: slug,
        path: z.string().min(1).max(limits.pathChars),
        acceptShrunk: z.boolean().default(false),
      }),
      curation.feedView,
    ),
    advisories: operator(curation.advisoryQuery, curation.advisoryPage),
    assessments: operator(nothing, z.array(curation.assessmentView)),
    /** One of an advisory that no feed has for the package is refused, unless it is to be kept for when one does. */
    assess: admin(
      z.object({
        assessments: z.array(curation.assessmentDraft).min(1).max(1000),
        keepUnknown: z.boolean().default(false),
      }),
      done,
    ),
    /** What others say about advisories, by a feed of OpenVEX documents or one document: proposals until an admin applies them. */
    planVex: operator(curation.vexSource, curation.vexPlan, { maxInputBytes: 4 * curation.maxVexChars }),
    applyVex: admin(
      curation.vexSource.and(z.object({ planHash: z.string().max(64) })),
      z.object({ assessed: z.number().int() }),
      { maxInputBytes: 4 * curation.maxVexChars },
    ),
    /** All assessments as one OpenVEX document. */
    exportVex: operator(
      nothing,
      z.object({ fileName: z.string(), text: z.string(), count: z.number().int() }),
    ),
    /** conda's names and PyPI's: by them advisories about PyPI's packages reach conda's. */
    names: operator(curation.tableQuery, curation.namePage),
    mapNames: admin(z.object({ names: z.array(curation.mappedName).min(1).max(1000) }), done),
    /** What packages call licences, as SPDX expressions. */
    licenses: operator(curation.tableQuery, curation.licensePage),
    aliasLicenses: admin(z.object({ aliases: z.array(curation.licenseAlias).min(1).max(1000) }), done),
    /** What a file for one of the two would change; nothing is changed. */
    planTable: operator(curation.tableFile, curation.tablePlan, {
      maxInputBytes: 4 * curation.maxTableFileChars,
    }),
    /** Does it, if the plan is still that one. The log says source, SHA-256 and count. */
    applyTable: admin(
      curation.tableFile.extend({ planHash: z.string().max(64) }),
      z.object({ changed: z.number().int() }),
      { maxInputBytes: 4 * curation.maxTableFileChars },
    ),
    /** What the organization says itself, as such a file. */
    exportTable: operator(
      z.object({ table: curation.curationTable, format: z.enum(['json', 'csv']).default('json') }),
      z.object({ fileName: z.string(), text: z.string(), count: z.number().int() }),
    ),
    labels: operator(nothing, z.array(curation.labelled)),
    label: admin(curation.labelled, done),
  },
  tokens: {
    list: operator(tokenQuery, tokenPage),
    get: operator(z.object({ id: tokenId }), tokenView),
    issue: lead(issueDraft, issuedToken, { stepUp: 'many-tokens-issued' }),
    rotate: lead(
      z.object({
        id: tokenId,
        overlapHours,
        ttlDays: z.number().int().min(1).max(limits.ttlDays),
      }),
      issuedToken,
      { stepUp: 'many-tokens-issued' },
    ),
    change: lead(tokenChange, tokenView, { stepUp: 'rights-changed' }),
    revoke: lead(
      z.object({ ids: z.array(tokenId).min(1).max(10_000), reason }),
      z.object({ revoked: z.array(tokenId), alreadyRevoked: z.array(tokenId) }),
      { stepUp: 'many-tokens-revoked' },
    ),
    /** What an act on several tokens would change now. */
    planBulk: operator(bulk.bulkQuestionInput, bulk.bulkPlan),
    /** Does it, in one transaction. */
    applyBulk: lead(bulk.bulkInput, bulk.bulkOutcome, { stepUp: 'many-tokens-changed' }),
  },
  imports: {
    /** Judges every row; with `dryRun`, or when one is bad, nothing is changed. */
    run: lead(importInput, importReport, {
      stepUp: 'many-tokens-imported',
      maxInputBytes: 2 * maxImportBytes,
    }),
  },
  exports: {
    /**
     * What a client's configuration says. Without `stepUp`, also with a secret: no vault keeps one, so it comes in with the call,
     * from whoever was just given it, and the answer tells nothing more. A file outlives the session: `save` asks.
     */
    render: operator(exportRequest, renderedExport),
    /** Writes one file of an export: through the system's dialog, or to `path` where the host has none. 0600 with a secret. */
    save: operator(
      exportRequest.extend({
        fileName: z.string().min(1).max(100),
        path: z.string().min(1).max(4096).optional(),
        overwrite: z.boolean().default(false),
      }),
      z.object({ path: z.string(), mode: z.string() }),
      { stepUp: 'secret-into-file' },
    ),
    /** Writes what a table shows into a file, CSV or JSON; 0600. */
    saveTable: operator(table.tableFile, table.tableFileSaved, { stepUp: 'secrets-into-file' }),
    /** Writes what `curation.exportVex` or `curation.exportTable` makes into a file; 0600. */
    saveCuration: operator(
      z.object({
        document: curation.curationDocument,
        path: z.string().min(1).max(4096).optional(),
        overwrite: z.boolean().default(false),
      }),
      z.object({ path: z.string(), mode: z.string() }),
    ),
  },
  /** How tables are arranged on this computer, and their saved views. */
  tables: {
    get: operator(nothing, tablesSettings),
    set: operator(z.object({ table: tableName, settings: tableSettings }), tablesSettings),
  },
  /** Whether tokens and configurations do what they should. Both ask this app's own gateway, nobody else. */
  doctor: {
    /** Tries a token at each of its channels. The secret is compared with the token first. */
    testToken: operator(z.object({ tokenId, secret: z.string().min(1).max(64) }), doctor.attempts),
    /** Reads a client's configuration that somebody pasted; `secret` is used where the file itself has none. */
    examine: operator(
      z.object({
        name: z.string().max(255).default(''),
        content: z.string().max(64 * 1024),
        kind: doctor.configKind.optional(),
        secret: z.string().min(1).max(64).optional(),
      }),
      doctor.doctorReport,
    ),
  },
  /** Files that gateways of this data folder keep, by their hash. */
  cache: {
    status: operator(nothing, cache.cacheStatus),
    list: operator(cache.cacheQuery, cache.cachePage),
    /** What a rule would take away now; nothing goes. */
    planPurge: operator(cache.purgeRule, cache.purged),
    purge: admin(cache.purgeRule, cache.purged),
    /** Reads every file anew; answers at once, progress comes as `cache.verifying`. */
    verify: operator(nothing, cache.cacheVerifyView, {
      job: { progress: 'cache.verifying', status: 'cache.verifyStatus', cancel: 'cache.cancelVerify' },
    }),
    verifyStatus: operator(nothing, cache.cacheVerifyView),
    cancelVerify: operator(nothing, cache.cacheVerifyView),
  },
  /** What gateways of this data folder wrote of downloads and refusals. */
  log: {
    status: operator(nothing, log.logStatus),
    /**
     * Newest first. Whoever asks for rows of somebody says so in the vault's log first; with `open`, for admins, with
     * address and user of CI.
     */
    rows: operator(log.logRowQuery, log.logRowPage),
    /** Who fetched a file or a package. */
    whoHas: operator(log.whoHasQuery, log.holdingPage),
    /** What a team, an environment or a token installed. */
    installed: operator(log.installedQuery, log.installedPage),
    /** By day, policy and rule. */
    refusals: operator(log.refusalQuery, log.refusalPage),
    /** Which programs sent a token's rows, and for which jobs. */
    clients: operator(log.clientQuery, log.clientPage),
    /** Requests that are counted only. */
    indexUse: operator(log.indexUseQuery, log.indexUsePage),
    tokenUse: operator(z.object({ tokenId }), log.tokenUseView),
    /**
     * Reads the whole log; answers at once, progress comes as `log.verifying`. Whoever is no admin learns of signatures
     * and chain only.
     */
    verify: operator(nothing, log.logVerifyView, {
      job: { progress: 'log.verifying', status: 'log.verifyStatus', cancel: 'log.cancelVerify' },
    }),
    verifyStatus: operator(nothing, log.logVerifyView),
    cancelVerify: operator(nothing, log.logVerifyView),
    /** What the retention in force would take now; nothing goes. */
    planPrune: operator(nothing, log.logPruned),
    prune: admin(nothing, log.logPruned),
    /** About how much room it would take, and what it would take away. */
    previewRetention: operator(retention, log.retentionPreview),
    setRetention: admin(retention, retention, { stepUp: 'evidence-kept-otherwise' }),
    /** Who looked somebody up, the last first, as far back as the last ten thousand lines of the vault's log. */
    lookUps: operator(nothing, z.array(log.lookUpView)),
  },
  gateway: {
    status: anyone(nothing, gatewayView),
    /** Asks at the address of the settings who answers there: the gateway may run in another process. */
    find: anyone(nothing, foundGateway),
    start: operator(nothing, gatewayView),
    stop: operator(nothing, gatewayView),
  },
} as const;

export type Contract = typeof contract;

/** What a host tells the renderer without being asked. */
export const hostEvents = {
  'session.changed': sessionView,
  'agent.changed': agentView,
  /** State of the vault changed, by this or by another process: what shows one of the topics is stale. */
  'vault.changed': z.object({ seq: z.number().int(), topics: z.array(topic) }),
  /** This computer keeps another folder for a label now: no line of the log, but a part of what channels show. */
  'folders.changed': nothing,
  /** Facts about packages changed, or a feed was tried: what shows them is stale. */
  'curation.updated': nothing,
  'vault.verifying': verifyView,
  'cache.verifying': cache.cacheVerifyView,
  'log.verifying': log.logVerifyView,
  /** Something to say about what was just done, e.g. "Saved; the gateway has not confirmed". */
  notice: z.object({
    code: z.enum(['gateway-unconfirmed', 'not-anchored', 'put-aside']),
    message: z.string(),
  }),
  /** At most four times a second. */
  'gateway.changed': gatewayView,
  /** A menu entry, a link or a notification asks for something to be shown. Desktop app only. */
  'desktop.request': desktopRequest,
} as const;
export type HostEventName = keyof typeof hostEvents;
export type HostEvent<N extends HostEventName> = z.infer<(typeof hostEvents)[N]>;

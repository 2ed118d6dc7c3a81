/**
 * The whole contract between a host and a renderer (or any typed client): one grouped object that reads as a table of
 * contents. Adding a method here makes both hosts, the client and the contract tests ask for it.
 */
import { z } from 'zod';
import { displayName, limits, note, reason, slug } from '../model/domain.ts';
import { channelId, environmentId, holderId, policyId, teamId, tokenId } from '../model/ids.ts';
import * as doctor from './doctor-views.ts';
import { desktopRequest, keychainView } from './desktop-views.ts';
import { method, openMethod } from './method.ts';
import * as view from './views.ts';

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
  'tokens',
]);
export type Topic = z.infer<typeof topic>;

export const contract = {
  host: {
    about: openMethod(nothing, view.hostView),
  },
  session: {
    status: openMethod(nothing, view.sessionView),
    create: openMethod(
      z.object({ organizationName: displayName, operatorName: displayName, passphrase }),
      view.sessionView,
    ),
    /** `acceptRestored`: an admin confirms that a backup was put back, after VAULT_ROLLED_BACK; the log then says so. */
    unlock: openMethod(
      z.object({ passphrase, acceptRestored: z.boolean().default(false) }),
      view.sessionView,
    ),
    lock: openMethod(nothing, view.sessionView),
    /** The operator did something: restarts the idle timer. */
    touch: openMethod(nothing, done),
    changePassphrase: method(z.object({ current: passphrase, next: passphrase }), done),
    /** Proves once more who sits here: for what answered PASSPHRASE_REQUIRED. Counts for a few minutes. */
    confirm: method(z.object({ passphrase }), done),
  },
  /** "Unlock with this computer": only the desktop app has a keychain; elsewhere the status says `unsupported`. */
  keychain: {
    status: openMethod(nothing, keychainView),
    enable: method(z.object({ passphrase }), keychainView),
    disable: method(nothing, keychainView),
    unlock: openMethod(nothing, view.sessionView),
  },
  desktop: {
    /** Where `host.about` says `clipboard: host`. The clipboard is cleared later if it still holds this. */
    copySecret: method(
      z.object({ text: z.string().min(1).max(100_000) }),
      z.object({ clearedAfterSeconds: z.number().int() }),
    ),
    /** What the app was opened with (a link), once: for a page that was not there yet when it came. */
    takeRequest: openMethod(nothing, z.object({ request: desktopRequest.optional() })),
  },
  settings: {
    get: openMethod(nothing, view.settings),
    set: method(view.settings, view.settings),
  },
  /** The log itself. */
  vault: {
    info: method(nothing, view.vaultView),
    /** Checks every line from the first one on; answers at once, progress comes as `vault.verifying`. */
    verify: method(nothing, view.verifyView),
    verifyStatus: method(nothing, view.verifyView),
    cancelVerify: method(nothing, view.verifyView),
    /** Raises the declared format to what this program writes; older programs can no longer open the vault. */
    upgrade: method(nothing, view.vaultView),
  },
  /** Which folder of this computer a channel's label means. Kept here, never in the vault. */
  folders: {
    list: method(nothing, z.array(view.folderView)),
    map: method(z.object({ label: slug, path: z.string().min(1).max(limits.pathChars) }), view.folderView),
    unmap: method(z.object({ label: slug }), done),
  },
  holders: {
    list: method(
      z.object({
        search: z.string().max(200).default(''),
        limit: z.number().int().min(1).max(1000).default(200),
      }),
      z.object({ rows: z.array(view.holderView), total: z.number().int() }),
    ),
    update: method(z.object({ id: holderId, name: displayName, note }), view.holderView),
  },
  teams: {
    list: method(nothing, z.array(view.teamView)),
    create: method(view.teamDraft, view.teamView),
    update: method(view.teamDraft.extend({ id: teamId }), view.teamView),
    remove: method(z.object({ id: teamId }), view.removal),
  },
  environments: {
    list: method(nothing, z.array(view.environmentView)),
    create: method(view.environmentDraft, view.environmentView),
    update: method(view.environmentDraft.extend({ id: environmentId }), view.environmentView),
    remove: method(z.object({ id: environmentId }), view.removal),
  },
  channels: {
    list: method(nothing, z.array(view.channelView)),
    create: method(view.channelDraft, view.channelView),
    update: method(view.channelDraft.extend({ id: channelId }), view.channelView),
    remove: method(z.object({ id: channelId }), done),
    /** Tries a draft before it is saved; with `id`, stored credentials are used where the draft says `keep`. */
    testConnection: method(
      view.channelDraft.extend({
        id: channelId.optional(),
        /** A project or package that should be there; one is looked for otherwise. */
        lookFor: z
          .string()
          .trim()
          .regex(/^[A-Za-z0-9][A-Za-z0-9._-]*$/)
          .max(200)
          .optional(),
      }),
      view.connectionReport,
    ),
    /** What entries of private hosts are at this moment, as this computer resolves them. */
    resolveHosts: method(
      z.object({ privateHosts: z.array(z.string().trim().min(1).max(300)).max(limits.privateHosts) }),
      z.array(view.resolvedHost),
    ),
  },
  policies: {
    list: method(nothing, z.array(view.policyView)),
    save: method(view.policyDraft.extend({ id: policyId.optional() }), view.policyView),
    remove: method(z.object({ id: policyId }), done),
    /** What all policies together ask of new tokens there. */
    effective: method(z.object({ teamId, environmentId }), view.effectivePolicy),
  },
  tokens: {
    list: method(view.tokenQuery, view.tokenPage),
    get: method(z.object({ id: tokenId }), view.tokenView),
    issue: method(view.issueDraft, view.issuedToken),
    rotate: method(
      z.object({
        id: tokenId,
        /** How long both work, hours. */
        overlapHours: z
          .number()
          .int()
          .min(0)
          .max(24 * 90),
        ttlDays: z.number().int().min(1).max(limits.ttlDays),
      }),
      view.issuedToken,
    ),
    change: method(view.tokenChange, view.tokenView),
    revoke: method(
      z.object({ ids: z.array(tokenId).min(1).max(10_000), reason }),
      z.object({ revoked: z.array(tokenId), alreadyRevoked: z.array(tokenId) }),
    ),
  },
  exports: {
    render: method(view.exportRequest, view.renderedExport),
    /** Writes one file of an export: through the system's dialog, or to `path` where the host has none. 0600 with a secret. */
    save: method(
      view.exportRequest.extend({
        fileName: z.string().min(1).max(100),
        path: z.string().min(1).max(4096).optional(),
        overwrite: z.boolean().default(false),
      }),
      z.object({ path: z.string(), mode: z.string() }),
    ),
  },
  /** Whether tokens and configurations do what they should. Both ask this app's own gateway, nobody else. */
  doctor: {
    /** Tries a token at each of its channels. The secret is compared with the token first. */
    testToken: method(z.object({ tokenId, secret: z.string().min(1).max(64) }), doctor.attempts),
    /** Reads a client's configuration that somebody pasted; `secret` is used where the file itself has none. */
    examine: method(
      z.object({
        name: z.string().max(255).default(''),
        content: z.string().max(256 * 1024),
        kind: doctor.configKind.optional(),
        secret: z.string().min(1).max(64).optional(),
      }),
      doctor.doctorReport,
    ),
  },
  gateway: {
    status: openMethod(nothing, view.gatewayView),
    start: method(nothing, view.gatewayView),
    stop: method(nothing, view.gatewayView),
  },
} as const;

export type Contract = typeof contract;

/** What a host tells the renderer without being asked. */
export const hostEvents = {
  'session.changed': view.sessionView,
  /** State of the vault changed, by this or by another process: what shows one of the topics is stale. */
  'vault.changed': z.object({ seq: z.number().int(), topics: z.array(topic) }),
  /** This computer keeps another folder for a label now: no line of the log, but a part of what channels show. */
  'folders.changed': nothing,
  'vault.verifying': view.verifyView,
  /** Something to say about what was just done, e.g. "Saved; the gateway has not confirmed". */
  notice: z.object({
    code: z.enum(['gateway-unconfirmed', 'not-anchored', 'put-aside']),
    message: z.string(),
  }),
  /** At most four times a second. */
  'gateway.changed': view.gatewayView,
  /** A menu entry, a link or a notification asks for something to be shown. Desktop app only. */
  'desktop.request': desktopRequest,
} as const;
export type HostEventName = keyof typeof hostEvents;
export type HostEvent<N extends HostEventName> = z.infer<(typeof hostEvents)[N]>;

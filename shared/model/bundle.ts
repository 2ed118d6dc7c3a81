/**
 * What a gateway enforces: plain data that can be posted to another process, and later signed and sent to another
 * machine. Invariant: numbered; a delta applies to exactly the number that it names, and costs what it changes. No Map,
 * no Set, no class; the gateway makes its own tables.
 */
import type { ChannelKind, Networks, UpstreamCredentials } from './domain.ts';
import type { Assessment, Labelled } from './curation.ts';
import type { ChannelId, EnvironmentId, OperatorId, PolicyId, TeamId, TokenId } from './ids.ts';
import type { Retention } from './log-keeping.ts';
import type { Policy } from './policy.ts';

export type BundleUpstream =
  | { readonly type: 'folder'; readonly path: string }
  | {
      readonly type: 'url';
      readonly url: string;
      readonly credentials?: UpstreamCredentials;
      /** What of the local network may be connected to for this channel. */
      readonly privateHosts?: readonly string[];
    };

/** Why the gateway cannot serve a channel on this computer. */
export type ChannelProblem = {
  readonly code: 'credentials' | 'folder-unmapped';
  /** Stands in the reason phrase of the 502, so clients read it: no path, no secret. */
  readonly message: string;
};

export type BundleChannel = {
  readonly id: ChannelId;
  /** Stands in the URL; unique over both kinds. */
  readonly name: string;
  readonly kind: ChannelKind;
  readonly environmentIds: readonly EnvironmentId[];
} & (
  | { readonly upstream: BundleUpstream; readonly problem?: undefined }
  /** Such a channel answers 502 with the problem's words, whatever is asked of it. */
  | { readonly upstream?: undefined; readonly problem: ChannelProblem }
);

/** Scope and state of a token. Names stand in tables of their own, so that a rename touches no token. */
export type BundleToken = {
  readonly id: TokenId;
  /** SHA-256 of the whole token, hex. */
  readonly digest: string;
  readonly teamId: TeamId;
  readonly environmentId: EnvironmentId;
  readonly channelIds: readonly ChannelId[];
  readonly networks: Networks;
  /** Never before its issue. */
  readonly notBeforeMs?: number;
  readonly expiresAtMs: number;
  readonly revoked?: { readonly atMs: number; readonly reason: string };
  readonly rotatedTo?: TokenId;
};

export type BundleTeam = { readonly id: TeamId; readonly name: string };
export type BundleEnvironment = { readonly id: EnvironmentId; readonly name: string };

/** What of an assessment decides. */
export type BundleAssessment = Pick<Assessment, 'advisoryId' | 'ecosystem' | 'name' | 'version' | 'status'>;

/** What the organization says about packages. In a delta: what changed; no labels and null take an entry off. */
export type BundleCuration = {
  readonly labels?: readonly Labelled[];
  readonly assessments?: readonly BundleAssessment[];
  /** conda's name, PyPI's ('': it is nothing there). */
  readonly names?: readonly (readonly [string, string])[];
  /** What packages say of their licence, an SPDX expression. */
  readonly licenses?: readonly (readonly [string, string | null])[];
};

/** An admin, to whom the gateway seals the keys of its request log. */
export type LogRecipient = {
  readonly operatorId: OperatorId;
  readonly keyNo: number;
  /** Of the X25519 key, base64url. */
  readonly x: string;
};

/** How the gateway keeps its request log. */
export type BundleLogKeeping = {
  readonly retention: Retention;
  /** All admins, in the order of their ids. */
  readonly recipients: readonly LogRecipient[];
};

export type Bundle = {
  /** Grows with every change of what is enforced, also with one that is not in the log (folders of this computer). */
  readonly number: number;
  /** How many lines of the log it is made of. */
  readonly seq: number;
  readonly madeAtMs: number;
  readonly organizationName: string;
  readonly teams: readonly BundleTeam[];
  readonly environments: readonly BundleEnvironment[];
  readonly channels: readonly BundleChannel[];
  /** All that are there, with all their rules. */
  readonly policies: readonly Policy[];
  readonly curation: BundleCuration;
  readonly logKeeping: BundleLogKeeping;
  readonly tokens: readonly BundleToken[];
};

/** What changed since `from`. Entries replace those of the same id; tokens are never removed. */
export type BundleDelta = {
  readonly from: number;
  readonly number: number;
  readonly seq: number;
  readonly madeAtMs: number;
  readonly organizationName?: string;
  readonly teams?: readonly BundleTeam[];
  readonly removedTeamIds?: readonly TeamId[];
  readonly environments?: readonly BundleEnvironment[];
  readonly removedEnvironmentIds?: readonly EnvironmentId[];
  readonly channels?: readonly BundleChannel[];
  readonly removedChannelIds?: readonly ChannelId[];
  readonly policies?: readonly Policy[];
  readonly removedPolicyIds?: readonly PolicyId[];
  readonly curation?: BundleCuration;
  /** The whole of it. */
  readonly logKeeping?: BundleLogKeeping;
  readonly tokens?: readonly BundleToken[];
};

/**
 * What a line of the log took away, as its clear part says it: for a gateway whose vault is locked. Ids only; those that
 * the gateway does not know are remembered. It counts until a bundle is enforced that was made of that line too.
 */
export type BundleDenials = {
  /** Of the line, from 0. */
  readonly seq: number;
  readonly tokens?: readonly string[];
  /** Token id → earlier end, milliseconds since the epoch. */
  readonly ends?: Readonly<Record<string, number>>;
  readonly environments?: readonly string[];
  readonly teams?: readonly string[];
  readonly channels?: readonly string[];
  /** The log says what this program cannot read: nothing at all is served. */
  readonly everything?: true;
};

/** What a gateway says to a bundle, a delta or denials. */
export type BundleAnswer =
  /** Enforced from the next request on. */
  | { readonly ok: true; readonly number: number }
  /** Nothing changed. `gap`: the delta is not for the number that is enforced; `older`: a newer bundle is enforced. */
  | { readonly ok: false; readonly why: 'gap' | 'older'; readonly number: number | undefined };

/** Where bundles go: the channel to a gateway in a process of its own. */
export interface BundleSink {
  load(bundle: Bundle): BundleAnswer | Promise<BundleAnswer>;
  apply(delta: BundleDelta): BundleAnswer | Promise<BundleAnswer>;
  deny(denials: readonly BundleDenials[]): BundleAnswer | Promise<BundleAnswer>;
}

import type { Settings } from '../../../shared/contract/settings-views.ts';
import type { FormDraft } from '../../ui/form/use-guarded-form.ts';
import type { TypedNumber } from '../../ui/form/number-field.tsx';
import { numberProblem } from '../../ui/form/number-field.tsx';

type Numbers = 'idleLockMinutes' | 'clipboardClearSeconds' | 'keychainReaskDays';
/** The settings while they are edited: a number is what was typed, also while it is none or out of range. */
export type SettingsDraft = Omit<Settings, Numbers | 'gateway'> & {
  readonly [N in Numbers]: TypedNumber;
} & {
  readonly gateway: Omit<Settings['gateway'], 'port' | 'drainSeconds' | 'cacheGib'> & {
    readonly port: TypedNumber;
    readonly cacheGib: TypedNumber;
    readonly drainSeconds: TypedNumber;
  };
};

/** As the contract bounds them. */
export const ranges = {
  idleLockMinutes: { least: 1, most: 480 },
  clipboardClearSeconds: { least: 0, most: 600 },
  keychainReaskDays: { least: 1, most: 90 },
  port: { least: 0, most: 65_535 },
  drainSeconds: { least: 0, most: 600 },
  cacheGib: { least: 0, most: 100_000 },
} as const;

/** Why the settings cannot be saved: the first number that is out of its range. */
export function missingOf(draft: SettingsDraft): string | undefined {
  return (
    numberProblem(draft.idleLockMinutes, ranges.idleLockMinutes) ??
    numberProblem(draft.clipboardClearSeconds, ranges.clipboardClearSeconds) ??
    numberProblem(draft.keychainReaskDays, ranges.keychainReaskDays) ??
    numberProblem(draft.gateway.port, ranges.port) ??
    numberProblem(draft.gateway.drainSeconds, ranges.drainSeconds) ??
    numberProblem(draft.gateway.cacheGib, ranges.cacheGib)
  );
}

/** What is sent. @param draft one in which nothing is missing */
export function settingsOf(draft: SettingsDraft): Settings {
  return {
    ...draft,
    idleLockMinutes: Number(draft.idleLockMinutes),
    clipboardClearSeconds: Number(draft.clipboardClearSeconds),
    keychainReaskDays: Number(draft.keychainReaskDays),
    gateway: {
      ...draft.gateway,
      port: Number(draft.gateway.port),
      drainSeconds: Number(draft.gateway.drainSeconds),
      cacheGib: Number(draft.gateway.cacheGib),
    },
  };
}

/** By the names of the fields, so that a refusal goes when its own field is mended. */
export function fieldsOf(draft: SettingsDraft): FormDraft {
  const { gateway, network, updates, ...rest } = draft;
  return {
    ...rest,
    autoStart: gateway.autoStart,
    finishDownloads: gateway.finishDownloads,
    drainSeconds: gateway.drainSeconds,
    cacheGib: gateway.cacheGib,
    'gateway-host': gateway.host,
    port: gateway.port,
    'public-url': gateway.publicUrl,
    'trusted-proxies': gateway.trustedProxies,
    systemStore: network.useSystemStore,
    'ca-file': network.caFile,
    'proxy-url': network.proxyUrl,
    proxyUser: network.proxyUser,
    'proxy-password-file': network.proxyPasswordFile,
    'no-proxy': network.noProxy,
    'feed-url': updates.feedUrl,
    updateChannel: updates.channel,
  };
}

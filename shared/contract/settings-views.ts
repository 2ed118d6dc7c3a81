/** What this computer is set to; stored in `settings.json`. */
import { z } from 'zod';
import { limits } from '../model/domain.ts';
import { publicUrlProblem } from '../model/public-url.ts';

/** How this computer reaches upstreams and the update feed. */
const networkSettings = z.object({
  /** Absolute path of a PEM file with certificates of further authorities. */
  caFile: z.string().max(limits.pathChars).default(''),
  /** Whether certificates that the system trusts count too. */
  useSystemStore: z.boolean().default(true),
  /** `http://host:port` or `https://host:port`; empty for none. */
  proxyUrl: z
    .union([
      z.literal(''),
      z
        .string()
        .regex(/^https?:\/\/[^\s/?#@]+\/?$/)
        .max(300),
    ])
    .default(''),
  proxyUser: z.string().max(256).default(''),
  /** Absolute path of a file whose first line is the proxy's password: no secret stands in the settings. */
  proxyPasswordFile: z.string().max(limits.pathChars).default(''),
  /** Hosts that are reached without the proxy: `host`, `.suffix`, either with `:port`, or blocks; by commas. */
  noProxy: z.string().max(4000).default(''),
});

export const settings = z.object({
  idleLockMinutes: z.number().int().min(1).max(480).default(15),
  gateway: z
    .object({
      autoStart: z.boolean().default(true),
      host: z.string().min(1).max(255).default('127.0.0.1'),
      port: z.number().int().min(0).max(65535).default(8700),
      /** What clients type, when a proxy or a name stands before the gateway. */
      publicUrl: z
        .string()
        .max(300)
        .refine((url) => url === '' || publicUrlProblem(url) === undefined, {
          error: ({ input }) => publicUrlProblem(String(input)),
        })
        .default(''),
      /** Addresses or CIDR blocks of proxies whose X-Forwarded-For is believed. */
      trustedProxies: z.array(z.string().trim().min(1).max(64)).max(limits.networks).default([]),
      /** How long running downloads may go on when the gateway is told to end. */
      drainSeconds: z.number().int().min(0).max(600).default(10),
      /** Whether a running download goes on when its token is revoked. */
      finishDownloads: z.boolean().default(false),
      /** How much of this computer's disk files that were served may take, in GiB; 0: none are kept. */
      cacheGib: z.number().int().min(0).max(100_000).default(20),
    })
    .prefault({}),
  colorScheme: z.enum(['auto', 'light', 'dark']).default('auto'),
  clipboardClearSeconds: z.number().int().min(0).max(600).default(60),
  contentProtection: z.boolean().default(false),
  closeToTray: z.boolean().default(false),
  keychainReaskDays: z.number().int().min(1).max(90).default(14),
  network: networkSettings.prefault({}),
  updates: z
    .object({
      feedUrl: z
        .union([
          z.literal(''),
          z
            .string()
            .regex(/^https:\/\/[^\s?#@]+$/)
            .max(300),
        ])
        .default(''),
      channel: z.enum(['latest', 'beta']).default('latest'),
    })
    .prefault({}),
});
export type Settings = z.infer<typeof settings>;

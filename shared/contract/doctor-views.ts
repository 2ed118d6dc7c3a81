/** What the examination of a client's configuration finds. Nothing in it holds a secret: URLs are shown without. */
import { z } from 'zod';

export const configKinds = ['condarc', 'pip-conf', 'uv-toml', 'netrc'] as const;
export const configKind = z.enum(configKinds);
export type ConfigKind = z.infer<typeof configKind>;

/** One address that a client asks, in the order of the list. */
const ask = z.object({
  client: z.enum(['conda', 'pip', 'uv', 'rattler']),
  url: z.string(),
  /** The channel's or index's name, where it has one. */
  name: z.string().optional(),
  /** Public servers and others are asked past the gateway. */
  throughGateway: z.boolean(),
  note: z.string().optional(),
});

const finding = z.object({ level: z.enum(['problem', 'warning', 'info']), text: z.string() });

/** An answer of the gateway. */
const attempt = z.object({
  url: z.string(),
  ok: z.boolean(),
  status: z.number().int().optional(),
  message: z.string(),
});
export const attempts = z.array(attempt);
export type Attempt = z.infer<typeof attempt>;

export const doctorReport = z.object({
  kind: configKind,
  /** Where the gateway is, as far as the file says. */
  gatewayUrl: z.string().optional(),
  asks: z.array(ask),
  findings: z.array(finding),
  /** Where the token of this file is stored and printed. Empty where the file has none. */
  leaks: z.array(z.object({ how: z.enum(['stored', 'printed']), where: z.string() })),
  /** Other files and variables of the computer that the client reads too, and what they add. */
  others: z.array(z.object({ path: z.string(), adds: z.array(z.string()) })),
  attempts,
});
export type DoctorReport = z.infer<typeof doctorReport>;
export type Ask = z.infer<typeof ask>;
export type Finding = z.infer<typeof finding>;

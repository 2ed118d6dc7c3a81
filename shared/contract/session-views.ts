/** The session and the host: what a window must know before anything else. */
import { z } from 'zod';
import { displayName, operatorRole } from '../model/domain.ts';
import { operatorId } from '../model/ids.ts';

export const vaultStatus = z.enum(['none', 'locked', 'unlocked', 'damaged']);

export const vaultAlarm = z.object({
  code: z.enum([
    'lines-lost',
    'log-gone',
    'log-replaced',
    'earlier-line-damaged',
    'void-lines',
    'not-anchored',
    'checkpoint-newer',
    'key-file-restored',
    'state-folder-unusable',
    /** Locked: lines came that only an unlock can read. */
    'changes-waiting',
    /** Locked: the log cannot be followed, so revocations made elsewhere are not enforced. */
    'log-not-followed',
    /** Facts about packages are old, wait for somebody, or cannot be read. */
    'facts-stale',
    'facts-shrunk',
    'facts-problem',
    /** What the vault says of the request log is not there, or another. */
    'request-log-gap',
    'request-log-tampered',
  ]),
  message: z.string(),
  stopsWrites: z.boolean(),
});
export type VaultAlarmView = Readonly<z.infer<typeof vaultAlarm>>;

export const sessionView = z.object({
  vault: vaultStatus,
  /** Known while unlocked. */
  organizationName: z.string().optional(),
  operator: z.object({ id: operatorId, name: displayName, role: operatorRole }).optional(),
  /** Sentences to show once after an unlock, e.g. that a torn last line was dropped. */
  notices: z.array(z.string()),
  /** What is wrong with the vault as long as it is: shown as a banner. `stopsWrites`: nothing can be changed until it is mended. */
  alarms: z.array(vaultAlarm),
  idleLockMinutes: z.number().int(),
  lockedBecause: z.enum(['start', 'hand', 'idle', 'suspend', 'screen-lock']).optional(),
});
export type SessionView = z.infer<typeof sessionView>;

export const hostView = z.object({
  kind: z.enum(['electron', 'browser']),
  version: z.string(),
  platform: z.string(),
  /** How exports are saved: by the system's dialog, or by typing a path into the app. */
  saveDialog: z.enum(['native', 'path']),
  /** Where the clipboard is written: by the host (and cleared after a while), or by the page. */
  clipboard: z.enum(['host', 'page']),
  dataDir: z.string(),
  homeDir: z.string(),
  versions: z.record(z.string(), z.string()),
});
export type HostView = z.infer<typeof hostView>;

/** Whether commands on this computer may work in this unlocked app, without the passphrase. */
export const agentView = z.object({
  /** `process`: the agent that `latchkey unlock` started. */
  by: z.enum(['none', 'app', 'process']),
  serving: z.boolean(),
  sinceMs: z.number().int().optional(),
  /** When it ends without another command, and when in any case. */
  idleEndMs: z.number().int().optional(),
  endMs: z.number().int().optional(),
});
export type AgentView = Readonly<z.infer<typeof agentView>>;

import type { Reason } from '../../shared/model/decision.ts';
import type { ChannelId } from '../../shared/model/ids.ts';

/** A version that is denied for a time. */
export type Waiting = {
  readonly channelId: ChannelId;
  readonly name: string;
  readonly version: string;
  readonly reason: Reason;
  /** When it ends; undefined: when facts come. Of what was released: when it was. */
  readonly atMs: number | undefined;
};
/** With the file by which it is looked for. */
export type WaitingFile = Waiting & { readonly filename: string };

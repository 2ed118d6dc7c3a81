/** What the readers of this room give. Invariant: a URL with its secret lives in `Asked` only, and never leaves main. */
import type { Ask, Finding } from '../../shared/contract/doctor-views.ts';

/** An ask with the address as the client sends it, credentials included. */
export type Asked = Omit<Ask, 'url' | 'throughGateway'> & { readonly address: string };

export type Reading = {
  readonly asks: readonly Asked[];
  readonly findings: readonly Finding[];
  /** Whether a secret stands in the file. */
  readonly holdsSecret: boolean;
};

/** A file of the computer beside the examined one, or a variable, of which is known what it adds (shown: no secret). */
export type OtherConfig =
  | { readonly path: string; readonly content: string }
  | { readonly path: string; readonly adds: readonly string[] };

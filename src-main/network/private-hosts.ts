/**
 * What of the local network a channel may reach: `host:port`, or a block of addresses. Invariant: each entry has one
 * spelling, which the log's format fixes; none is ever made from a URL or an answer of an upstream.
 */
import { isIPv4 } from 'node:net';
import ipaddr from 'ipaddr.js';
import { LatchkeyError } from '../../shared/errors.ts';
import type { Said } from '../../shared/texts/said.ts';
import { parseNetworks } from '../tokens/networks.ts';
import { rangeOf } from './address-range.ts';

export type PrivateHost =
  | { readonly type: 'host'; readonly host: string; readonly port: number }
  | { readonly type: 'block'; readonly block: string };

/** A DNS name without its final dot (RFC 1035, 2.3.4). */
const maxNameChars = 253;
const maxLabelChars = 63;

/**
 * Checks and normalises entries: `store.corp.example:443`, `10.1.2.3:8081`, `[fd00::5]:443`, `10.0.0.0/8`; a single
 * address becomes a block of one.
 * @throws LatchkeyError INVALID_INPUT naming the first that is wrong
 */
export function parsePrivateHosts(entries: readonly string[]): readonly string[] {
  return [...new Set(entries.map(normalise))];
}

/** Whether an entry is in its one spelling, as the log holds it. */
export function isPrivateHostSpelling(entry: string): boolean {
  const parsed = readPrivateHost(entry);
  return parsed !== undefined && spell(parsed) === entry;
}

/** @returns undefined for what is no entry */
export function readPrivateHost(entry: string): PrivateHost | undefined {
  if (entry.includes('/')) return readBlock(entry);
  const colon = entry.lastIndexOf(':');
  const portText = entry.slice(colon + 1);
  const host = readHost(entry.slice(0, Math.max(0, colon)));
  if (host === undefined || !/^[1-9]\d{0,4}$/.test(portText) || Number(portText) > 65_535) return undefined;
  return { type: 'host', host, port: Number(portText) };
}

const spell = (entry: PrivateHost): string =>
  entry.type === 'block' ? entry.block : `${entry.host}:${entry.port}`;

function readBlock(text: string): PrivateHost | undefined {
  try {
    const [block = ''] = parseNetworks([text]);
    return { type: 'block', block };
  } catch (error) {
    if (error instanceof LatchkeyError) return undefined;
    throw error;
  }
}

/** As `URL.hostname` has it: lower case, an IPv6 address in brackets. */
function readHost(text: string): string | undefined {
  if (text.startsWith('[') && text.endsWith(']')) {
    const address = text.slice(1, -1);
    if (address.includes('%') || !ipaddr.IPv6.isValid(address)) return undefined;
    return new URL(`http://[${address}]/`).hostname;
  }
  if (isIPv4(text)) return text;
  const name = text.toLowerCase();
  if (name === '' || name.length > maxNameChars) return undefined;
  const labels = name.split('.');
  const areLabels = labels.every((label) => label.length <= maxLabelChars && isLabel(label));
  // The URL parser reads a last label of digits as part of an IPv4 address (URL Standard, "ends in a number").
  return areLabels && !/^(?:\d+|0x[0-9a-f]*)$/.test(labels.at(-1) ?? '') ? name : undefined;
}

const isLabel = (label: string): boolean =>
  /^[a-z0-9_-]+$/.test(label) && !label.startsWith('-') && !label.endsWith('-');

function normalise(entry: string): string {
  const text = entry.trim();
  const refuse = (says: Said): never => {
    throw new LatchkeyError('INVALID_INPUT', says, { details: { privateHost: text.slice(0, 64) } });
  };
  const shown = text.slice(0, 80);
  const parsed = readPrivateHost(text) ?? (ipaddr.isValid(text) ? readBlock(text) : undefined);
  if (parsed === undefined) {
    return refuse(['privateHostInvalid', shown]);
  }
  if (parsed.type === 'block' && bitsOf(parsed.block) < fewestBits) {
    refuse(['privateHostTooWide', shown]);
  }
  const address = onlyAddressOf(parsed);
  if (address === undefined) return spell(parsed);
  const range = rangeOf(address);
  if (range === 'metadata') {
    refuse(['privateHostMetadata', shown]);
  }
  if (range === 'unusable') refuse(['privateHostUnusable', shown]);
  return spell(parsed);
}

/** The widest blocks that are private as a whole: 10.0.0.0/8, fd00::/8. */
const fewestBits = 8;
const bitsOf = (block: string): number => Number(block.slice(block.lastIndexOf('/') + 1));

/** Undefined for a name, and for a block of several. */
function onlyAddressOf(entry: PrivateHost): string | undefined {
  if (entry.type === 'host') {
    const address = entry.host.replace(/^\[|\]$/g, '');
    return ipaddr.isValid(address) ? address : undefined;
  }
  const address = entry.block.slice(0, entry.block.lastIndexOf('/'));
  return bitsOf(entry.block) === (address.includes(':') ? 128 : 32) ? address : undefined;
}

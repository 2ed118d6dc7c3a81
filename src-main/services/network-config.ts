/**
 * The network settings as the gateway, its test and the updates take them. Invariant: what cannot be read is said and
 * stops upstreams; nothing is ever connected to with less checking, or past the proxy, in its place.
 */
import { isAbsolute } from 'node:path';
import type { Settings } from '../../shared/contract/settings-views.ts';
import type { NetworkField } from '../../shared/error-details.ts';
import type { Says } from '../../shared/errors.ts';
import { LatchkeyError } from '../../shared/errors.ts';
import { readIfThereSync } from '../disk/read-file.ts';
import type { NetworkConfig, ProxyConfig } from '../network/network-config.ts';
import { certificatesIn } from '../network/trust.ts';

/** A whole bundle of public authorities has 250 kB. */
const maxCaBytes = 4 * 1024 * 1024;
const maxPasswordBytes = 4096;

/** Reads the files that the settings name. */
export function networkConfigOf(settings: Settings['network']): NetworkConfig {
  const { useSystemStore } = settings;
  try {
    return configOf(settings);
  } catch (error) {
    if (error instanceof LatchkeyError) return { useSystemStore, problem: error.message };
    throw error;
  }
}

/** @throws LatchkeyError INVALID_INPUT for settings that cannot be used: said when they are set */
export function requireNetworkSettings(settings: Settings['network']): void {
  configOf(settings);
}

function configOf(settings: Settings['network']): NetworkConfig {
  const { caFile, useSystemStore } = settings;
  const proxy = proxyOf(settings);
  return {
    useSystemStore,
    ...(caFile === '' ? {} : { caPem: caPemOf(caFile) }),
    ...(proxy === undefined ? {} : { proxy }),
  };
}

function proxyOf({
  proxyUrl,
  proxyUser,
  proxyPasswordFile,
  noProxy,
}: Settings['network']): ProxyConfig | undefined {
  if (proxyUrl === '') return undefined;
  if (!URL.canParse(proxyUrl)) throw refuse('proxy-url', ['proxyInvalid', proxyUrl]);
  const password =
    proxyPasswordFile === ''
      ? undefined
      : read('proxy-password-file', proxyPasswordFile, maxPasswordBytes).split(/\r?\n/)[0];
  return {
    url: proxyUrl,
    ...(proxyUser === '' ? {} : { username: proxyUser }),
    ...(password === undefined ? {} : { password }),
    noProxy: noProxy.split(/[,\s]+/).filter((entry) => entry !== ''),
  };
}

function caPemOf(path: string): string {
  const pem = read('ca-file', path, maxCaBytes);
  try {
    return certificatesIn(pem).join('\n');
  } catch (error) {
    throw refuse('ca-file', ['caFileInvalid', path, (error as Error).message], error);
  }
}

function read(field: NetworkField, path: string, maxBytes: number): string {
  if (!isAbsolute(path)) throw refuse(field, ['networkFileNotAbsolute', path]);
  const bytes = readFor(field, path, maxBytes);
  if (bytes === undefined) throw refuse(field, ['networkFileMissing', path]);
  return bytes.toString('utf8');
}

function readFor(field: NetworkField, path: string, maxBytes: number): Buffer | undefined {
  try {
    return readIfThereSync(path, { maxBytes });
  } catch (error) {
    if (error instanceof LatchkeyError) throw refuse(field, error.says, error);
    throw error;
  }
}

const refuse = (field: NetworkField, says: Says, cause?: unknown) =>
  new LatchkeyError('INVALID_INPUT', says, { details: { field }, cause });

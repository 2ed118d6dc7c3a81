/** The entry of this room: what a configuration makes its client do. Pure; nothing is asked here. */
import type { ConfigKind, DoctorReport } from '../../shared/contract/doctor-views.ts';
import { LatchkeyError } from '../../shared/errors.ts';
import { gatewayOf, routeBelow, shownAddress, shownHost, shownName } from './addresses.ts';
import { addedBy } from './added-by.ts';
import { readCondarc } from './read-condarc.ts';
import { readNetrc } from './read-netrc.ts';
import { readPip } from './read-pip.ts';
import { readUv } from './read-uv.ts';
import type { Asked, OtherConfig, Reading } from './types.ts';
import { texts } from '../../shared/texts/texts.ts';

const words = texts.doctor.findings;

/** Much longer than any configuration; bounds what is parsed, which takes half a second of the worst nesting. */
export const maxConfigChars = 64 * 1024;

/** Which client's file it is, by its name, else by what stands in it. @throws LatchkeyError INVALID_INPUT */
export function kindOfConfig(name: string, text: string): ConfigKind {
  const base = name.replace(/^.*[\\/]/, '').toLowerCase();
  if (/condarc/.test(base)) return 'condarc';
  if (/^pip\.(conf|ini)$/.test(base)) return 'pip-conf';
  if (/netrc/.test(base)) return 'netrc';
  if (/^uv.*\.toml$/.test(base)) return 'uv-toml';
  if (/^[ \t]*(?:channels|channel_alias|default_channels)[ \t]*:/m.test(text)) return 'condarc';
  if (/^[ \t]*\[\[index\]\]/m.test(text)) return 'uv-toml';
  if (/^[ \t]*\[(?:global|install)\]/m.test(text)) return 'pip-conf';
  if (/^[ \t]*machine[ \t]/m.test(text)) return 'netrc';
  throw new LatchkeyError('INVALID_INPUT', ['configUnknown']);
}

export type Examined = {
  readonly report: Omit<DoctorReport, 'attempts'>;
  /** The addresses with their credentials, for trying them. */
  readonly asked: readonly Asked[];
};

export function readConfig(kind: ConfigKind, text: string): Reading {
  switch (kind) {
    case 'condarc':
      return readCondarc(text);
    case 'pip-conf':
      return readPip(text);
    case 'uv-toml':
      return readUv(text);
    case 'netrc': {
      const { entries, findings } = readNetrc(text);
      return { asks: [], findings, holdsSecret: entries.some(({ password }) => password !== '') };
    }
  }
}

/**
 * @param gatewayUrl where the gateway is; without it the first address of the file that looks like one
 * @param others what else of the computer the client reads
 * @throws LatchkeyError INVALID_INPUT for a file of no known kind, or one that is too long
 */
export function examineConfig(
  file: { readonly name: string; readonly content: string; readonly kind?: ConfigKind },
  options: { readonly gatewayUrl?: string; readonly others?: readonly OtherConfig[] } = {},
): Examined {
  if (file.content.length > maxConfigChars) {
    throw new LatchkeyError('INVALID_INPUT', ['configTooLong']);
  }
  const kind = file.kind ?? kindOfConfig(file.name, file.content);
  const reading = readConfig(kind, file.content);
  const gatewayUrl =
    options.gatewayUrl ??
    reading.asks.map(({ address }) => gatewayOf(address)).find((url) => url !== undefined);
  const asks = reading.asks.map(({ address, name, ...rest }) => ({
    ...rest,
    ...(name === undefined ? {} : { name: shownName(name) }),
    url: shownAddress(address),
    throughGateway: gatewayUrl !== undefined && routeBelow(address, gatewayUrl) !== undefined,
  }));
  const past = asks.filter((ask) => !ask.throughGateway);
  return {
    asked: reading.asks,
    report: {
      kind,
      ...(gatewayUrl === undefined ? {} : { gatewayUrl }),
      asks,
      findings: [
        ...(past.length > 0
          ? [
              {
                level: 'problem' as const,
                text: words.pastGateway(past.map((ask) => ask.url).join(', ')),
              },
            ]
          : []),
        ...reading.findings,
        ...(kind === 'netrc' ? netrcReaders(file.content) : []),
      ],
      leaks: reading.holdsSecret ? [...leaksOf[kind]] : [],
      others: addedBy(kind, file.content, options.others ?? []),
    },
  };
}

function netrcReaders(text: string): DoctorReport['findings'] {
  const hosts = readNetrc(text).entries.map(({ machine }) => shownHost(machine));
  const which = hosts.length === 0 ? words.noHost : [...new Set(hosts)].join(', ');
  return [
    {
      level: 'info',
      text: words.sendsTo(which),
    },
  ];
}

/** As seen with the clients of docs/clients.md. */
const leaksOf: Readonly<Record<ConfigKind, DoctorReport['leaks']>> = {
  condarc: [
    { how: 'stored', where: 'pkgs/urls.txt' },
    { how: 'stored', where: 'repodata_record.json' },
    { how: 'stored', where: 'pkgs/cache/*.info.json' },
    { how: 'printed', where: 'conda config --show-sources' },
    { how: 'printed', where: 'conda search --info' },
  ],
  'pip-conf': [
    { how: 'stored', where: 'requirements.txt' },
    { how: 'printed', where: 'pip-compile' },
    { how: 'printed', where: 'pip config list' },
    { how: 'printed', where: 'pip config debug' },
  ],
  'uv-toml': [
    { how: 'stored', where: 'requirements.txt' },
    { how: 'printed', where: 'uv pip compile --emit-index-url' },
  ],
  netrc: [],
};

/** What is said beside an export: recurring notes, for people. */
import { channelNames, expiryDate, hostOf, isPlainRemote, placeholder } from './parts.ts';
import type { ExportFile, ExportInput } from './types.ts';

/** Notes that hold for every format. */
export function commonNotes(input: ExportInput, files: readonly ExportFile[]): readonly string[] {
  const hasPlaceholder = files.some((file) => file.content.includes(placeholder));
  return [
    ...(input.token.ended === undefined
      ? [
          `The token expires on ${expiryDate(input)} (UTC). Ask for a rotation before then; both tokens work during the overlap.`,
        ]
      : []),
    ...(hasPlaceholder
      ? [
          `The token is shown only when it is issued or rotated. Put it in the place of ${placeholder}, and let only its owner read the file (chmod 600).`,
        ]
      : []),
    ...(isPlainRemote(input)
      ? [
          'The gateway is reached over plain http: whoever is on the network path can read the token. Put it behind https.',
        ]
      : []),
    `Behind a proxy (HTTP_PROXY, HTTPS_PROXY) name the gateway as an exception, beside those that stand there: ${noProxyLine(input)}`,
  ];
}

/** For clients that are told to use a proxy of their own. */
export function noProxyLine(input: ExportInput): string {
  return `NO_PROXY=${hostOf(input)}`;
}

/** Notes for whatever conda reads. */
export function condaNotes(input: ExportInput): readonly string[] {
  return [
    '"default_channels: []" blocks "defaults", in an environment.yml or with -c, without touching the order of "channels".',
    'conda joins the channel lists of all its configuration files. "conda config --show-sources" lists them; remove public channels from the others.',
    ...(isIpv6(input)
      ? [
          'conda crashes at an IPv6 address in a URL (tried with 26.8). Give the gateway a name, or its IPv4 address.',
        ]
      : []),
  ];
}

export function isIpv6(input: ExportInput): boolean {
  return hostOf(input).includes(':');
}

/** Notes for whatever reads pip's configuration. */
export function pipNotes(input: ExportInput): readonly string[] {
  return [
    'Where the gateway refuses an index, pip says only "No matching distribution found"; "pip -vv" shows the reason.',
    ...(channelNames(input, 'pypi').length > 1
      ? [
          'pip takes the best version from any of its indexes, without an order. A name that exists in two channels may come from either.',
          'After a 403 of one index pip goes on to the next one without a word: a package that one channel refuses may come from another.',
        ]
      : []),
  ];
}

/** Notes for a pip.conf. */
export const pipFileNotes: readonly string[] = [
  'The empty lines of [global], and the sections of the commands, take back what a more general file of this computer says: pip would ask such an index past the gateway.',
  'On Windows the file is named pip.ini. On macOS pip reads ~/Library/Application Support/pip/pip.conf if that folder exists, else ~/.config/pip/pip.conf. ~/.pip/pip.conf is read too.',
  'PIP_ variables and options (--index-url, --extra-index-url) win over this file, and so does the pip.conf of a virtual environment. "pip config debug" lists all that pip reads; PIP_CONFIG_FILE naming this file makes it the last word.',
];

export const netrcNotes: readonly string[] = [
  'A .netrc has one entry per host, whatever the port. If the host stands in it already, replace that entry; the first one wins. Let only its owner read it (chmod 600).',
  'Credentials in a URL win over .netrc. If an old token still stands in pip.conf, uv.toml, .condarc or a PIP_, UV_ or CONDA_ variable, remove it there.',
];

/** What all formats share: addresses with and without the token, the comment at the top, recurring notes. */
import { texts } from '../../shared/texts/texts.ts';
import { triedText } from './clients.ts';
import type { ExportFile, ExportInput, ExportPlace, Tried } from './types.ts';

const says = texts.exportFormats.comment;

/** Stands where the secret would; not a well-formed token, so that nobody mistakes it for one. */
export const placeholder = 'lk-REPLACE-WITH-YOUR-TOKEN';
/** The gateway takes any user name; clients want one. */
export const userName = 'lk';

export function secretOf(input: ExportInput): string {
  return input.secret ?? placeholder;
}

/** Names of the channels of one kind, in the token's order, which is also their priority. */
export function channelNames(input: ExportInput, kind: 'conda' | 'pypi'): readonly string[] {
  return input.channels.filter((channel) => channel.kind === kind).map((channel) => channel.name);
}

export function simpleUrl(input: ExportInput, channel: string): string {
  return `${input.gatewayUrl}/pypi/${encodeURIComponent(channel)}/simple/`;
}

/** The index's URL with Basic credentials in it (RFC 3986 userinfo); pip and uv both take the token from there. */
export function simpleUrlWithToken(input: ExportInput, channel: string): string {
  const url = new URL(simpleUrl(input, channel));
  url.username = userName;
  url.password = secretOf(input);
  return url.href;
}

export function condaUrl(input: ExportInput, channel: string): string {
  return `${input.gatewayUrl}/conda/${encodeURIComponent(channel)}`;
}

/** conda's own place for a token: it splits `/t/<token>` off and puts it back in front of the channel's name. */
export function condaAlias(input: ExportInput): string {
  return `${input.gatewayUrl}/conda/t/${secretOf(input)}`;
}

export function condaUrlWithToken(input: ExportInput, channel: string): string {
  return `${condaAlias(input)}/${encodeURIComponent(channel)}`;
}

/** Host without brackets and port, as `.netrc` and rattler look it up. */
export function hostOf(input: ExportInput): string {
  return new URL(input.gatewayUrl).hostname.replace(/^\[(.*)\]$/, '$1');
}

/** Whether the gateway has a path of its own behind a proxy. */
export const hasPath = (input: ExportInput): boolean => new URL(input.gatewayUrl).pathname !== '/';

/** `YYYY-MM-DD` in UTC: a day is exact enough for a reminder, and the same for every reader. */
export function expiryDate(input: ExportInput): string {
  return new Date(input.token.expiresAtMs).toISOString().slice(0, 10);
}

/** Whether the token travels unencrypted between machines. */
export function isPlainRemote(input: ExportInput): boolean {
  const { protocol } = new URL(input.gatewayUrl);
  const host = hostOf(input);
  return protocol === 'http:' && host !== 'localhost' && host !== '::1' && !/^127\.\d+\.\d+\.\d+$/.test(host);
}

/**
 * The lines at the top of a file: what it is, for whom, until when, tried with what. Never the secret.
 * One line each and ASCII only: pip, conda and netrc readers decode files with the system's code page on Windows and
 * stop at bytes that it lacks, and YAML 1.1 ends a comment at U+0085, U+2028 and U+2029.
 */
function headerLines(input: ExportInput, what: string, tried: Tried, holdsToken: boolean): readonly string[] {
  const { token } = input;
  const forWhom = says.forWhom(token.teamName, token.environmentName);
  return [
    says.what(what, token.holderName, forWhom, input.organizationName),
    token.ended === 'revoked'
      ? texts.exports.headerRevoked(token.id)
      : texts.exports.headerEnds(token.id, token.expiresAtMs, token.ended === 'expired'),
    ...(holdsToken && input.secret === undefined ? [says.placeholder(placeholder)] : []),
    says.writtenBy(triedText(tried)),
  ].map(asciiLine);
}

/**
 * The header as comments, followed by an empty line. After `//` no backslash: Groovy reads `\u000a` as a line break
 * wherever it stands.
 */
export function headerComment(
  input: ExportInput,
  what: string,
  tried: Tried,
  file: { readonly holdsToken?: boolean; readonly mark?: string } = {},
): string {
  const lines = headerLines(input, what, tried, file.holdsToken ?? false);
  const { mark = '#' } = file;
  const shown = mark === '//' ? lines.map((line) => line.replaceAll('\\', '/')) : lines;
  return `${shown.map((line) => `${mark} ${line}`).join('\n')}\n\n`;
}

function asciiLine(text: string): string {
  return text
    .normalize('NFKD')
    .replaceAll(/\p{M}/gu, '')
    .replaceAll(/[\p{Cc}\p{Cf}\p{Z}]+/gu, ' ')
    .replaceAll(/[^\u0020-\u007e]/gu, '?')
    .trim();
}

/** A file in which the token stands, or the placeholder. */
export function secretFile(
  input: ExportInput,
  file: Pick<ExportFile, 'name' | 'content' | 'language'>,
): ExportFile {
  return { ...file, containsSecret: input.secret !== undefined };
}

/** A file without the token. */
export function openFile(file: Pick<ExportFile, 'name' | 'content' | 'language'>): ExportFile {
  return { ...file, containsSecret: false };
}

/** The same place on every system. */
export function anywhere(place: string): ExportPlace {
  return { linux: place, macos: place, windows: place };
}

/** An environment variable's name part, as uv makes it of an index name. */
export function envName(channel: string): string {
  return channel.toUpperCase().replaceAll(/[^A-Z0-9]/g, '_');
}

/** A word of a command to paste. Only the brackets of an IPv6 address need quotes (zsh takes them for a pattern). */
export function commandWord(word: string): string {
  return word.includes('[') ? `"${word}"` : word;
}

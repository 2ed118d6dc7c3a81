/** What the formats share: addresses with and without the token, and the comment at the head of a file. */
import type { ExportInput } from './types.ts';

/** Stands where the secret belongs, when an export is made without it. */
export const placeholder = 'lk-REPLACE-WITH-YOUR-TOKEN';

/** Client versions that the exports are installed with in the tests (test/clients). */
const triedWith = 'pip 26.3, uv 0.13.9, py-rattler 0.28.0';
/** Gateways ignore the user name; this one says in a log whose credentials they are. */
export const userName = 'token';

export const tokenOf = (input: ExportInput): string => input.secret ?? placeholder;
export const hasSecret = (input: ExportInput): boolean => input.secret !== undefined;

export const namesOf = (input: ExportInput, kind: 'conda' | 'pypi'): readonly string[] =>
  input.channels.filter((channel) => channel.kind === kind).map((channel) => channel.name);

/** `https://gw/pypi/<channel>/simple/`, with Basic credentials in it if wanted. */
export function pypiUrl(input: ExportInput, channel: string, withToken: boolean): string {
  const url = new URL(`${input.gatewayUrl}/pypi/${channel}/simple/`);
  if (withToken) {
    url.username = userName;
    url.password = tokenOf(input);
  }
  return url.href;
}

/** `https://gw/conda/<channel>`, or with the token where conda puts it: `https://gw/conda/t/<token>/<channel>`. */
export function condaUrl(input: ExportInput, channel: string, withToken: boolean): string {
  return `${input.gatewayUrl}/conda/${withToken ? `t/${tokenOf(input)}/` : ''}${channel}`;
}

/** Host name, with the port where there is one, as credential stores want it. */
export const hostOf = (input: ExportInput): string => new URL(input.gatewayUrl).host;
export const hostNameOf = (input: ExportInput): string => new URL(input.gatewayUrl).hostname;

/** Lines for the head of a file: what it is, for whom, until when. Never the secret. */
export function header(input: ExportInput, what: string): readonly string[] {
  const { token } = input;
  const ends = new Date(token.expiresAtMs).toISOString().slice(0, 10);
  return [
    `${what} by Latchkey for ${token.holderName} (team ${token.teamName}, ${token.environmentName}).`,
    `${input.organizationName}, token lk-${token.id}, valid until ${ends}. Tried with ${triedWith}.`,
    ...(hasSecret(input)
      ? ['This file holds a secret: keep it readable for you alone, and out of version control.']
      : [`Put your token in the place of ${placeholder}.`]),
  ];
}

/** The head as comments of a format whose comments begin with `#`. Texts are one line each (the model's schema). */
export const comments = (lines: readonly string[]): string => `${lines.map((line) => `# ${line}`).join('\n')}\n`;

/** Every file of an export belongs to one place per operating system. */
export const everywhere = (place: string) => ({ linux: place, macos: place, windows: place });

/** Plain HTTP to another computer: pip refuses it without being told, and the token can be read on the way. */
export function plainHttpNote(input: ExportInput): readonly string[] {
  return isPlainHttp(input)
    ? ['The gateway’s address is plain HTTP: the token can be read on the way. Put a proxy with TLS before it.']
    : [];
}

export function isPlainHttp(input: ExportInput): boolean {
  const { protocol, hostname } = new URL(input.gatewayUrl);
  return protocol === 'http:' && !/^(localhost|127(\.\d+){3}|\[::1\])$/.test(hostname);
}

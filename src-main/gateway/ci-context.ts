/**
 * What a client says of the CI job that it runs in: by the header `X-Latchkey-CI: project=…; job=…; user=…`, or with the
 * same members in what pip puts into its User-Agent (`PIP_USER_AGENT_USER_DATA`). Invariant: it is a claim and decides
 * nothing; bounded, printable, read in one pass, and nothing that looks like a secret is kept of it.
 */
import { redactWord } from './redact.ts';

export type CiContext = { readonly project?: string; readonly job?: string; readonly user?: string };

const none: CiContext = {};
/** Longer ones are not read at all: half a value would name another project. */
const maxHeaderChars = 1024;
/** pip's is some 600 characters long, without the data of its user. */
const maxAgentChars = 4096;
const maxValueChars = 200;
const maxParts = 16;

/**
 * @param header X-Latchkey-CI; goes before the User-Agent
 * @param userAgent of the whole, e.g. `pip/26.3 {"ci":true,…,"user_data":"{\\"project\\":…}"}`
 */
export function ciContext(header: string | undefined, userAgent: string): CiContext {
  if (header !== undefined && header !== '') return fromHeader(header);
  return userAgent.includes('"user_data"') ? fromAgent(userAgent) : none;
}

function fromHeader(header: string): CiContext {
  if (header.length > maxHeaderChars) return none;
  const context: Record<string, string> = {};
  for (const part of header.split(';', maxParts)) {
    const equalsAt = part.indexOf('=');
    if (equalsAt < 0) continue;
    put(context, part.slice(0, equalsAt).trim().toLowerCase(), decoded(part.slice(equalsAt + 1).trim()));
  }
  return context;
}

function fromAgent(userAgent: string): CiContext {
  if (userAgent.length > maxAgentChars) return none;
  const agent = objectIn(userAgent.slice(userAgent.indexOf('{')));
  const said = agent['user_data'];
  const data = typeof said === 'string' ? objectIn(said) : {};
  const context: Record<string, string> = {};
  for (const name of names) put(context, name, data[name]);
  return context;
}

const names: readonly string[] = ['project', 'job', 'user'] satisfies readonly (keyof CiContext)[];

function put(context: Record<string, string>, name: string, value: unknown): void {
  if (!names.includes(name) || context[name] !== undefined || typeof value !== 'string') return;
  const words = value.slice(0, maxValueChars).trim().split(' ');
  const shown = words.map(redactWord).join(' ').slice(0, maxValueChars);
  if (shown !== '') context[name] = shown;
}

/** Percent signs as they are, where they stand for nothing. */
function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

function objectIn(text: string): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value)
      ? (value as Readonly<Record<string, unknown>>)
      : {};
  } catch {
    return {};
  }
}

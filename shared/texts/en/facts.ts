/** Facts about packages: where they come from, and what is wrong with them. */

type Problem = { readonly code: string; readonly place: string; readonly detail?: string | undefined };
type RangeEvent = { readonly type: string; readonly version: string };

const byCode: Readonly<Record<string, (place: string) => string>> = {
  'not-readable': (place) => `${place} cannot be read`,
  'not-known': (place) => `${place} holds no file of this kind of feed`,
  broken: (place) => `${place} is damaged or cut off`,
  'too-large': (place) => `${place} is larger than any such feed`,
  'not-json': (place) => `${place} is not JSON`,
  'duplicate-key': (place) => `${place} has the same key twice in one object`,
  'wrong-form': (place) => `${place} is not in the format of this kind of feed`,
  empty: (place) => `${place} holds no record`,
  'many-bad': (place) => `Too many records cannot be read, for example ${place}`,
  'not-fetched': (place) => `${place} could not be fetched`,
  'too-slow': (place) => `Reading ${place} took too long`,
  'too-much-memory': (place) => `Reading ${place} took too much memory`,
  'not-mapped': (label) => `This computer doesn’t know which folder "${label}" is`,
  'not-written': (place) => `What was read could not be written to ${place}`,
};

const maxVersions = 5;

export const facts = {
  problem: (problem: Problem): string => `${problemText(problem)} Facts read earlier stay in force.`,
  /** Of a feed of which nothing is left that could stay in force. */
  problemNow: (problem: Problem): string => problemText(problem),
  damaged:
    'What was kept of it is damaged and was set aside, so its facts are missing until its source is read again.',
  badRecords: (bad: number, first: string): string =>
    `${bad} ${bad === 1 ? 'record' : 'records'} cannot be read, for example ${first}.`,
  staleAlarm: (name: string, hours: number): string =>
    `The facts of feed ${name} are older than ${hours} hours. Update it, or find out why it can’t be read.`,
  neverAlarm: (name: string): string => `Feed ${name} has not been read yet, so its facts are missing.`,
  shrunkAlarm: (name: string, from: number, to: number): string =>
    `Feed ${name} has shrunk from ${from} to ${to} records. The earlier facts stay in force until you accept that.`,
  problemAlarm: (name: string, problem: string): string => `Feed ${name}: ${problem}`,
  /** Which versions an advisory is about. */
  affected: (versions: readonly string[], ranges: readonly (readonly RangeEvent[])[]): string => {
    const written = ranges.map(rangeText).filter((range) => range !== '');
    if (written.length > 0) return written.join(' or ');
    if (versions.length === 0) return 'not known';
    const more = versions.length - maxVersions;
    return `${versions.slice(0, maxVersions).join(', ')}${more > 0 ? ` and ${more} more` : ''}`;
  },
};

function problemText({ code, place, detail }: Problem): string {
  const says = byCode[code]?.(place) ?? place;
  if (detail === undefined || detail === '') return `${says}.`;
  return detail.endsWith('.') ? `${says}: ${detail}` : `${says} (${detail}).`;
}

function rangeText(events: readonly RangeEvent[]): string {
  const parts: string[] = [];
  for (const { type, version } of events) {
    if (type === 'introduced')
      parts.push(`${parts.length === 0 ? '' : 'or '}${version === '0' ? '' : `>=${version}`}`);
    else if (type === 'fixed' || (type === 'limit' && version !== '*')) parts.push(`<${version}`);
    else if (type === 'lastAffected') parts.push(`<=${version}`);
  }
  const text = parts
    .filter((part) => part !== '')
    .join(', ')
    .replaceAll(', or ', ' or ');
  return text === '' && events.length > 0 ? 'all versions' : text;
}

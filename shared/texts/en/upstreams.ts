import type { ChannelHealth, CutDownloads, DropCause, Drops } from '../../model/channel-health.ts';

/** Links that are not served, by why. */
const causes: Readonly<Record<DropCause, string>> = {
  unreadable: 'unreadable',
  scheme: 'not http or https',
  credentials: 'with a user name in them',
  insecure: 'http on an https page',
  'this-computer': 'to this computer, which the channel does not list',
  host: 'to addresses that the channel may not reach',
  project: 'of another project',
  malformed: 'malformed',
  'redirecting-key': 'that would lead past the gateway',
  'unknown-member': 'in parts of an index that this version does not know',
  'unknown-record': 'that no policy can judge',
  'file-name': 'with a file name that would lead out of the channel',
};

/** `10 http on an https page, 2 of another project`: most frequent first; empty when nothing was dropped. */
const byCause = (drops: Drops): string =>
  (Object.entries(drops) as [DropCause, number][])
    .sort(([, a], [, b]) => b - a)
    .map(([cause, count]) => `${count} ${causes[cause]}`)
    .join(', ');

/** `12 links are not served: …`, or undefined when all are. */
const dropped = (drops: Drops): string | undefined => {
  const total = Object.values(drops).reduce((sum, count) => sum + count, 0);
  if (total === 0) return undefined;
  return `${total === 1 ? '1 link is' : `${total} links are`} not served: ${byCause(drops)}.`;
};

/** `3 downloads were broken off by the upstream, the latest of noarch/x-1-0.conda.` */
const cuts = ({ count, path }: CutDownloads): string =>
  count === 1
    ? `1 download was broken off by the upstream: ${path}.`
    : `${count} downloads were broken off by the upstream, the latest of ${path}.`;

/** What a gateway found out about channels' upstreams. */
export const upstreams = {
  byCause,
  dropped,
  cuts,
  /** All that is wrong with one, in sentences; undefined when nothing is. */
  health: (health: ChannelHealth): string | undefined => {
    const { problem, problems, staleSinceMs } = health;
    const parts: string[] = [];
    if (problem !== undefined) {
      const others = problems > 1 ? `, and ${problems - 1} more` : '';
      parts.push(`${problem.reason} (${problem.path}${others}).`);
      if (problem.hint !== undefined) parts.push(problem.hint);
    }
    if (staleSinceMs !== undefined) parts.push('The last good index is served.');
    if (health.cuts !== undefined) parts.push(cuts(health.cuts));
    const links = dropped(health.dropped);
    if (links !== undefined) parts.push(links);
    return parts.length === 0 ? undefined : parts.join(' ');
  },
  answersAgain: 'its upstream answers again.',
  since: (when: string) => `since ${when}`,
  morePaths: (count: number) => `and ${count} more ${count === 1 ? 'path' : 'paths'}`,
  staleSince: (when: string) => `The last good index has been served since ${when}.`,
};

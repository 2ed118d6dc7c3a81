import type { Topic } from '../../shared/contract/contract.ts';
import type { DomainEventType } from '../organization/events.ts';

/** What each kind of event touches: whoever shows it reads it again. */
const topicOf: Readonly<Record<DomainEventType, Topic>> = {
  'organization.created': 'organization',
  'organization.renamed': 'organization',
  'format.raised': 'organization',
  'log.restored': 'organization',
  'key.granted': 'operators',
  'operator.added': 'operators',
  'operator.changed': 'operators',
  'holder.created': 'holders',
  'holder.changed': 'holders',
  'team.created': 'teams',
  'team.changed': 'teams',
  'team.removed': 'teams',
  'environment.created': 'environments',
  'environment.changed': 'environments',
  'environment.removed': 'environments',
  'channel.created': 'channels',
  'channel.changed': 'channels',
  'channel.removed': 'channels',
  'policy.created': 'policies',
  'policy.changed': 'policies',
  'policy.removed': 'policies',
  'package.labelled': 'curation',
  'advisory.assessed': 'curation',
  'names.mapped': 'curation',
  'licenses.aliased': 'curation',
  'feed.set': 'curation',
  'feed.removed': 'curation',
  'log.anchored': 'log',
  'log.looked-up': 'log',
  'log.retention-set': 'log',
  'token.issued': 'tokens',
  'token.rotated': 'tokens',
  'token.changed': 'tokens',
  'token.revoked': 'tokens',
};

/** The topics of a commit, each once. */
export function topicsOf(
  entries: readonly { readonly event: { readonly type: DomainEventType } }[],
): Topic[] {
  return [...new Set(entries.map(({ event }) => topicOf[event.type]))];
}

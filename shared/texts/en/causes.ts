import type { Rule } from '../../model/decision.ts';
import type { ProtocolCause } from '../../model/gateway.ts';

type RequestRule = Extract<Rule, `access.${string}` | `package.${string}`>;

/** The words for why requests were not answered as asked: a line of a list of counts, and a column of a table. */
const words: Readonly<Record<RequestRule | ProtocolCause, string>> = {
  'access.credential-missing': 'No token',
  'access.credential-malformed': 'Not a Latchkey token',
  'access.credential-ambiguous': 'Two different tokens',
  'access.not-configured': 'Gateway not configured yet',
  'access.token-unknown': 'Unknown token',
  'access.token-revoked': 'Revoked token',
  'access.token-expired': 'Expired token',
  'access.token-not-yet-valid': 'Token not valid yet',
  'access.network': 'Token from another network',
  'access.path-unknown': 'No such path',
  'access.channel': 'Channel not available to the token',
  'package.channel': 'Package from another channel',
  'package.not-listed': 'Not on the allow list',
  'package.listed': 'On the deny list',
  'package.vulnerable': 'Vulnerability',
  'package.malware': 'Malware',
  'package.quarantined': 'Quarantined by its index',
  'package.no-facts': 'No advisories yet',
  'package.license': 'License',
  'package.too-young': 'Published too recently',
  'package.age-unknown': 'No publication date',
  'package.status': 'Yanked, removed or no longer maintained',
  'package.superseded': 'Outdated version',
  'package.silent': 'No release for years',
  'package.platform': 'Platform',
  'package.sdist': 'Source distribution',
  'package.label-missing': 'Missing label',
  'package.label-denied': 'Denied label',
  'package.namespace': 'Reserved name',
  'package.unsatisfiable': 'Dependency not available',
  'package.unlisted': 'In no index of its channel',
  'package.failed': 'Policy could not be evaluated',
  'request.unreadable': 'Not readable as HTTP',
  'request.timeout': 'Request arrived too slowly',
  'request.too-large': 'Request too large',
  'request.host': 'Missing or malformed Host',
  'request.version': 'Unsupported HTTP version',
  'request.method': 'Method other than GET or HEAD',
  'request.expectation': 'Unknown expectation',
  'request.content': 'Request with content',
  'request.path': 'Malformed path',
  'request.pipelined': 'Too many requests at once on a connection',
  'request.too-many-wrong-tokens': 'Too many wrong tokens from one address',
  'channel.broken': 'Channel is broken',
  'channel.not-found': 'No such file in the channel',
  'channel.upstream': 'No usable answer from the upstream',
  'channel.wrong-file': 'The upstream gave another file than its index names',
  'channel.refused': 'Refused by the channel’s format',
  'gateway.busy': 'Gateway busy',
  'gateway.failed': 'Gateway failed',
  'answer.cut': 'Answer cut off',
};

export const causes = {
  /** Unknown ones, of a newer gateway, stand for themselves. */
  of: (cause: string): string => (words as Readonly<Record<string, string | undefined>>)[cause] ?? cause,
};

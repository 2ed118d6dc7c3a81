import type { BundleUpstream } from '../../shared/model/bundle.ts';
import type { UpstreamRequest } from './types.ts';

/** What a channel's upstream lets a request do: sign in at its origin, and reach its private hosts. */
export function accessOf(
  upstream: Extract<BundleUpstream, { type: 'url' }>,
): Pick<UpstreamRequest, 'credentials' | 'credentialsOrigin' | 'privateHosts'> {
  const { url, credentials, privateHosts } = upstream;
  return {
    ...(credentials === undefined ? {} : { credentials }),
    credentialsOrigin: new URL(url).origin,
    privateHosts,
  };
}

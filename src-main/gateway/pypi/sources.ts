/** The channels that are served, each with what is known of it as long as its upstream stays the same. */
import { LRUCache } from 'lru-cache';
import type { BundleUpstream } from '../../../shared/model/bundle.ts';
import type { Documents } from '../documents/documents.ts';
import type { OpenUpstream, ServedChannel } from '../types.ts';
import { createFolderSource } from './folder-source.ts';
import { PageLicenses } from './licenses/page-licenses.ts';
import type { PypiSource } from './source.ts';
import { createUpstreamSource } from './upstream-source.ts';

export type SourceDependencies = {
  readonly openUpstream: OpenUpstream;
  readonly documents: Documents;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
};

/** A channel's files, and what is known of their licences. */
export type Served = { readonly source: PypiSource; readonly licenses: PageLicenses };
export type Sources = { get(channel: ServedChannel): Served; close(): void };

/** More channels than an organization has; bounds what removed ones leave behind. */
const maxSources = 1000;

export function createSources({ openUpstream, documents, now }: SourceDependencies): Sources {
  const byUpstream = new WeakMap<BundleUpstream, Served>();
  const byChannel = new LRUCache<string, { readonly key: string; readonly served: Served }>({
    max: maxSources,
    dispose: ({ served }) => {
      served.licenses.close();
      served.source.close();
    },
  });

  function getSlowly({ id, upstream }: ServedChannel): Served {
    // A changed channel or a new bundle has new objects that mostly say the same: indexed files need not be read again.
    const key = JSON.stringify(upstream);
    const known = byChannel.get(id);
    if (known?.key === key) return known.served;
    const source =
      upstream.type === 'folder'
        ? createFolderSource(id, upstream.path, documents, now)
        : createUpstreamSource(id, upstream, { openUpstream, documents });
    const place = upstream.type === 'folder' ? upstream.path : upstream.url;
    const book = () => documents.licenses.of({ channelId: id, place });
    const served = { source, licenses: new PageLicenses(id, source, book, documents.licenseReads) };
    byChannel.set(id, { key, served });
    return served;
  }

  return {
    get(channel) {
      const known = byUpstream.get(channel.upstream);
      if (known !== undefined) return known;
      const served = getSlowly(channel);
      byUpstream.set(channel.upstream, served);
      return served;
    },
    close() {
      byChannel.clear();
    },
  };
}

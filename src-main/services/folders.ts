import type { Handlers } from '../../shared/contract/types.ts';
import type { FolderView } from '../../shared/contract/channel-views.ts';
import type { Context } from './context.ts';
import type { FolderMap } from './folder-map.ts';
import { requireFolder } from './local-folder.ts';

/** Which folders of this computer the labels of channels mean. */
export function foldersService(context: Pick<Context, 'vault'>, folders: FolderMap): Handlers['folders'] {
  const views = (): FolderView[] => {
    const channelsOf = new Map<string, string[]>(folders.entries().map(([label]) => [label, []]));
    for (const { name, upstream } of context.vault().state().channels.values()) {
      if (upstream.type !== 'folder') continue;
      channelsOf.set(upstream.label, [...(channelsOf.get(upstream.label) ?? []), name]);
    }
    const paths = new Map(folders.entries());
    return [...channelsOf]
      .toSorted(([a], [b]) => (a < b ? -1 : 1))
      .map(([label, channels]) => {
        const path = paths.get(label);
        return { label, ...(path === undefined ? {} : { path }), channels: channels.toSorted() };
      });
  };

  return {
    list: async () => views(),
    map: async ({ label, path }) => {
      await requireFolder(path);
      folders.map(label, path);
      return views().find((entry) => entry.label === label) ?? { label, path, channels: [] };
    },
    unmap: async ({ label }) => {
      folders.unmap(label);
      return {};
    },
  };
}

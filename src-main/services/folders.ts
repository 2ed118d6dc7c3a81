import type { Handlers } from '../../shared/contract/types.ts';
import type { FolderView } from '../../shared/contract/channel-views.ts';
import type { Context } from './context.ts';
import type { FolderMap } from './folder-map.ts';
import { requireFolder } from './local-folder.ts';

/** Which folders of this computer the labels of channels and feeds mean. */
export function foldersService(context: Pick<Context, 'vault'>, folders: FolderMap): Handlers['folders'] {
  const views = (): FolderView[] => {
    const { channels, feeds } = context.vault().state();
    const paths = new Map(folders.entries());
    const channelsOf = byLabel(
      [...channels.values()].map(({ name, upstream }) => ({ name, from: upstream })),
    );
    const feedsOf = byLabel([...feeds.values()].map(({ name, source }) => ({ name, from: source })));
    return [...new Set([...paths.keys(), ...channelsOf.keys(), ...feedsOf.keys()])]
      .toSorted()
      .map((label) => {
        const path = paths.get(label);
        return {
          label,
          ...(path === undefined ? {} : { path }),
          channels: channelsOf.get(label) ?? [],
          feeds: feedsOf.get(label) ?? [],
        };
      });
  };

  return {
    list: async () => views(),
    map: async ({ label, path }) => {
      await requireFolder(path);
      folders.map(label, path);
      return views().find((entry) => entry.label === label) ?? { label, path, channels: [], feeds: [] };
    },
    unmap: async ({ label }) => {
      folders.unmap(label);
      return {};
    },
  };
}

type Named = {
  readonly name: string;
  readonly from: { readonly type: 'folder'; readonly label: string } | { readonly type: 'url' };
};

/** Names of those that read a folder, by its label, sorted. */
function byLabel(all: readonly Named[]): ReadonlyMap<string, string[]> {
  const names = new Map<string, string[]>();
  for (const { name, from } of all) {
    if (from.type === 'folder') names.set(from.label, [...(names.get(from.label) ?? []), name].toSorted());
  }
  return names;
}

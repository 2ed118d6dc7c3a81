import { useState } from 'react';
import { NativeSelect, SegmentedControl, Stack, TextInput } from '@mantine/core';
import type { FeedView } from '../../../shared/contract/curation-views.ts';
import { feedKinds } from '../../../shared/model/curation.ts';
import { httpUrl } from '../../../shared/model/domain.ts';
import { texts } from '../../../shared/texts/texts.ts';
import { api } from '../../client/api.ts';
import { useWhyNot } from '../../state/why-not.ts';
import { FolderField } from '../../ui/form/folder-field.tsx';
import { FormOverlay } from '../../ui/form/form-overlay.tsx';
import type { TypedNumber } from '../../ui/form/number-field.tsx';
import { NumberField, numberProblem } from '../../ui/form/number-field.tsx';
import layout from '../../ui/layout.module.css';
import { PrivateHostsField } from '../channels/private-hosts-field.tsx';
import { nameProblem } from '../../ui/name-check.ts';
import { tellSuccess } from '../../ui/tell.ts';
import text from '../../ui/text.module.css';

const words = texts.curation.facts;
const every = { least: 1, most: 720 } as const;
const stale = { least: 1, most: 8760 } as const;

/** Where facts come from. The name is the feed: it stays once it is made. */
export function FeedDialog(props: { readonly feed: FeedView | undefined; readonly onClose: () => void }) {
  const { feed } = props;
  const [name, setName] = useState(feed?.name ?? '');
  const [kind, setKind] = useState<(typeof feedKinds)[number]>(feed?.kind ?? 'osv');
  const [source, setSource] = useState<'url' | 'folder'>(feed?.source.type ?? 'url');
  const [url, setUrl] = useState(feed?.source.type === 'url' ? feed.source.url : '');
  const [privateHosts, setPrivateHosts] = useState<readonly string[]>(
    feed?.source.type === 'url' ? (feed.source.privateHosts ?? []) : [],
  );
  const [path, setPath] = useState(feed?.path ?? '');
  const [everyHours, setEveryHours] = useState<TypedNumber>(feed?.everyHours ?? 24);
  const [staleAfterHours, setStaleAfterHours] = useState<TypedNumber>(feed?.staleAfterHours ?? 72);
  const nameWrong = nameProblem(name);
  const whyNot = useWhyNot('curation.saveFeed');
  const urlWrong = url.trim() === '' || httpUrl.safeParse(url.trim()).success ? undefined : words.urlProblem;
  const missing =
    whyNot ??
    nameWrong ??
    (source === 'url'
      ? url.trim() === ''
        ? words.urlMissing
        : urlWrong
      : path.trim() === ''
        ? words.folderMissing
        : undefined) ??
    numberProblem(everyHours, every) ??
    numberProblem(staleAfterHours, stale);
  const save = async () => {
    // The vault keeps the folder's name; where it is, this computer knows.
    if (source === 'folder' && path.trim() !== (feed?.path ?? ''))
      await api.folders.map({ label: name, path: path.trim() });
    await api.curation.saveFeed({
      name,
      kind,
      source:
        source === 'url'
          ? {
              type: 'url',
              url: url.trim(),
              ...(privateHosts.length === 0 ? {} : { privateHosts: [...privateHosts] }),
            }
          : { type: 'folder', label: labelOf(feed, name) },
      everyHours: Number(everyHours),
      staleAfterHours: Number(staleAfterHours),
    });
    tellSuccess(words.saved(name));
  };
  return (
    <FormOverlay
      title={feed === undefined ? words.newFeed : words.editFeed}
      submit={feed === undefined ? words.add : words.save}
      draft={{ name, kind, source, url, privateHosts, folder: path, everyHours, staleAfterHours }}
      missing={missing}
      size="md"
      onSubmit={save}
      fields={['name', 'url', 'private-hosts', 'folder']}
      onClose={props.onClose}
    >
      {({ at }) => (
        <>
          <TextInput
            label={words.name}
            placeholder={words.examples[kind].name}
            data-autofocus={feed === undefined || undefined}
            readOnly={feed !== undefined}
            value={name}
            onChange={(event) => setName(event.currentTarget.value.toLowerCase())}
            error={at.name ?? (name === '' ? undefined : nameWrong)}
          />
          <NativeSelect
            label={words.kind}
            description={words.kindSays[kind]}
            data={feedKinds.map((value) => ({ value, label: words.kinds[value] }))}
            value={kind}
            onChange={(event) => setKind(feedKinds.find((one) => one === event.currentTarget.value) ?? kind)}
          />
          <Stack gap={6}>
            <div id="feed-source" className={text.label}>
              {words.source}
            </div>
            <SegmentedControl
              aria-labelledby="feed-source"
              value={source}
              onChange={(value) => setSource(value === 'folder' ? 'folder' : 'url')}
              data={[
                { value: 'url', label: words.sources.url },
                { value: 'folder', label: words.sources.folder },
              ]}
            />
          </Stack>
          {source === 'url' ? (
            <>
              <TextInput
                label={words.url}
                placeholder={words.examples[kind].url}
                spellCheck={false}
                value={url}
                onChange={(event) => setUrl(event.currentTarget.value)}
                error={at.url ?? urlWrong}
              />
              <PrivateHostsField
                label={words.privateHosts}
                hint={words.privateHostsHint}
                value={privateHosts}
                onChange={setPrivateHosts}
                error={at['private-hosts']}
              />
            </>
          ) : (
            <FolderField
              label={words.folder}
              description={words.folderHint}
              placeholder={words.examples[kind].folder}
              value={path}
              onChange={setPath}
              error={at.folder}
            />
          )}
          <div className={layout.pair}>
            <NumberField
              label={words.every}
              suffix={words.hours}
              {...every}
              value={everyHours}
              onChange={setEveryHours}
            />
            <NumberField
              label={words.staleAfter}
              suffix={words.hours}
              {...stale}
              value={staleAfterHours}
              onChange={setStaleAfterHours}
            />
          </div>
        </>
      )}
    </FormOverlay>
  );
}

const labelOf = (feed: FeedView | undefined, name: string): string =>
  feed?.source.type === 'folder' ? feed.source.label : name;

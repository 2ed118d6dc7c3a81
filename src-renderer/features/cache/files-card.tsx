import { useState } from 'react';
import { Checkbox, NativeSelect } from '@mantine/core';
import { IconServer2 } from '@tabler/icons-react';
import type { CachedFileView } from '../../../shared/contract/cache-views.ts';
import { channelId } from '../../../shared/model/ids.ts';
import { texts } from '../../../shared/texts/texts.ts';
import { api } from '../../client/api.ts';
import { useDirectory } from '../../state/directory.ts';
import { packageHash } from '../../state/package-question.ts';
import { useAnswer } from '../../state/use-answer.ts';
import card from '../../ui/card.module.css';
import { cx } from '../../ui/cx.ts';
import { ErrorAlert } from '../../ui/error-alert.tsx';
import { exactTime, formatBytes } from '../../ui/format.ts';
import { EmptyState, SkeletonRows } from '../../ui/page.tsx';
import { When } from '../../ui/relative-time.tsx';
import type { Column } from '../../ui/table/column.ts';
import { DataTable } from '../../ui/table/data-table.tsx';
import { RowLink } from '../../ui/table/row-link.tsx';
import { SearchField } from '../../ui/table/search-field.tsx';
import text from '../../ui/text.module.css';
import styles from './cache.module.css';

const words = texts.cacheScreen;
const most = 100;

const nameOf = ({ filename, sha256 }: CachedFileView): string => filename ?? sha256;
const columns: readonly Column<CachedFileView>[] = [
  {
    id: 'file',
    title: words.file,
    priority: 0,
    width: 14,
    grow: 3,
    value: nameOf,
    cell: (file) => <FileName file={file} />,
  },
  {
    id: 'size',
    title: words.size,
    priority: 1,
    width: 5.5,
    grow: 0.3,
    isNumber: true,
    value: ({ sizeBytes }) => sizeBytes,
    cell: ({ sizeBytes }) => formatBytes(sizeBytes),
  },
  {
    id: 'used',
    title: words.usedAt,
    priority: 2,
    width: 8,
    grow: 0.4,
    value: ({ usedAtMs }) => usedAtMs,
    cell: ({ usedAtMs }) => <When atMs={usedAtMs} />,
  },
  {
    id: 'channels',
    title: words.channels,
    priority: 3,
    width: 9,
    value: ({ channels }) => channels.join(', '),
    cell: ({ channels }) => <span className={text.wrap}>{channels.join(', ')}</span>,
  },
  {
    id: 'stored',
    title: words.storedAt,
    priority: 4,
    width: 13.5,
    grow: 0.4,
    value: ({ storedAtMs }) => storedAtMs ?? null,
    cell: ({ storedAtMs }) => (storedAtMs === undefined ? '–' : exactTime(storedAtMs)),
  },
  {
    id: 'hash',
    title: words.hash,
    priority: 5,
    width: 10,
    value: ({ sha256 }) => sha256,
    cell: ({ sha256 }) => (
      <span className={cx(text.mono, text.oneLine)} title={sha256}>
        {sha256.slice(0, 16)}…
      </span>
    ),
  },
];

/** The files: the biggest first, or those that were used last. */
export function FilesCard() {
  const channels = useDirectory((state) => state.channels);
  const [search, setSearch] = useState('');
  const [channel, setChannel] = useState('');
  const [sort, setSort] = useState<'size' | 'used'>('size');
  const [onlyDenied, setOnlyDenied] = useState(false);
  const id = channelId.safeParse(channel);
  const question = {
    text: search,
    sort,
    limit: most,
    denied: onlyDenied,
    ...(id.success ? { channelId: id.data } : {}),
  };
  const { value, isStale, problem, retry } = useAnswer(
    JSON.stringify(question),
    () => api.cache.list(question),
    { causes: ['usage'], delayMs: search === '' ? 0 : 150 },
  );
  const isFiltered = search !== '' || id.success || question.denied;
  return (
    <section className={card.card} aria-label={words.files} aria-busy={isStale && problem === undefined}>
      <header className={card.head}>
        <h2>{words.files}</h2>
      </header>
      <div className={styles.tools} role="search" aria-label={words.files}>
        <SearchField
          label={words.search}
          placeholder={words.searchPlaceholder}
          value={search}
          onChange={setSearch}
        />
        <NativeSelect
          size="xs"
          aria-label={words.channel}
          value={channel}
          onChange={(event) => setChannel(event.currentTarget.value)}
          data={[
            { value: '', label: words.allChannels },
            ...channels.map((one) => ({ value: one.id, label: one.name })),
          ]}
        />
        <NativeSelect
          size="xs"
          aria-label={words.sort}
          value={sort}
          onChange={(event) => setSort(event.currentTarget.value === 'used' ? 'used' : 'size')}
          data={Object.entries(words.sorts).map(([id, label]) => ({ value: id, label }))}
        />
        <Checkbox
          size="xs"
          label={words.denied.only}
          checked={onlyDenied}
          onChange={(event) => setOnlyDenied(event.currentTarget.checked)}
        />
      </div>
      {problem !== undefined && <ErrorAlert error={problem} onRetry={retry} />}
      {value === undefined && problem === undefined && <SkeletonRows />}
      {value !== undefined && problem === undefined && value.files.length === 0 && isFiltered && (
        <p className={styles.note}>{words.noneFound}</p>
      )}
      {value !== undefined && problem === undefined && value.files.length === 0 && !isFiltered && (
        <EmptyState icon={<IconServer2 size={24} />} title={words.none} text={words.noneText} />
      )}
      {value !== undefined && problem === undefined && value.files.length > 0 && (
        <div className={styles.tall}>
          <DataTable
            label={words.filesLabel}
            columns={columns}
            rows={{ total: value.files.length, at: (index) => value.files[index] }}
            rowId={({ sha256 }) => sha256}
            rowName={nameOf}
          />
        </div>
      )}
      {value !== undefined && value.total > value.files.length && (
        <p className={styles.note}>{words.first(value.files.length, value.total)}</p>
      )}
    </section>
  );
}

function FileName({ file }: { readonly file: CachedFileView }) {
  const { ecosystem, name, version, filename } = file;
  return (
    <span className={text.twoLines}>
      {ecosystem !== undefined && name !== undefined ? (
        <RowLink href={packageHash({ ecosystem, name, ...(version === undefined ? {} : { version }) })}>
          {[name, version].filter((part) => part !== undefined).join(' ')}
        </RowLink>
      ) : (
        <span>{filename ?? words.noName}</span>
      )}
      <span>{filename ?? file.sha256}</span>
    </span>
  );
}

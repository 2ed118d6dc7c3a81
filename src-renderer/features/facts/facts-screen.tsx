import { useEffect, useState } from 'react';
import { ActionIcon, Alert, Button, Tooltip } from '@mantine/core';
import { IconAlertTriangle, IconDatabase, IconPlus, IconRefresh } from '@tabler/icons-react';
import type { FeedView } from '../../../shared/contract/curation-views.ts';
import { texts } from '../../../shared/texts/texts.ts';
import { api } from '../../client/api.ts';
import { hashTo, navigate, useRoute } from '../../state/route.ts';
import { useAnswer } from '../../state/use-answer.ts';
import { ConfirmDialog } from '../../ui/confirm-dialog.tsx';
import { ErrorAlert } from '../../ui/error-alert.tsx';
import { formatCount } from '../../ui/format.ts';
import { EmptyState, Page } from '../../ui/page.tsx';
import { RowActions } from '../../ui/row-actions.tsx';
import { useRowTabIndex } from '../../ui/table/row-tab-index.ts';
import { tellFailure, tellNotice, tellSuccess } from '../../ui/tell.ts';
import { rowsSource } from '../lists/export-menu.tsx';
import { NewButton } from '../lists/new-button.tsx';
import { TableCard } from '../lists/table-card.tsx';
import { useListState, useWholeList } from '../lists/use-list.ts';
import { Counts } from './counts.tsx';
import { feedColumns, feedState } from './feed-columns.tsx';
import { FeedDialog } from './feed-dialog.tsx';
import { MapCard } from './map-card.tsx';
import styles from './facts.module.css';

const words = texts.curation.facts;
/** While a feed is fetched nobody tells how far it is. */
const lookEveryMs = 1500;
const none: readonly FeedView[] = [];

/** Where facts come from, how old they are, and what is wrong with them. */
export function FactsScreen() {
  const state = useListState('feeds');
  const open = useRoute((route) => route.open);
  const { value, problem, retry } = useAnswer('facts', () => api.curation.facts(), {
    causes: ['curation'],
  });
  const feeds = value?.feeds ?? none;
  const { model, rows } = useWholeList(state, feedColumns, feeds);
  const [removing, setRemoving] = useState<FeedView>();
  const isUpdating = feeds.some((feed) => feed.isUpdating);
  useEffect(() => {
    if (!isUpdating) return undefined;
    const timer = window.setInterval(retry, lookEveryMs);
    return () => window.clearInterval(timer);
  }, [isUpdating, retry]);
  const update = (name: string, acceptShrunk = false) => {
    tellNotice(words.updating(name));
    api.curation.updateFeed({ name, acceptShrunk }).then(retry, tellFailure);
  };
  const edited = feeds.find(({ name }) => name === open);
  const create = () => navigate('facts', 'new');
  return (
    <Page
      title={words.title}
      lead={words.lead}
      action={
        <NewButton icon={<IconPlus size={17} />} onClick={create}>
          {words.add}
        </NewButton>
      }
    >
      <div className={styles.screen}>
        {problem !== undefined && <ErrorAlert error={problem} onRetry={retry} />}
        {feeds.map((feed) => (
          <Trouble
            key={feed.name}
            feed={feed}
            onAccept={() => update(feed.name, true)}
            onUpdate={() => update(feed.name)}
          />
        ))}
        <TableCard<FeedView>
          state={state}
          model={model}
          label={words.title}
          many={words.many}
          search={words.search}
          total={feeds.length}
          isLoading={value === undefined && problem === undefined}
          rows={rows}
          rowId={({ name }) => name}
          rowName={({ name }) => name}
          href={({ name }) => hashTo('facts', name)}
          actions={{
            width: 7.75,
            of: (feed) => (
              <RowActions
                name={feed.name}
                before={<UpdateButton feed={feed} onClick={() => update(feed.name)} />}
                onEdit={() => navigate('facts', feed.name)}
                onRemove={() => setRemoving(feed)}
              />
            ),
          }}
          file={{ name: 'feeds', source: () => rowsSource(model.chosen, model.rows) }}
          empty={
            <EmptyState
              icon={<IconDatabase size={24} />}
              title={words.empty}
              text={words.emptyText}
              action={<Button onClick={create}>{words.addFirst}</Button>}
            />
          }
        />
        <Counts counts={value?.counts ?? []} />
        <MapCard table="names" />
        <MapCard table="licenses" />
      </div>
      {(open === 'new' || edited !== undefined) && (
        <FeedDialog key={open} feed={edited} onClose={() => navigate('facts')} />
      )}
      {removing !== undefined && (
        <ConfirmDialog
          title={words.removeTitle}
          confirm={words.remove}
          onConfirm={async () => {
            await api.curation.removeFeed({ name: removing.name });
            tellSuccess(words.removed(removing.name));
            retry();
          }}
          onClose={() => setRemoving(undefined)}
        >
          <p>{words.removeText(removing.name)}</p>
        </ConfirmDialog>
      )}
    </Page>
  );
}

/** What needs somebody: a feed that shrank and waits, that failed, or that is too old. The shell leaves these to this screen. */
function Trouble(props: {
  readonly feed: FeedView;
  readonly onAccept: () => void;
  readonly onUpdate: () => void;
}) {
  const { name, problem, shrunk, fetchedAtMs, staleAfterHours } = props.feed;
  if (shrunk !== undefined)
    return (
      <Alert color="yellow" icon={<IconAlertTriangle size={18} />} title={words.shrunkTitle}>
        <p>{words.shrunk(name, formatCount(shrunk.from), formatCount(shrunk.to))}</p>
        <Button size="xs" mt="xs" aria-label={words.acceptOf(name)} onClick={props.onAccept}>
          {words.accept}
        </Button>
      </Alert>
    );
  if (problem !== undefined)
    return (
      <Alert color="red" icon={<IconAlertTriangle size={18} />} title={words.problemTitle(name)}>
        {problem}
      </Alert>
    );
  const state = feedState(props.feed);
  if (state !== 'stale' && state !== 'never') return null;
  return (
    <Alert
      color="yellow"
      icon={<IconAlertTriangle size={18} />}
      title={texts.ui.alarmBanner.titles['facts-stale']}
    >
      <p>
        {fetchedAtMs === undefined
          ? texts.facts.neverAlarm(name)
          : texts.facts.staleAlarm(name, staleAfterHours)}
      </p>
      <Button size="xs" mt="xs" aria-label={words.update(name)} onClick={props.onUpdate}>
        {words.updateNow}
      </Button>
    </Alert>
  );
}

function UpdateButton(props: { readonly feed: FeedView; readonly onClick: () => void }) {
  const tabIndex = useRowTabIndex();
  return (
    <Tooltip label={words.updateNow}>
      <ActionIcon
        tabIndex={tabIndex}
        variant="subtle"
        color="gray"
        aria-label={words.update(props.feed.name)}
        disabled={props.feed.isUpdating}
        onClick={props.onClick}
      >
        <IconRefresh size={17} aria-hidden="true" />
      </ActionIcon>
    </Tooltip>
  );
}

import { Button } from '@mantine/core';
import { IconKey } from '@tabler/icons-react';
import type { TokenView } from '../../../shared/contract/token-views.ts';
import type { TokenState } from '../../../shared/model/domain.ts';
import { texts } from '../../../shared/texts/texts.ts';
import { useDirectory } from '../../state/directory.ts';
import { hashTo, navigate } from '../../state/route.ts';
import { pageSize, rowAt } from '../../state/token-pages.ts';
import { selectionOf, useTokens } from '../../state/tokens.ts';
import { EmptyState } from '../../ui/page.tsx';
import { stateLabel } from '../../ui/state-badge.tsx';
import { FilterSelect } from '../../ui/table/filter-select.tsx';
import { allMatching, isSelected, select, selectedCount, stateOfPage } from '../../ui/table/selection.ts';
import { useTableModel } from '../../ui/table/use-table-model.ts';
import { TableCard } from '../lists/table-card.tsx';
import type { ListState } from '../lists/use-list.ts';
import { useListState } from '../lists/use-list.ts';
import type { ActType } from './bulk-form.ts';
import { SelectionBar } from './selection-bar.tsx';
import { fileColumns, tokenColumns } from './token-columns.tsx';
import { usePicking } from './use-picking.ts';

const words = texts.tokenTable;
const states: readonly TokenState[] = ['active', 'expiring', 'expired', 'revoked'];

/** All tokens that match; only the visible rows exist, and only the pages around them are loaded. */
export function TokenTable(props: { readonly onAct: (act: ActType) => void }) {
  const state = useListState('tokens');
  const { total, pages, picked, pick, show, visible, filter, countByState } = useTokens();
  const model = useTableModel({
    columns: tokenColumns,
    layout: state.layout,
    sort: state.query.sort ?? { id: filter.sort, descending: filter.descending },
  });
  const page = pages.get(Math.floor(visible[0] / pageSize)) ?? [];
  const pageIds = page.map(({ id }) => id);
  const onSelect = usePicking(pages, picked, pick);
  const count = selectedCount(picked, total ?? 0);
  const all = Object.values(countByState ?? {}).reduce((sum, one) => sum + one, 0);

  return (
    <TableCard<TokenView>
      state={state}
      model={model}
      label={texts.navigation.tokens}
      many={words.many}
      search={words.search}
      isLoading={total === undefined}
      rows={{ total: total ?? 0, at: (index) => rowAt(pages, index), onVisible: show }}
      {...(countByState === undefined ? {} : { total: all })}
      rowId={({ id }) => id}
      rowName={({ id }) => `lk-${id}`}
      openerText={({ holder }) => holder.name}
      href={({ id }) => hashTo('tokens', id)}
      filters={<Filters state={state} />}
      selection={{
        isSelected: ({ id }) => isSelected(picked, id),
        onSelect,
        page: stateOfPage(picked, pageIds),
        pageLabel: texts.tables.selectPage(page.length, words.many),
        onSelectPage: (on) => pick(select(picked, pageIds, on)),
      }}
      selectionBar={
        count === 0 ? undefined : (
          <SelectionBar
            count={count}
            total={total ?? 0}
            isPage={count === pageIds.length && stateOfPage(picked, pageIds) === 'all'}
            picked={picked}
            onPick={pick}
            onAct={props.onAct}
          />
        )
      }
      file={{
        name: 'tokens',
        source: () => ({
          of: 'tokens',
          selection: selectionOf(allMatching, filter),
          sort: filter.sort,
          descending: filter.descending,
          columns: model.chosen.flatMap(({ id }) => [...(fileColumns[id] ?? [])]),
        }),
      }}
      empty={<NoTokens />}
    />
  );
}

function Filters({ state }: { readonly state: ListState }) {
  const { teams, environments, channels } = useDirectory();
  const { filters } = state.query;
  const filter = (
    name: string,
    label: string,
    entries: readonly { readonly id: string; readonly name: string }[],
  ) => (
    <FilterSelect
      label={label}
      entries={entries}
      value={filters[name] ?? []}
      onChange={(values) => state.setFilter(name, values)}
    />
  );
  const holders = filters['holder'] ?? [];
  return (
    <>
      {filter(
        'state',
        words.state,
        states.map((id) => ({ id, name: stateLabel(id) })),
      )}
      {filter('team', words.team, teams)}
      {filter('env', words.environment, environments)}
      {filter('channel', words.channel, channels)}
      {holders.length > 0 && (
        <Button size="xs" variant="light" onClick={() => state.setFilter('holder', [])}>
          {texts.tables.clear(words.ofHolder)}
        </Button>
      )}
    </>
  );
}

function NoTokens() {
  const { teams, channels } = useDirectory();
  const [text, label, screen] =
    teams.length === 0
      ? ([words.empty.noTeam, texts.lists.of.teams.new, 'teams'] as const)
      : channels.length === 0
        ? ([words.empty.noChannel, texts.lists.of.channels.new, 'channels'] as const)
        : ([words.empty.none, words.empty.issueFirst, 'tokens'] as const);
  return (
    <EmptyState
      icon={<IconKey size={24} />}
      title={words.empty.title}
      text={text}
      action={<Button onClick={() => navigate(screen, 'new')}>{label}</Button>}
    />
  );
}

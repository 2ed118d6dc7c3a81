import type { ReactNode } from 'react';
import { Fragment, useState } from 'react';
import { Button } from '@mantine/core';
import { IconPlus } from '@tabler/icons-react';
import type { Removal } from '../../../shared/contract/directory-views.ts';
import type { ListName } from '../../state/directory.ts';
import { useDirectory } from '../../state/directory.ts';
import { hashTo, navigate, useRoute } from '../../state/route.ts';
import { ErrorAlert } from '../../ui/error-alert.tsx';
import layout from '../../ui/layout.module.css';
import { EmptyState, Page } from '../../ui/page.tsx';
import { RemoveDialog } from './remove-dialog.tsx';
import type { Uses } from './uses.ts';
import { noUses } from './uses.ts';
import { RowActions } from '../../ui/row-actions.tsx';
import type { Column } from '../../ui/table/column.ts';
import { rowsSource } from './export-menu.tsx';
import { NewButton } from './new-button.tsx';
import { TableCard } from './table-card.tsx';
import type { ListState } from './use-list.ts';
import { useListState, useWholeList } from './use-list.ts';
import { texts } from '../../../shared/texts/texts.ts';

type Props<T> = {
  /** The list, which has a screen of its own. */
  readonly screen: ListName;
  readonly title: string;
  readonly lead: string;
  readonly empty: {
    readonly icon: ReactNode;
    readonly title: string;
    readonly text: string;
    readonly action: string;
  };
  /** Another way out of an empty list. */
  readonly emptyAside?: ReactNode;
  /** Beside the button that makes an entry. */
  readonly beside?: ReactNode;
  /** One more button at the end of a row. */
  readonly rowAction?: (entry: T) => ReactNode;
  readonly entries: readonly T[];
  readonly columns: readonly Column<T>[];
  /** What the search looks at, as its placeholder. */
  readonly search: string;
  readonly filters?: (state: ListState) => ReactNode;
  /** Whether an entry is let through by the filters. */
  readonly isLetThrough?: (entry: T, filters: Readonly<Record<string, readonly string[]>>) => boolean;
  /** @returns what it was taken out of, where main says so */
  readonly remove: (entry: T) => Promise<Partial<Removal>>;
  /** What names the entry, as far as the lists here know. */
  readonly uses?: (entry: T) => Uses;
  /** The dialog for a new entry (undefined) or for the one that is edited. */
  readonly dialog: (entry: T | undefined, close: () => void) => ReactNode;
};

/** A screen that lists teams, environments, channels or policies: make, edit, remove, each by link and keyboard. */
export function ListScreen<T extends { readonly id: string; readonly name: string }>(props: Props<T>) {
  const words = texts.lists.of[props.screen];
  const isLoaded = useDirectory((state) => state.loaded[props.screen] === true);
  const problem = useDirectory((state) => state.problems[props.screen]);
  const load = useDirectory((state) => state.load);
  const open = useRoute((route) => route.open);
  const [removing, setRemoving] = useState<T>();
  const state = useListState(props.screen);
  const { model, rows } = useWholeList(state, props.columns, props.entries, props.isLetThrough);
  const edited = props.entries.find((entry) => entry.id === open);
  const create = () => navigate(props.screen, 'new');

  return (
    <Page
      title={props.title}
      lead={props.lead}
      fill
      action={
        <>
          {props.beside}
          <NewButton icon={<IconPlus size={17} />} onClick={create}>
            {words.new}
          </NewButton>
        </>
      }
    >
      {problem !== undefined && <ErrorAlert error={problem} onRetry={() => void load(props.screen)} />}
      <TableCard<T>
        state={state}
        model={model}
        label={props.title}
        many={words.many}
        search={props.search}
        total={props.entries.length}
        isLoading={!isLoaded}
        rows={rows}
        rowId={({ id }) => id}
        rowName={({ name }) => name}
        href={({ id }) => hashTo(props.screen, id)}
        filters={props.filters?.(state)}
        actions={{
          width: props.rowAction === undefined ? 5.75 : 7.75,
          of: (entry) => (
            <RowActions
              name={entry.name}
              before={props.rowAction?.(entry)}
              onEdit={() => navigate(props.screen, entry.id)}
              onRemove={() => setRemoving(entry)}
            />
          ),
        }}
        file={{ name: props.screen, source: () => rowsSource(model.chosen, model.rows) }}
        empty={
          <EmptyState
            icon={props.empty.icon}
            title={props.empty.title}
            text={props.empty.text}
            action={
              <div className={layout.row}>
                <Button onClick={create}>{props.empty.action}</Button>
                {props.emptyAside}
              </div>
            }
          />
        }
      />
      {(open === 'new' || edited) && (
        <Fragment key={open}>{props.dialog(edited, () => navigate(props.screen))}</Fragment>
      )}
      {removing && (
        <RemoveDialog
          list={props.screen}
          name={removing.name}
          uses={props.uses?.(removing) ?? noUses}
          remove={() => props.remove(removing)}
          onClose={() => setRemoving(undefined)}
        />
      )}
    </Page>
  );
}

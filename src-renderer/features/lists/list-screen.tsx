import type { ReactNode } from 'react';
import { Fragment, useState } from 'react';
import { Button } from '@mantine/core';
import { IconPlus } from '@tabler/icons-react';
import type { Removal } from '../../../shared/contract/directory-views.ts';
import type { ListName } from '../../state/directory.ts';
import { useDirectory } from '../../state/directory.ts';
import type { Screen } from '../../state/route.ts';
import { navigate, useRoute } from '../../state/route.ts';
import { ErrorAlert } from '../../ui/error-alert.tsx';
import { EmptyState, Page, SkeletonRows } from '../../ui/page.tsx';
import { RemoveDialog } from './remove-dialog.tsx';
import type { Uses } from './uses.ts';
import { noUses } from './uses.ts';
import { RowActions } from '../../ui/row-actions.tsx';

export type Column<T> = {
  readonly title: string;
  readonly width?: number | string;
  /** Numbers stand to the right. */
  readonly isNumber?: boolean;
  readonly className?: string;
  readonly cell: (entry: T) => ReactNode;
};

type Props<T> = {
  /** The list, which has a screen of its own. */
  readonly screen: ListName;
  /** The thing in the singular, as in "New team". */
  readonly what: string;
  readonly title: string;
  readonly lead: string;
  readonly empty: {
    readonly icon: ReactNode;
    readonly title: string;
    readonly text: string;
    readonly action: string;
  };
  readonly entries: readonly T[];
  readonly columns: readonly Column<T>[];
  /** @returns what it was taken out of, where main says so */
  readonly remove: (entry: T) => Promise<Partial<Removal>>;
  /** What names the entry, as far as the lists here know. */
  readonly uses?: (entry: T) => Uses;
  /** The dialog for a new entry (undefined) or for the one that is edited. */
  readonly dialog: (entry: T | undefined, close: () => void) => ReactNode;
};

/** A screen that lists teams, environments, channels or policies: make, edit, remove, each by link and keyboard. */
export function ListScreen<T extends { readonly id: string; readonly name: string }>(props: Props<T>) {
  const isLoaded = useDirectory((state) => state.loaded[props.screen] === true);
  const problem = useDirectory((state) => state.problems[props.screen]);
  const load = useDirectory((state) => state.load);
  const open = useRoute((route) => route.open);
  const [removing, setRemoving] = useState<T>();
  const edited = props.entries.find((entry) => entry.id === open);
  const create = () => navigate(props.screen, 'new');

  return (
    <Page
      title={props.title}
      lead={props.lead}
      action={
        <Button leftSection={<IconPlus size={17} />} onClick={create}>
          New {props.what}
        </Button>
      }
    >
      {problem !== undefined && <ErrorAlert error={problem} onRetry={() => void load(props.screen)} />}
      <div className="lk-card">
        {!isLoaded ? (
          <SkeletonRows />
        ) : props.entries.length === 0 ? (
          <EmptyState
            icon={props.empty.icon}
            title={props.empty.title}
            text={props.empty.text}
            action={<Button onClick={create}>{props.empty.action}</Button>}
          />
        ) : (
          <table className="lk-table" aria-label={props.title}>
            <thead>
              <tr>
                {props.columns.map(({ title, width, isNumber }) => (
                  <th
                    key={title}
                    scope="col"
                    className={isNumber === true ? 'lk-number' : undefined}
                    style={width === undefined ? undefined : { width }}
                  >
                    {title}
                  </th>
                ))}
                <th scope="col" style={{ width: 92 }}>
                  <span className="lk-visually-hidden">Actions</span>
                </th>
              </tr>
            </thead>
            <tbody>
              {props.entries.map((entry) => (
                <tr key={entry.id}>
                  {props.columns.map(({ title, isNumber, className, cell }) => (
                    <td
                      key={title}
                      className={[isNumber === true ? 'lk-number' : '', className ?? ''].join(' ').trim()}
                    >
                      {cell(entry)}
                    </td>
                  ))}
                  <td>
                    <RowActions
                      name={entry.name}
                      onEdit={() => navigate(props.screen, entry.id)}
                      onRemove={() => setRemoving(entry)}
                    />
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        )}
      </div>
      {(open === 'new' || edited) && (
        <Fragment key={open}>{props.dialog(edited, () => navigate(props.screen))}</Fragment>
      )}
      {removing && (
        <RemoveDialog
          what={props.what}
          name={removing.name}
          uses={props.uses?.(removing) ?? noUses}
          remove={() => props.remove(removing)}
          onClose={() => setRemoving(undefined)}
        />
      )}
    </Page>
  );
}

/** The name as a button that opens the entry. */
export function NameButton(props: { readonly screen: Screen; readonly id: string; readonly name: string }) {
  return (
    <button type="button" className="lk-row-button" onClick={() => navigate(props.screen, props.id)}>
      {props.name}
    </button>
  );
}

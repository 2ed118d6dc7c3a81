import { useEffect, useRef, useState } from 'react';
import { MultiSelect, useCombobox } from '@mantine/core';
import { texts } from '../../../shared/texts/texts.ts';

type Entry = { readonly id: string; readonly name: string };

/**
 * Several of a list by name. Picking by keyboard keeps the highlight where it is, so that ↓ Enter ↓ Enter picks two; the
 * list's own store would go back to the first one picked. The ids keep their brand: only those of the entries come back.
 */
export function PickSeveral<E extends Entry>(props: {
  readonly label?: string;
  /** Where the label stands elsewhere. */
  readonly ariaLabel?: string;
  readonly description?: string;
  readonly placeholder?: string;
  readonly entries: readonly E[];
  readonly value: readonly E['id'][];
  readonly onChange: (ids: E['id'][]) => void;
  readonly nothingFound?: string;
  readonly error?: string | undefined;
  /** Only a click or an arrow key opens the list, not the focus alone. */
  readonly staysClosed?: boolean;
}) {
  const [isOpen, setOpen] = useState(false);
  const [search, setSearch] = useState('');
  const store = useCombobox({ opened: isOpen, onOpenedChange: setOpen });
  const picked = useRef<string>(undefined);
  const { entries, value } = props;
  useEffect(() => {
    if (picked.current === undefined) return;
    const index = entries.findIndex(({ id }) => id === picked.current);
    picked.current = undefined;
    if (isOpen && index >= 0) store.selectOption(index);
  });
  return (
    <MultiSelect
      label={props.label}
      aria-label={props.ariaLabel}
      description={props.description}
      placeholder={value.length === 0 ? props.placeholder : undefined}
      data={entries.map((entry) => ({ value: entry.id, label: entry.name }))}
      value={[...value]}
      onChange={(values) => {
        const chosen = new Set<string>(values);
        props.onChange(entries.filter((entry) => chosen.has(entry.id)).map((entry) => entry.id));
      }}
      openOnFocus={props.staysClosed !== true}
      searchable
      clearable
      searchValue={search}
      onSearchChange={(next) => {
        if (next === search) return;
        setSearch(next);
        store.resetSelectedOption();
      }}
      onOptionSubmit={(id) => {
        picked.current = id;
      }}
      dropdownOpened={isOpen}
      onDropdownOpen={() => setOpen(true)}
      onDropdownClose={() => {
        setOpen(false);
        store.resetSelectedOption();
      }}
      comboboxProps={{ store }}
      nothingFoundMessage={props.nothingFound ?? texts.parts.pick.nothingFound}
      error={props.error}
    />
  );
}

import { MultiSelect } from '@mantine/core';

type Entry = { readonly id: string; readonly name: string };

/** Several of a list by name. The ids keep their brand: only ids of the given entries come back. */
export function ScopeSelect<E extends Entry>(props: {
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
}) {
  return (
    <MultiSelect
      label={props.label}
      aria-label={props.ariaLabel}
      description={props.description}
      placeholder={props.value.length === 0 ? props.placeholder : undefined}
      data={props.entries.map((entry) => ({ value: entry.id, label: entry.name }))}
      value={[...props.value]}
      onChange={(values) => {
        const chosen = new Set<string>(values);
        props.onChange(props.entries.filter((entry) => chosen.has(entry.id)).map((entry) => entry.id));
      }}
      searchable
      clearable
      nothingFoundMessage={props.nothingFound ?? 'Nothing of that name.'}
      error={props.error}
    />
  );
}

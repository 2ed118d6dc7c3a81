import { MultiSelect } from '@mantine/core';
import { texts } from '../../../shared/texts/texts.ts';
import { cx } from '../cx.ts';
import styles from './table.module.css';

/** A filter by several values, which takes no more room for many than for one. */
export function FilterSelect(props: {
  readonly label: string;
  readonly entries: readonly { readonly id: string; readonly name: string }[];
  readonly value: readonly string[];
  readonly onChange: (ids: string[]) => void;
}) {
  const { value, entries } = props;
  const count = value.length;
  const first = entries.find((entry) => entry.id === value[0])?.name ?? value[0] ?? '';
  return (
    <MultiSelect
      size="xs"
      aria-label={props.label}
      placeholder={count === 0 ? props.label : count === 1 ? first : `${first} +${count - 1}`}
      data={entries.map((entry) => ({ value: entry.id, label: entry.name }))}
      value={[...value]}
      onChange={props.onChange}
      classNames={{
        pill: styles.pill ?? '',
        root: cx(styles.filter, count > 0 && styles.on),
      }}
      comboboxProps={{ width: 'var(--lk-filter-list)', position: 'bottom-start' }}
      searchable={entries.length > 8}
      nothingFoundMessage={texts.tables.nothingFound}
    />
  );
}
